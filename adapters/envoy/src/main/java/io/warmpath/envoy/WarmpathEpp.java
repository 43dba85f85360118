package io.warmpath.envoy;

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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The endpoint picker as a program: {@code java -jar warmpath-epp.jar --endpoints-file FILE --tokenizer
 * DIR}. Options that llm-d's picker has too are named as there.
 *
 * <p>It prints one line when it is ready. On SIGTERM and SIGINT health checks fail at once and requests
 * are served until none is open, or for the drain time; the exit status is 0 then. Wrong options exit
 * with 2, a failed start with 1.
 */
@Command(
    name = "warmpath-epp",
    mixinStandardHelpOptions = true,
    versionProvider = ManifestVersion.class,
    sortOptions = false,
    description = "Tells Envoy which engine has the prompt of each request cached.")
public final class WarmpathEpp implements Callable<Integer> {

  private static final Duration BLOCK_SIZE_WAIT = Duration.ofSeconds(5);

  /** What is logged below these levels is told by {@code /stats} as well. */
  private static final Map<Logger, Level> LEVELS = Map.of(
      Logger.getLogger("io.warmpath"), Level.WARNING, Logger.getLogger("io.grpc"), Level.SEVERE);

  @Option(
      names = "--endpoints-file",
      required = true,
      paramLabel = "FILE",
      description = "The engines, in the format of llm-d's file discovery.")
  private Path endpointsFile = Path.of("");

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on; default ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(
      names = "--grpc-port",
      paramLabel = "N",
      defaultValue = "" + PickerAddress.DEFAULT_PORT,
      description = "Port for Envoy; default ${DEFAULT-VALUE}, 0 takes a free one.")
  private int port;

  @Option(
      names = "--grpc-health-port",
      paramLabel = "N",
      defaultValue = "" + PickerAddress.DEFAULT_HEALTH_PORT,
      description = "Port for gRPC health checks; default ${DEFAULT-VALUE}.")
  private int healthPort;

  @Option(
      names = "--metrics-port",
      paramLabel = "N",
      defaultValue = "" + PickerAddress.DEFAULT_STATS_PORT,
      description = "Port of GET /stats, the counters; default ${DEFAULT-VALUE}.")
  private int statsPort;

  @Option(
      names = "--max-endpoints",
      paramLabel = "N",
      defaultValue = "" + PickerOptions.DEFAULT_MAX_ENDPOINTS,
      description = "Most endpoints named for a request, best first; more than one needs Envoy's"
          + " override_host load balancing. Default ${DEFAULT-VALUE}.")
  private int maxEndpoints;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      defaultValue = "" + PickerOptions.DEFAULT_MAX_BODY_BYTES,
      description = "Longest request body; default ${DEFAULT-VALUE}.")
  private int maxBody;

  @Option(
      names = "--idle-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description = "Longest silence inside an answer, such as 500ms, 60s, 2m; default"
          + " ${DEFAULT-VALUE}.")
  private Duration idleTimeout = PickerOptions.DEFAULT_IDLE_TIMEOUT;

  @Option(
      names = "--first-byte-timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = DurationConverter.class,
      description = "Longest wait for the first byte of an answer; default ${DEFAULT-VALUE}.")
  private Duration firstByteTimeout = PickerOptions.DEFAULT_FIRST_BYTE_TIMEOUT;

  @Option(
      names = "--drain-timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long requests are served after SIGTERM; default ${DEFAULT-VALUE}.")
  private Duration drainTimeout = Duration.ofSeconds(30);

  @Mixin
  private PoolOptions pool = new PoolOptions();

  @Spec
  private @Nullable CommandSpec spec;

  private final PrintStream out;

  private WarmpathEpp(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the picker until it is told to stop.
   *
   * @param args options; {@code --help} lists them
   */
  public static void main(String[] args) {
    Launcher.run(new WarmpathEpp(System.out), LEVELS, args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException, TimeoutException {
    ExecutorService threads = Launcher.promptThreads();
    ScoreLines scores = new ScoreLines(out);
    PickerAddress address = address();
    PickerOptions options = options(threads, scores);
    List<EndpointSpec> endpoints = endpoints();
    Router router = pool.router(threads);
    Snapshots snapshots =
        pool.snapshots(router, endpoints.stream().map(EndpointSpec::endpoint).toList());
    PoolWiring wiring = new PoolWiring(router);
    endpoints.forEach(wiring::add);
    boolean known = Launcher.await(wiring.learnBlockSize(BLOCK_SIZE_WAIT).toCompletableFuture());
    PickerServer server =
        start(router, address, options, () -> pool.beside(snapshots.beside(wiring.stats())));
    Launcher.onStop(() -> stop(server, wiring, scores, snapshots));
    if (!pool.warning().isEmpty()) {
      out.println(pool.warning());
    }
    PickerAddress bound = server.address();
    out.println(
        "warmpath-epp ready on " + host + ":" + bound.port() + " (health " + bound.healthPort()
            + ", stats http://" + host + ":" + bound.statsPort() + "/stats), " + endpoints.size()
            + (endpoints.size() == 1 ? " endpoint" : " endpoints") + ", block size "
            + (known
                ? String.valueOf(router.blockSize().tokens())
                : "not known yet (the first engine to come up tells)"));
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  private List<EndpointSpec> endpoints() throws IOException {
    try {
      return EndpointsFile.read(endpointsFile);
    } catch (NoSuchFileException e) {
      throw Launcher.invalid(
          spec(), "--endpoints-file", endpointsFile + ": there is no such file", e);
    } catch (IllegalArgumentException e) {
      throw Launcher.invalid(spec(), "--endpoints-file", String.valueOf(e.getMessage()), e);
    }
  }

  private PickerAddress address() {
    // Checked one by one, so that the option at fault is named.
    invalidIf("--host", () -> new PickerAddress(host, 0, 0, 0));
    invalidIf("--grpc-port", () -> new PickerAddress(host, port, 0, 0));
    invalidIf("--grpc-health-port", () -> new PickerAddress(host, 0, healthPort, 0));
    invalidIf("--metrics-port", () -> new PickerAddress(host, 0, 0, statsPort));
    return new PickerAddress(host, port, healthPort, statsPort);
  }

  private PickerOptions options(ExecutorService threads, ScoreLines scores) {
    PickerOptions.Builder builder = PickerOptions.builder().executor(threads);
    if (pool.logScores()) {
      builder.scores(scores);
    }
    invalidIf("--max-endpoints", () -> builder.maxEndpoints(maxEndpoints).build());
    invalidIf("--max-body", () -> builder.maxBodyBytes(maxBody).build());
    invalidIf("--idle-timeout", () -> builder.idleTimeout(idleTimeout).build());
    invalidIf(
        "--first-byte-timeout", () -> builder.firstByteTimeout(firstByteTimeout).build());
    return builder.build();
  }

  private void invalidIf(String option, Runnable setting) {
    Launcher.invalidIf(spec(), option, setting);
  }

  private static PickerServer start(
      Router router,
      PickerAddress address,
      PickerOptions options,
      Supplier<Map<String, Object>> engineStats)
      throws IOException {
    try {
      return PickerServer.start(router, address, options, engineStats);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli did not set the command");
    }
    return spec;
  }

  private void stop(
      PickerServer server, PoolWiring wiring, ScoreLines scores, Snapshots snapshots) {
    server.close(drainTimeout);
    scores.close();
    snapshots.close();
    wiring.close();
  }
}
