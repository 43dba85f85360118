package io.warmpath.fleet.demo;

import io.warmpath.scorers.profile.Profiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job: eight simulated pods, one proxy, one prompt twice, and four policies compared. */
@Command(
    name = "demo",
    description =
        "Eight simulated pods and a proxy: one prompt twice, then four routing policies compared.",
    mixinStandardHelpOptions = true)
public final class Demo implements Callable<Integer> {

  private static final long SEED = 42;
  private static final double RATE = 24;
  private static final double TRACE_RATE = 8;
  private static final double SECONDS = 6;
  private static final double TRACE_SECONDS = 12;

  @Option(
      names = "--stay",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Keep the fleet and the proxy up afterwards.")
  private boolean stay;

  @Option(
      names = "--json",
      defaultValue = "",
      description = "Also write the table as JSON to this file.")
  private String json = "";

  @Option(
      names = "--trace",
      defaultValue = "",
      description =
          "Play this trace in the Mooncake format (JSON lines) instead of the made-up workload.")
  private String trace = "";

  @Option(
      names = "--pods",
      defaultValue = "8",
      description = "Simulated pods (default: ${DEFAULT-VALUE}).")
  private int pods = 8;

  @Option(
      names = "--rate",
      description = "Requests a simulated second (default: " + RATE + ", " + TRACE_RATE
          + " for a trace, whose prompts are longer).")
  private @Nullable Double rate;

  @Option(
      names = "--seconds",
      description = "Simulated seconds of arrivals for each policy (default: " + SECONDS + ", "
          + TRACE_SECONDS + " for a trace).")
  private @Nullable Double seconds;

  @Option(
      names = "--time-scale",
      defaultValue = "0.5",
      description =
          "Simulated seconds a real second, at most (default: ${DEFAULT-VALUE}); less where"
              + " this machine's timers are late.")
  private double timeScale = 0.5;

  private final Screen screen;

  /** Creates the demo with its defaults; picocli sets the options. */
  @SuppressWarnings(
      "SystemConsoleNull") // pom.xml sets jdk.console, for which it means a terminal again
  public Demo() {
    this(new Screen(System.out, System.console() != null));
  }

  Demo(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      return run();
    } catch (IOException | IllegalArgumentException e) {
      screen.line("warmpath demo: " + e.getMessage());
      return 1;
    }
  }

  private int run() throws IOException, InterruptedException {
    if (pods < 1 || !(timeScale > 0)) {
      throw new IllegalArgumentException("--pods must be at least 1, and --time-scale above 0");
    }
    try (Stage stage = Stage.set(pods)) {
      screen.line(pods + " simulated pods (Qwen3-32B on two H100 each) and a proxy, on free ports"
          + " of this machine.");
      screen.line("");
      WalkThrough walk = new WalkThrough();
      boolean walked = walk(stage, walk);
      screen.line("");
      compare(stage, walk.lines());
      screen.line("");
      screen.line(
          "Next: README.md embeds the router in ten lines; docs/architecture.md shows both paths;");
      screen.line(
          "      java -jar adapters/vertx/target/warmpath-proxy.jar --help routes to your own engines.");
      if (stay) {
        stay(stage);
      }
      return walked ? 0 : 1;
    }
  }

  private boolean walk(Stage stage, WalkThrough walk) throws IOException, InterruptedException {
    screen.line("== One prompt, twice");
    try (Fleet fleet = stage.fleet(1);
        DemoProxy proxy = stage.proxy(fleet, Profiles.standard(), walk::scores)) {
      return walk.run(screen, proxy.port());
    }
  }

  private void compare(Stage stage, List<String> scoreLines)
      throws IOException, InterruptedException {
    screen.line("== " + Policy.values().length + " policies, the same requests at the same times");
    boolean made = trace.isBlank();
    WorkloadSource source = made
        ? new SharedPrefixWorkload(stage.engineTokenizer(), Fleet.MODEL, SEED)
        : new MooncakeTrace(Path.of(trace), stage.engineTokenizer(), Fleet.MODEL);
    Comparison.Played played = new Comparison(stage, screen)
        .play(
            source,
            orDefault("--rate", rate, made ? RATE : TRACE_RATE),
            orDefault("--seconds", seconds, made ? SECONDS : TRACE_SECONDS),
            timeScale);
    Report.print(screen, played);
    if (!json.isBlank()) {
      Report.writeJson(Path.of(json), played, scoreLines);
      screen.line("Written: " + json);
    }
  }

  private static double orDefault(String option, @Nullable Double given, double otherwise) {
    if (given != null && !(given > 0)) {
      throw new IllegalArgumentException(option + " must be above 0, was " + given);
    }
    return given == null ? otherwise : given;
  }

  private void stay(Stage stage) throws InterruptedException {
    try (Fleet fleet = stage.fleet(1);
        DemoProxy proxy = stage.proxy(fleet, Profiles.standard(), screen::line)) {
      screen.line("");
      screen.line("The fleet stays up until you end it (Ctrl-C). Try, twice:");
      screen.line("curl -si http://127.0.0.1:" + proxy.port()
          + "/v1/chat/completions -H 'content-type: application/json' -d '{\"model\":\""
          + Fleet.MODEL
          + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
          + "Tell me about warm paths. ".repeat(8).strip()
          + "\"}]}'");
      new CountDownLatch(1).await();
    }
  }
}
