package io.warmpath.fleet.engine;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** A Prometheus histogram of seconds. <b>Threads:</b> one records, any read; a reader may see a sample in part. */
final class LatencyHistogram {

  private final double[] bounds;
  private final AtomicLongArray counts;
  private final DoubleAdder sum = new DoubleAdder();

  LatencyHistogram(double... upperBounds) {
    bounds = upperBounds;
    counts = new AtomicLongArray(upperBounds.length + 1);
  }

  void record(double seconds) {
    int at = Arrays.binarySearch(bounds, seconds);
    int bucket = at >= 0 ? at : -at - 1;
    counts.lazySet(bucket, counts.get(bucket) + 1);
    sum.add(seconds);
  }

  double[] bounds() {
    return bounds;
  }

  /** {@return samples in bucket {@code i} alone; the last is that of +Inf} */
  long count(int i) {
    return counts.get(i);
  }

  double sum() {
    return sum.sum();
  }
}
