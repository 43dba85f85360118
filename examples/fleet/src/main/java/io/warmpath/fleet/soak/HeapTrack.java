package io.warmpath.fleet.soak;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the heap holds after a collection, again and again while a soak runs.
 *
 * <p>The first sixth of the time is left out, when classes and caches fill. Of the rest the median of the last third
 * must not be above that of the first third by more than 10 % and 3 MiB: what is in flight varies by less than that,
 * and medians do not care for one sample that met a full queue.
 *
 * <p><b>Threads:</b> one samples; the rest is for after it has ended.
 */
final class HeapTrack implements Runnable {

  static final double ALLOWED_SHARE = 0.10;
  static final long ALLOWED_BYTES = 3 << 20;

  private static final int SAMPLES = 24;
  private static final int LEFT_OUT = 5;

  private final long lengthMillis;
  private final CountDownLatch stop;
  private final List<Long> samples = new CopyOnWriteArrayList<>();

  HeapTrack(long lengthMillis, CountDownLatch stop) {
    this.lengthMillis = lengthMillis;
    this.stop = stop;
  }

  @Override
  public void run() {
    long everyMillis = lengthMillis / (SAMPLES + LEFT_OUT + 1);
    try {
      boolean stopped = stop.await(everyMillis * LEFT_OUT, TimeUnit.MILLISECONDS);
      while (!stopped) {
        System.gc();
        samples.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        stopped = stop.await(everyMillis, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Growth growth() {
    return growth(List.copyOf(samples));
  }

  /** {@return the growth in samples that were taken one after the other, at least three} */
  static Growth growth(List<Long> samples) {
    int third = samples.size() / 3;
    return new Growth(
        median(samples.subList(0, third)),
        median(samples.subList(samples.size() - third, samples.size())));
  }

  private static long median(List<Long> samples) {
    return samples.isEmpty() ? 0 : samples.stream().sorted().toList().get(samples.size() / 2);
  }

  /**
   * The medians that are compared.
   *
   * @param first bytes, in the first third
   * @param last bytes, in the last third
   */
  record Growth(long first, long last) {

    boolean isFlat() {
      return first > 0 && last <= first * (1 + ALLOWED_SHARE) + ALLOWED_BYTES;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.1f MiB in the first third, %.1f MiB in the last",
          first / (double) (1 << 20),
          last / (double) (1 << 20));
    }
  }
}
