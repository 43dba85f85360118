package io.warmpath.jmh;

import io.warmpath.index.PrefixMatch;
import org.HdrHistogram.Histogram;

/**
 * One thread writes as fast as it can while another looks up.
 *
 * <p>The writer applies the changes of one request after the other; at the end of the trace all pods
 * are cleared and it starts over. The reader asks for each request once, when the writer begins with
 * the changes of the one before: so it finds about as much as in the trace's order, in memory that is
 * as cold, and the writer is always busy meanwhile.
 */
final class WriterReplay {

  /** Times of the look-ups, nanoseconds. */
  final Histogram lookups = ReplayClock.histogram();

  /**
   * The same at once again: what it met is in the reader's cache now, but for what the writer changed
   * meanwhile.
   */
  final Histogram again = ReplayClock.histogram();

  /** Time of the writer, with that for clearing. */
  long writerNanos;

  long writtenBlocks;

  /** Blocks found by all look-ups, so that none is optimised away. */
  long found;

  private volatile int position;
  private volatile boolean ended;

  void run(ReplayOps ops, ReplayTarget target, double leastSeconds) {
    ReplayLanes.run(() -> write(ops, target, leastSeconds), () -> read(ops, target));
  }

  private void write(ReplayOps ops, ReplayTarget target, double leastSeconds) {
    long start = System.nanoTime();
    try {
      while (writerNanos < leastSeconds * 1e9) {
        for (int holder : target.holders()) {
          target.index().clear(holder);
        }
        for (int r = 0; r < ops.requests(); r++) {
          position = r;
          ops.apply(target.index(), target.holders(), r);
        }
        writtenBlocks += ops.changedBlocks();
        writerNanos = System.nanoTime() - start;
      }
    } finally {
      ended = true;
    }
  }

  private void read(ReplayOps ops, ReplayTarget target) {
    PrefixMatch match = new PrefixMatch();
    HashedPrompt prompt = new HashedPrompt();
    long sum = 0;
    int last = -1;
    while (!ended) {
      int now = position;
      if (now == last) {
        Thread.onSpinWait();
        continue;
      }
      last = now;
      prompt.take(ops.chains[(now + 1) % ops.requests()]);
      long start = System.nanoTime();
      target.index().match(prompt.hashes, 0, prompt.length, match);
      long matched = System.nanoTime();
      target.index().match(prompt.hashes, 0, prompt.length, match);
      again.recordValue(System.nanoTime() - matched);
      lookups.recordValue(matched - start);
      sum += match.longest();
    }
    found = sum;
  }

  double blocksPerSecond() {
    return writtenBlocks * 1e9 / writerNanos;
  }
}
