package io.warmpath.fleet.demo;

import java.util.Arrays;

/** Mean and percentiles of some numbers; NaN if there are none. */
final class Percentiles {

  private final double[] sorted;

  Percentiles(double[] values) {
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  double mean() {
    return Arrays.stream(sorted).average().orElse(Double.NaN);
  }

  /** {@return the smallest value that {@code share} of all values do not exceed} */
  double at(double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
  }
}
