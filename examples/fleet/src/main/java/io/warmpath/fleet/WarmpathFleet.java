package io.warmpath.fleet;

import io.warmpath.fleet.demo.Demo;
import io.warmpath.fleet.soak.Soak;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The main class of {@code warmpath-fleet.jar}. */
@Command(
    name = "warmpath-fleet",
    description = "Simulated engines for Warmpath, and what can be done with them.",
    subcommands = {Demo.class, Serve.class, Soak.class},
    mixinStandardHelpOptions = true)
public final class WarmpathFleet {

  private WarmpathFleet() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    Logger.getLogger("").setLevel(Level.SEVERE);
    System.exit(new CommandLine(new WarmpathFleet()).execute(args));
  }
}
