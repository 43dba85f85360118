package io.warmpath.jmh;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** How times are taken and told. */
final class ReplayClock {

  private static final long LONGEST_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 3;
  private static final int TRIES = 10_001;

  private ReplayClock() {}

  /** {@return for times up to an hour, in nanoseconds; allocates nothing while it records} */
  static Histogram histogram() {
    return new Histogram(LONGEST_NANOS, DIGITS);
  }

  /** {@return what two readings of the clock cost: it is in every time, and is not taken off} */
  static long timerNanos() {
    long[] costs = new long[TRIES];
    for (int i = 0; i < TRIES; i++) {
      long start = System.nanoTime();
      costs[i] = System.nanoTime() - start;
    }
    Arrays.sort(costs);
    return costs[TRIES / 2];
  }

  /** {@return percentiles and more, by name, in nanoseconds} */
  static Map<String, Object> summary(Histogram times) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("p50", times.getValueAtPercentile(50));
    summary.put("p90", times.getValueAtPercentile(90));
    summary.put("p99", times.getValueAtPercentile(99));
    summary.put("p999", times.getValueAtPercentile(99.9));
    summary.put("max", times.getMaxValue());
    summary.put("mean", Math.round(times.getMean()));
    summary.put("count", times.getTotalCount());
    return summary;
  }
}
