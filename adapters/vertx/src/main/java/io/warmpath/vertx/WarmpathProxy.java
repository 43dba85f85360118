package io.warmpath.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.warmpath.Router;
import io.warmpath.RouterBuilder;
import io.warmpath.engine.EndpointSpec;
import io.warmpath.engine.PoolWiring;
import io.warmpath.scorers.profile.Profiles;
import io.warmpath.tokenizers.ChatTemplates;
import io.warmpath.tokenizers.Tokenizers;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
    versionProvider = WarmpathProxy.Version.class,
    sortOptions = false,
    description = "Sends OpenAI requests to the engine that has their prompt cached.")
public final class WarmpathProxy implements Callable<Integer> {

  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration BLOCK_SIZE_WAIT = Duration.ofSeconds(5);
  private static final Duration START_LIMIT = Duration.ofSeconds(10);

  /** Score lines that may wait while nobody reads stdout; further ones are dropped and counted. */
  private static final int MAX_WAITING_LINES = 4096;

  /** Large prompts that may wait for a thread; further ones are answered 503. */
  private static final int MAX_WAITING_PROMPTS = 1024;

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
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "Folder with the model's tokenizer.json and chat template. Without it, only"
          + " prompts given as token ids match caches; the rest is routed by load.")
  private @Nullable Path tokenizer;

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
      names = "--block-size",
      paramLabel = "TOKENS",
      description = "Tokens per KV block; default: what the engines say.")
  private @Nullable Integer blockSize;

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

  @Option(
      names = "--model-adapter",
      arity = "1..*",
      paramLabel = "NAME",
      description = "Model names that are LoRA adapters of the base model.")
  private List<String> adapters = new ArrayList<>();

  @Option(
      names = "--secret",
      paramLabel = "NUMBER",
      converter = SecretConverter.class,
      description = "64-bit seed of the block hashes, decimal or 0x…; default random.")
  private @Nullable Long secret;

  @Option(
      names = "--log-scores",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Print one line with the pods' scores for each request; default true.")
  private boolean logScores = true;

  @Spec
  private @Nullable CommandSpec spec;

  private final PrintStream out;

  /** Prints the score lines, because a pipe that nobody reads blocks whoever prints to it. */
  private final ExecutorService printer = daemons("warmpath-scores", 1, MAX_WAITING_LINES);

  private WarmpathProxy(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the proxy until it is told to stop.
   *
   * @param args options; {@code --help} lists them
   */
  public static void main(String[] args) {
    if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
      System.setProperty(
          "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT %4$s %3$s: %5$s%6$s%n");
    }
    LEVELS.forEach(Logger::setLevel);
    System.exit(new CommandLine(new WarmpathProxy(System.out))
        .setParameterExceptionHandler((failure, arguments) -> {
          CommandLine command = failure.getCommandLine();
          PrintWriter errors = command.getErr();
          errors.println(failure.getMessage());
          CommandLine.UnmatchedArgumentException.printSuggestions(failure, errors);
          errors.println("'warmpath-proxy --help' lists the options");
          return command.getCommandSpec().exitCodeOnInvalidInput();
        })
        .setExecutionExceptionHandler((failure, command, parsed) -> {
          command.getErr().println("warmpath-proxy: " + failure.getMessage());
          return command.getCommandSpec().exitCodeOnExecutionException();
        })
        .execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, TimeoutException {
    int processors = Runtime.getRuntime().availableProcessors();
    ExecutorService executor = daemons("warmpath-prompts", processors, MAX_WAITING_PROMPTS);
    Router router = router(executor);
    PoolWiring wiring = new PoolWiring(router);
    ProxyOptions options = options(wiring);
    for (EndpointSpec endpoint : endpoints) {
      invalidIf("--endpoint", () -> wiring.add(endpoint));
    }
    boolean known = await(wiring.learnBlockSize(BLOCK_SIZE_WAIT).toCompletableFuture());
    Vertx vertx = Vertx.vertx(new VertxOptions()
        .setFileSystemOptions(new FileSystemOptions()
            .setFileCachingEnabled(false)
            .setClassPathResolvingEnabled(false)));
    ProxyServer server = await(ProxyServer.start(vertx, router, options)
        .recover(failure -> Future.failedFuture(new IOException(
            "cannot listen on " + host + ":" + port + ": " + failure.getMessage(), failure)))
        .toCompletionStage()
        .toCompletableFuture());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, wiring), "warmpath-stop"));
    if (tokenizer == null) {
      out.println("no --tokenizer: prompts given as token ids match caches, the rest is routed by"
          + " load");
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

  private Router router(ExecutorService executor) throws IOException {
    RouterBuilder builder = Router.builder().profile(Profiles.standard()).executor(executor);
    if (tokenizer != null) {
      Path folder = tokenizer;
      try {
        builder.tokenizer(Tokenizers.load(folder)).template(ChatTemplates.load(folder));
      } catch (IOException | IllegalArgumentException e) {
        throw new ParameterException(
            commandLine(),
            "Invalid value for option '--tokenizer': " + folder
                + " must be a folder with a tokenizer.json and a chat template that can be read; "
                + e.getMessage(),
            e);
      }
    }
    if (blockSize != null) {
      int tokens = blockSize;
      invalidIf("--block-size", () -> builder.blockSize(tokens));
    }
    adapters.forEach(builder::adapter);
    if (secret != null) {
      builder.secret(secret);
    }
    return builder.build();
  }

  private ProxyOptions options(PoolWiring wiring) {
    ProxyOptions.Builder builder = ProxyOptions.builder().engineStats(wiring::stats);
    if (logScores) {
      builder.scores(line -> printer.execute(() -> out.println(line)));
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
    try {
      setting.run();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          commandLine(), "Invalid value for option '" + option + "': " + e.getMessage(), e);
    }
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("picocli did not set the command");
    }
    return spec.commandLine();
  }

  private static ExecutorService daemons(String name, int threads, int maxWaiting) {
    return new ThreadPoolExecutor(
        threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(maxWaiting), task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  private static <T> T await(CompletableFuture<T> future)
      throws IOException, InterruptedException, TimeoutException {
    try {
      return future.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** Runs as the JVM's shutdown hook; halting there makes the exit status 0 instead of 143. */
  private void stop(ProxyServer server, PoolWiring wiring) {
    try {
      server
          .close(DRAIN)
          .toCompletionStage()
          .toCompletableFuture()
          .get(DRAIN.toSeconds() + 2, TimeUnit.SECONDS);
      printer.shutdown();
      if (!printer.awaitTermination(1, TimeUnit.SECONDS)) {
        System.err.println("warmpath-proxy: nobody reads the score lines; the last ones are lost");
      }
    } catch (ExecutionException | TimeoutException e) {
      System.err.println("warmpath-proxy: did not close in time: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    wiring.close();
    Runtime.getRuntime().halt(0);
  }

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = WarmpathProxy.class.getPackage().getImplementationVersion();
      return new String[] {"warmpath-proxy " + (version == null ? "(not from its jar)" : version)};
    }
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

  /** Text such as {@code 60s} to a duration. */
  private static final class DurationConverter implements CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        if (text.endsWith("ms")) {
          return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
        }
        if (text.endsWith("s")) {
          return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
        }
        if (text.endsWith("m")) {
          return Duration.ofMinutes(Long.parseLong(text.substring(0, text.length() - 1)));
        }
      } catch (ArithmeticException | NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' is no time; write 500ms, 60s or 2m");
      }
      throw new TypeConversionException("'" + text + "' has no unit; write 500ms, 60s or 2m");
    }
  }

  /** A decimal or hexadecimal number of 64 bits. */
  private static final class SecretConverter implements CommandLine.ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return text.startsWith("0x")
            ? Long.parseUnsignedLong(text.substring(2), 16)
            : Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text
            + "' is no 64-bit number; write decimal digits, or 0x and 1 to 16 hex digits");
      }
    }
  }
}
