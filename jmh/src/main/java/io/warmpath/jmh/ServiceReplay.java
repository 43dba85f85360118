package io.warmpath.jmh;

import io.warmpath.index.PrefixMatch;
import org.HdrHistogram.Histogram;

/** One thread does everything, one operation after the other: what each costs when nothing waits. */
final class ServiceReplay {

  /** Times of the look-ups, nanoseconds. */
  final Histogram lookups = ReplayClock.histogram();

  /** Time in store and remove. */
  long changeNanos;

  long bestSum;

  void run(ReplayOps ops, ReplayTarget target) {
    PrefixMatch match = new PrefixMatch();
    HashedPrompt prompt = new HashedPrompt();
    for (int r = 0; r < ops.requests(); r++) {
      prompt.take(ops.chains[r]);
      long start = System.nanoTime();
      target.index().match(prompt.hashes, 0, prompt.length, match);
      long matched = System.nanoTime();
      ops.apply(target.index(), target.holders(), r);
      long applied = System.nanoTime();
      lookups.recordValue(matched - start);
      changeNanos += applied - matched;
      bestSum += match.longest();
    }
  }

  double blocksPerSecond(ReplayOps ops) {
    return ops.changedBlocks() * 1e9 / changeNanos;
  }
}
