package io.warmpath.fleet.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A soak as a command: exit code 0 if nothing was lost. */
@Command(
    name = "soak",
    description = "Kill, revive, restart and drop simulated pods behind a proxy under clients that"
        + " come and go, and count what is lost.",
    mixinStandardHelpOptions = true)
public final class Soak implements Callable<Integer> {

  @Option(
      names = "--for",
      defaultValue = "5m",
      paramLabel = "TIME",
      description = "How long, such as 20s or 5m (default: ${DEFAULT-VALUE}).")
  private String length = "5m";

  @Option(
      names = "--pods",
      defaultValue = "" + SoakPlan.DEFAULT_PODS,
      description = "Simulated pods, at least 3 (default: ${DEFAULT-VALUE}).")
  private int pods = SoakPlan.DEFAULT_PODS;

  @Option(
      names = "--clients",
      defaultValue = "" + SoakPlan.DEFAULT_CLIENTS,
      description = "Clients that call all the time (default: ${DEFAULT-VALUE}).")
  private int clients = SoakPlan.DEFAULT_CLIENTS;

  @Option(
      names = "--seed",
      defaultValue = "" + SoakPlan.DEFAULT_SEED,
      description = "Of everything that is drawn (default: ${DEFAULT-VALUE}).")
  private long seed = SoakPlan.DEFAULT_SEED;

  private final PrintStream out;

  /** Creates the command with its defaults; picocli sets the options. */
  public Soak() {
    this(System.out);
  }

  Soak(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    SoakPlan plan;
    try {
      plan = new SoakPlan(SoakPlan.duration(length), pods, clients, seed);
    } catch (IllegalArgumentException e) {
      out.println("warmpath soak: " + e.getMessage());
      return 2;
    }
    SoakReport report = new SoakRun(plan).run();
    report.lines().forEach(out::println);
    return report.faults().isEmpty() ? 0 : 1;
  }
}
