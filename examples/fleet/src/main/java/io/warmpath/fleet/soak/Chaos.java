package io.warmpath.fleet.soak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Kills and revives pods, restarts engines, drops pods from the registry and adds them again.
 *
 * <p>Two pods are always left alone, and one of them for long, so that there are calls that take seconds. But every ten
 * seconds there is a blackout: all pods are dead for a moment, or, in turns, none is registered.
 *
 * <p><b>Threads:</b> one, its own.
 */
final class Chaos implements Runnable {

  private static final int LEFT_ALONE = 2;
  private static final int MIN_PAUSE_MILLIS = 150;
  private static final int MAX_PAUSE_MILLIS = 500;
  private static final int MIN_DOWN_MILLIS = 200;
  private static final int MAX_DOWN_MILLIS = 1_200;
  private static final long BLACKOUT_MILLIS = 400;
  private static final long FIRST_BLACKOUT_NANOS = TimeUnit.SECONDS.toNanos(4);
  private static final long BLACKOUT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final SoakFleet fleet;
  private final Tally tally;
  private final CountDownLatch stop;
  private final SplittableRandom random;
  private final Map<Pod, Long> backAt = new HashMap<>();
  private Pod spared;
  private long nextBlackout;
  private boolean dropsAll;

  Chaos(SoakFleet fleet, Tally tally, CountDownLatch stop, SplittableRandom random) {
    this.fleet = fleet;
    this.tally = tally;
    this.stop = stop;
    this.random = random;
    spared = fleet.pods().get(0);
    nextBlackout = fleet.clock().nanos() + FIRST_BLACKOUT_NANOS;
  }

  @Override
  public void run() {
    try {
      while (!stop.await(
          random.nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS), TimeUnit.MILLISECONDS)) {
        long now = fleet.clock().nanos();
        bringBackWhatIsDue(now);
        if (now > nextBlackout) {
          blackout();
          nextBlackout += BLACKOUT_EVERY_NANOS;
        } else {
          touchOne(now);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      bringBackWhatIsDue(Long.MAX_VALUE);
    }
  }

  private void touchOne(long now) {
    List<Pod> well = new ArrayList<>(fleet.pods());
    well.removeAll(backAt.keySet());
    if (well.size() <= LEFT_ALONE) {
      return;
    }
    well.remove(spared);
    Pod pod = well.get(random.nextInt(well.size()));
    int draw = random.nextInt(100);
    if (draw < 30) {
      tally.restarts.increment();
      pod.kill();
      pod.revive();
      return;
    }
    if (draw < 75) {
      kill(pod);
    } else {
      drop(pod);
    }
    long down = random.nextInt(MIN_DOWN_MILLIS, MAX_DOWN_MILLIS);
    backAt.put(pod, now + TimeUnit.MILLISECONDS.toNanos(down));
  }

  private void blackout() throws InterruptedException {
    tally.blackouts.increment();
    for (Pod pod : fleet.pods()) {
      if (dropsAll && pod.isRegistered()) {
        drop(pod);
      } else if (!dropsAll && pod.runs()) {
        kill(pod);
      }
      backAt.put(pod, 0L);
    }
    dropsAll = !dropsAll;
    spared = fleet.pods().get(random.nextInt(fleet.pods().size()));
    stop.await(BLACKOUT_MILLIS, TimeUnit.MILLISECONDS);
    bringBackWhatIsDue(Long.MAX_VALUE);
  }

  private void kill(Pod pod) {
    tally.kills.increment();
    pod.kill();
  }

  private void drop(Pod pod) {
    tally.drops.increment();
    pod.drop();
  }

  private void bringBackWhatIsDue(long now) {
    for (Pod pod : fleet.pods()) {
      if (backAt.getOrDefault(pod, Long.MAX_VALUE) <= now) {
        backAt.remove(pod);
        if (!pod.runs()) {
          pod.revive();
        }
        if (!pod.isRegistered()) {
          pod.addAgain();
        }
      }
    }
  }
}
