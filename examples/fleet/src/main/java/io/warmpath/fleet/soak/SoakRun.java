package io.warmpath.fleet.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One soak from its start to its report. */
final class SoakRun {

  private static final int STALLERS = 2;
  private static final long OVERTIME_SECONDS = 60;
  private static final long OVERTIME_STEP_MILLIS = 200;
  private static final long JOIN_SECONDS = 90;
  private static final long QUIET_SECONDS = 15;
  private static final int MOST_LAST_CALLS = 50;

  private final SoakPlan plan;
  private final SplittableRandom random;
  private final Tally tally = new Tally();
  private final List<Thread> threads = new ArrayList<>();

  SoakRun(SoakPlan plan) {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed());
  }

  /** Runs it, clears away and counts. */
  SoakReport run() throws IOException, InterruptedException {
    Leftovers leftovers = new Leftovers();
    SoakReport report = runAndClose();
    // Of the fleet nothing is in reach any more, so that the JDK's HTTP client can end its thread.
    return report.with(leftovers.find());
  }

  private SoakReport runAndClose() throws IOException, InterruptedException {
    try (SoakFleet fleet = new SoakFleet(plan.pods())) {
      HeapTrack heap = soak(fleet);
      boolean recovered = isServing(fleet);
      awaitQuiet(fleet);
      SoakReport report = report(fleet, heap, recovered);
      return report.with(fleet.emptyIndex());
    }
  }

  private SoakReport report(SoakFleet fleet, HeapTrack heap, boolean recovered) {
    return new SoakReport(
        plan,
        tally,
        fleet.router().stats(),
        fleet.proxy().stats(),
        fleet.loadLeft(),
        recovered,
        fleet.router().index().stats(),
        heap.growth(),
        "");
  }

  private HeapTrack soak(SoakFleet fleet) throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    HeapTrack heap = new HeapTrack(plan.length().toMillis(), stop);
    for (int i = 0; i < plan.clients(); i++) {
      start("soak-client-" + i, caller(fleet, stop, false));
    }
    for (int i = 0; i < STALLERS; i++) {
      start("soak-staller-" + i, caller(fleet, stop, true));
    }
    start("soak-chaos", new Chaos(fleet, tally, stop, random.split()));
    start("soak-heap", heap);
    try {
      Thread.sleep(plan.length().toMillis());
      awaitAllSeen(fleet, heap);
    } finally {
      stop.countDown();
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(JOIN_SECONDS));
      }
    }
    return heap;
  }

  /** Goes on for a while where the machine was too slow for everything to have happened by now. */
  private void awaitAllSeen(SoakFleet fleet, HeapTrack heap) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(OVERTIME_SECONDS);
    while (!report(fleet, heap, true).unseen().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(OVERTIME_STEP_MILLIS);
    }
  }

  private Caller caller(SoakFleet fleet, CountDownLatch stop, boolean staller) {
    return new Caller(fleet, tally, stop, staller, random.split(), plan.seed());
  }

  private void start(String name, Runnable task) {
    Thread thread = new Thread(() -> guarded(name, task), name);
    thread.setDaemon(true);
    thread.start();
    threads.add(thread);
  }

  private void guarded(String name, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      tally.fault(tally.wrong, name + " ended early: " + e);
    }
  }

  /** {@return whether a row of calls is answered, now that nothing disturbs the pods} */
  private boolean isServing(SoakFleet fleet) {
    Conversations conversations = new Conversations(random.split(), plan.seed());
    try {
      Wire wire = new Wire(fleet.port(), 0);
      try {
        for (int i = 0; i < MOST_LAST_CALLS; i++) {
          Ask ask = conversations.next(i % 2 == 0);
          wire.send(ask);
          if (wire.head().status() != 200 || !ask.faultOf(wire.rest()).isEmpty()) {
            return false;
          }
        }
        return true;
      } finally {
        wire.close();
      }
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until the proxy has noticed that all clients have gone. */
  private static void awaitQuiet(SoakFleet fleet) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    while ((fleet.router().stats().inFlight() != 0 || fleet.loadLeft() != 0)
        && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
