package io.warmpath.jmh;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Two things at the same time, on two threads. */
final class ReplayLanes {

  private ReplayLanes() {}

  /**
   * Runs one on this thread and one on another, until both are done.
   *
   * @throws IllegalStateException if one of them failed
   */
  static void run(Runnable here, Runnable there) {
    FutureTask<Void> task = new FutureTask<>(there, null);
    Thread thread = new Thread(task, "replay-lane");
    thread.setDaemon(true);
    thread.start();
    here.run();
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a lane of the replay failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the replay was interrupted", e);
    }
  }
}
