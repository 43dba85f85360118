package io.warmpath.jmh;

import io.warmpath.index.PrefixMatch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;

/**
 * Everything at the time that the trace gives, scaled into a window: Dynamo's corrected method (its
 * {@code lib/bench/kv_router/INDEXER_BENCH.md}, crate dynamo-bench, v1.6.1).
 *
 * <p>Two lanes, one for look-ups and one for changes, each with its deadlines fixed beforehand. A lane
 * sleeps, then spins, until the next deadline, and never leaves anything out. If it is behind, its
 * operations wait, and that counts: end-to-end is from the deadline to completion, so no omission is
 * coordinated; service is from the start to completion, and queue wait is what lies between. The clock
 * stops when the last operation of both lanes is complete. Other than in Dynamo's, a lane starts what
 * it executes: here calls run on the caller's thread, so what it is late with shows as queue wait.
 */
final class DeadlineReplay {

  /** Sleeping wakes up late by some 60 us; Dynamo spins 75 to 100. */
  private static final long SPIN_NANOS = 200_000;

  /** For both lanes to be there when the first deadline comes. */
  private static final long HEAD_START_NANOS = 20_000_000;

  /** Completion beyond this part of the window is not keeping up (Dynamo's number). */
  private static final double LATEST = 1.10;

  /** One lane's times, in nanoseconds; for its own thread until it is done. */
  static final class Lane {
    final Histogram service = ReplayClock.histogram();
    final Histogram wait = ReplayClock.histogram();
    final Histogram endToEnd = ReplayClock.histogram();
    long lastStart;
    long lastCompletion;

    /**
     * Does everything at its time.
     *
     * @param prepared called before an operation's deadline is waited for; not timed, but as late as it
     *     makes the operation
     */
    void run(
        double[] times, long start, long windowNanos, IntConsumer prepared, IntConsumer operation) {
      for (int r = 0; r < times.length; r++) {
        prepared.accept(r);
        long deadline = start + (long) (times[r] * windowNanos);
        await(deadline);
        long begun = System.nanoTime();
        operation.accept(r);
        long done = System.nanoTime();
        service.recordValue(done - begun);
        wait.recordValue(begun - deadline);
        endToEnd.recordValue(done - deadline);
        lastStart = begun - start;
        lastCompletion = done - start;
      }
    }

    private static void await(long deadline) {
      long left = deadline - System.nanoTime();
      while (left > 0) {
        if (left > SPIN_NANOS) {
          LockSupport.parkNanos(left - SPIN_NANOS);
        } else {
          Thread.onSpinWait();
        }
        left = deadline - System.nanoTime();
      }
    }

    Map<String, Object> summary() {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("service_ns", ReplayClock.summary(service));
      summary.put("queue_wait_ns", ReplayClock.summary(wait));
      summary.put("end_to_end_ns", ReplayClock.summary(endToEnd));
      return summary;
    }
  }

  final Lane lookups = new Lane();
  final Lane changes = new Lane();

  /** Blocks found by all look-ups, so that none is optimised away. */
  long found;

  private long windowNanos;

  void run(ReplayOps ops, ReplayTarget target, double seconds) {
    windowNanos = (long) (seconds * 1e9);
    PrefixMatch match = new PrefixMatch();
    HashedPrompt prompt = new HashedPrompt();
    long start = System.nanoTime() + HEAD_START_NANOS;
    ReplayLanes.run(
        () -> lookups.run(ops.times, start, windowNanos, r -> prompt.take(ops.chains[r]), r -> {
          target.index().match(prompt.hashes, 0, prompt.length, match);
          found += match.longest();
        }),
        () -> changes.run(
            ops.times,
            start,
            windowNanos,
            r -> {},
            r -> ops.apply(target.index(), target.holders(), r)));
  }

  /** {@return rates by logical operations and by block operations, and the times of both lanes} */
  Map<String, Object> summary(ReplayOps ops) {
    long issueNanos = Math.max(lookups.lastStart, changes.lastStart);
    long completionNanos = Math.max(lookups.lastCompletion, changes.lastCompletion);
    long logical = ops.requests() + ops.changes();
    long blocks = ops.lookedUpBlocks + ops.changedBlocks();
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("window_ns", windowNanos);
    summary.put("completion_ns", completionNanos);
    summary.put("kept_up", completionNanos <= LATEST * windowNanos);
    summary.put("ops_per_s", rates(logical, issueNanos, completionNanos));
    summary.put("block_ops_per_s", rates(blocks, issueNanos, completionNanos));
    summary.put("lookups", lookups.summary());
    summary.put("changes", changes.summary());
    return summary;
  }

  private Map<String, Object> rates(long operations, long issueNanos, long completionNanos) {
    Map<String, Object> rates = new LinkedHashMap<>();
    rates.put("offered", Math.round(operations * 1e9 / windowNanos));
    rates.put("issued", Math.round(operations * 1e9 / issueNanos));
    rates.put("achieved", Math.round(operations * 1e9 / completionNanos));
    return rates;
  }
}
