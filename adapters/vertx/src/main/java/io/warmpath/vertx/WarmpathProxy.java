package io.warmpath.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.warmpath.Router;
import io.warmpath.engine.EndpointSpec;
import io.warmpath.engine.PoolWiring;
import io.warmpath.launcher.DurationConverter;
import io.warmpath.launcher.Launcher;
import io.warmpath.launcher.ManifestVersion;
import io.warmpath.launcher.PoolOptions;
import io.warmpath.launcher.ScoreLines;
import io.warmpath.launcher.Snapshots;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The proxy as a program: {@code java -jar warmpath-proxy.jar --endpoint URL … --tokenizer DIR --port N}.
 *
 * <p>It prints one line when it is ready. SIGTERM and SIGINT let running requests end for up to 10 s;
 * the exit status is 0 then. Wrong options exit with 2, a failed start with 1.
 */
@Command(
    name = "warmpath-proxy",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    sortOptions = false,
    description = "Sends OpenAI requests to the engine that has their prompt cached.")
public final class WarmpathProxy implements Callable<Integer> {

  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration BLOCK_SIZE_WAIT = Duration.ofSeconds(5);
  /**
   * What is logged below these levels is told by {@code /stats} as well. Held, because the log manager
   * forgets the levels of loggers that nobody holds.
   */
  private static final Map<Logger, Level> LEVELS = Map.of(
      Logger.getLogger("io.warmpath"), Level.WARNING,
      Logger.getLogger("io.vertx"), Level.SEVERE,
      Logger.getLogger("io.netty"), Level.SEVERE);

  @Option(
      names = "--endpoint",
      required = true,
      arity = "1",
      converter = EndpointConverter.class,
      paramLabel = "URL[,kv-events=tcp://HOST:PORT[,replay=tcp://HOST:PORT]]",
      description =
          "An engine: http://HOST:PORT, and where it publishes its KV events. Repeat it for"
              + " each engine.")
  private List<EndpointSpec> endpoints = new ArrayList<>();

  @Option(
      names = "--port",
      required = true,
      paramLabel = "N",
      description = "TCP port to listen on; 0 takes a free one.")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = ProxyOptions.DEFAULT_HOST,
      description = "Address to listen on; default ${DEFAULT-VALUE}.")
  private String host = ProxyOptions.DEFAULT_HOST;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      defaultValue = "" + ProxyOptions.DEFAULT_MAX_BODY_BYTES,
      description = "Longest request body; default ${DEFAULT-VALUE}.")
  private int maxBody = ProxyOptions.DEFAULT_MAX_BODY_BYTES;

  @Option(
      names = "--idle-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description = "Longest silence inside an answer, such as 500ms, 60s, 2m; default"
          + " ${DEFAULT-VALUE}.")
  private Duration idleTimeout = ProxyOptions.DEFAULT_IDLE_TIMEOUT;

  @Option(
      names = "--first-byte-timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = DurationConverter.class,
      description = "Longest wait for the first byte of an answer; default ${DEFAULT-VALUE}.")
  private Duration firstByteTimeout = ProxyOptions.DEFAULT_FIRST_BYTE_TIMEOUT;

  @Mixin
  private PoolOptions pool = new PoolOptions();

  @Spec
  private @Nullable CommandSpec spec;

  private final PrintStream out;

  private WarmpathProxy(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the proxy until it is told to stop.
   *
   * @param args options; {@code --help} lists them
   */
  public static void main(String[] args) {
    Launcher.run(new WarmpathProxy(System.out), LEVELS, args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException, TimeoutException {
    Router router = pool.router(Launcher.promptThreads());
    Snapshots snapshots =
        pool.snapshots(router, endpoints.stream().map(EndpointSpec::endpoint).toList());
    PoolWiring wiring = new PoolWiring(router);
    ScoreLines scores = new ScoreLines(out);
    ProxyOptions options = options(() -> pool.beside(snapshots.beside(wiring.stats())), scores);
    for (EndpointSpec endpoint : endpoints) {
      invalidIf("--endpoint", () -> wiring.add(endpoint));
    }
    boolean known = Launcher.await(wiring.learnBlockSize(BLOCK_SIZE_WAIT).toCompletableFuture());
    Vertx vertx = Vertx.vertx(new VertxOptions()
        .setFileSystemOptions(new FileSystemOptions()
            .setFileCachingEnabled(false)
            .setClassPathResolvingEnabled(false)));
    ProxyServer server = Launcher.await(ProxyServer.start(vertx, router, options)
        .recover(failure -> Future.failedFuture(new IOException(
            "cannot listen on " + host + ":" + port + ": " + failure.getMessage(), failure)))
        .toCompletionStage()
        .toCompletableFuture());
    Launcher.onStop(() -> stop(server, wiring, scores, snapshots));
    if (!pool.warning().isEmpty()) {
      out.println(pool.warning());
    }
    out.println("warmpath-proxy ready on http://" + inUri(host) + ":" + server.port() + ", "
        + endpoints.size() + (endpoints.size() == 1 ? " endpoint" : " endpoints") + ", block size "
        + (known
            ? String.valueOf(router.blockSize().tokens())
            : "not known yet (the first engine to come up tells)"));
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  private static String inUri(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private ProxyOptions options(Supplier<Map<String, Object>> engineStats, ScoreLines scores) {
    ProxyOptions.Builder builder = ProxyOptions.builder().engineStats(engineStats);
    if (pool.logScores()) {
      builder.scores(scores);
    }
    // Built after each option, so that the one at fault is named.
    invalidIf("--host", () -> builder.host(host).build());
    invalidIf("--port", () -> builder.port(port).build());
    invalidIf("--max-body", () -> builder.maxBodyBytes(maxBody).build());
    invalidIf("--idle-timeout", () -> builder.idleTimeout(idleTimeout).build());
    invalidIf(
        "--first-byte-timeout", () -> builder.firstByteTimeout(firstByteTimeout).build());
    return builder.build();
  }

  private void invalidIf(String option, Runnable setting) {
    Launcher.invalidIf(spec(), option, setting);
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli did not set the command");
    }
    return spec;
  }

  private static void stop(
      ProxyServer server, PoolWiring wiring, ScoreLines scores, Snapshots snapshots) {
    try {
      server
          .close(DRAIN)
          .toCompletionStage()
          .toCompletableFuture()
          .get(DRAIN.toSeconds() + 2, TimeUnit.SECONDS);
      scores.close();
    } catch (ExecutionException | TimeoutException e) {
      System.err.println("warmpath-proxy: did not close in time: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    snapshots.close();
    wiring.close();
  }

  /** Text to {@link EndpointSpec}. */
  private static final class EndpointConverter implements CommandLine.ITypeConverter<EndpointSpec> {
    @Override
    public EndpointSpec convert(String text) {
      try {
        return EndpointSpec.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
