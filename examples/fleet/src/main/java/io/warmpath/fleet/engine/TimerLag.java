package io.warmpath.fleet.engine;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of timer lag with eight buckets to a power of two.
 *
 * <p><b>Threads:</b> one records, any read; a reader may miss the samples in flight. <b>Cost:</b> O(1) per sample, no
 * allocation.
 */
final class TimerLag {

  private static final int SUB_BITS = 3;
  private static final int SUB = 1 << SUB_BITS;
  private static final int BUCKETS = 64 * SUB;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final AtomicLong lagNanos = new AtomicLong();
  private final AtomicLong stepNanos = new AtomicLong();
  private final AtomicLong maxNanos = new AtomicLong();

  /** A step of {@code step} real nanoseconds ended {@code lag} after its time; early counts as on time. */
  void record(long lag, long step) {
    long late = Math.max(0, lag);
    int bucket = bucket(late);
    counts.lazySet(bucket, counts.get(bucket) + 1);
    lagNanos.lazySet(lagNanos.get() + late);
    stepNanos.lazySet(stepNanos.get() + step);
    if (late > maxNanos.get()) {
      maxNanos.lazySet(late);
    }
  }

  LagStats stats() {
    return stats(List.of(this));
  }

  /** {@return the lag of several engines as one} */
  static LagStats stats(Collection<TimerLag> engines) {
    long[] counts = new long[BUCKETS];
    long lag = 0;
    long step = 0;
    long max = 0;
    for (TimerLag engine : engines) {
      for (int i = 0; i < BUCKETS; i++) {
        counts[i] += engine.counts.get(i);
      }
      lag += engine.lagNanos.get();
      step += engine.stepNanos.get();
      max = Math.max(max, engine.maxNanos.get());
    }
    long steps = Arrays.stream(counts).sum();
    return new LagStats(
        steps,
        quantile(counts, steps, 0.50, max),
        quantile(counts, steps, 0.99, max),
        max,
        step == 0 ? 0 : (double) lag / step);
  }

  private static long quantile(long[] counts, long steps, double q, long max) {
    long rank = (long) Math.ceil(q * steps);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank && seen > 0) {
        return Math.min(max, upperBound(i));
      }
    }
    return 0;
  }

  private static int bucket(long nanos) {
    if (nanos < SUB) {
      return (int) nanos;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    int sub = (int) (nanos >>> (exponent - SUB_BITS)) & (SUB - 1);
    return (exponent - SUB_BITS + 1) * SUB + sub;
  }

  private static long upperBound(int bucket) {
    if (bucket < SUB) {
      return bucket;
    }
    int shift = bucket / SUB - 1;
    return ((SUB + bucket % SUB + 1L) << shift) - 1;
  }
}
