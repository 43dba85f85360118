package io.warmpath.launcher;

import java.io.PrintStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Prints lines on a thread of its own, because a pipe that nobody reads blocks whoever prints to it.
 *
 * <p><b>Threads:</b> safe for any number; {@link #accept} never waits.
 */
public final class ScoreLines implements Consumer<String>, AutoCloseable {

  /** Lines that may wait while nobody reads. */
  private static final int MAX_WAITING = 4096;

  private final PrintStream out;
  private final ExecutorService printer = Launcher.daemons("warmpath-scores", 1, MAX_WAITING);

  /**
   * Starts the thread.
   *
   * @param out where lines go; stays open
   */
  public ScoreLines(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints a line soon.
   *
   * @param line without its line break
   * @throws RejectedExecutionException if 4096 lines wait already; hosts count it and go on
   */
  @Override
  public void accept(String line) {
    printer.execute(() -> out.println(line));
  }

  /** Prints what waits, for a second at most, and says so if that was not enough. */
  @Override
  public void close() {
    printer.shutdown();
    try {
      if (!printer.awaitTermination(1, TimeUnit.SECONDS)) {
        System.err.println("warmpath: nobody reads the score lines; the last ones are lost");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
