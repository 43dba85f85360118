package io.warmpath.jmh;

import io.warmpath.index.HolderKey;
import io.warmpath.index.IndexStats;
import io.warmpath.index.KvBlockIndex;

/**
 * An index that a trace is replayed into.
 *
 * @param index the index
 * @param holders by pod; shared, not copied
 */
record ReplayTarget(KvBlockIndex index, int[] holders) {

  static ReplayTarget of(KvBlockIndex index, int pods) {
    return new ReplayTarget(
        index,
        Pods.of(pods).stream().mapToInt(pod -> index.holder(HolderKey.gpu(pod))).toArray());
  }

  /** {@return the number of each pod in a match} */
  int[] slots(int pods) {
    return Pods.of(pods).stream().mapToInt(index::slot).toArray();
  }

  /** Refuses figures of a run in which a change was lost. */
  void checkNothingLost() {
    IndexStats stats = index.stats();
    long lost = stats.unknownRemoved()
        + stats.orphans()
        + stats.full()
        + stats.evicted()
        + stats.overflows();
    if (lost != 0) {
      throw new IllegalStateException(
          "the index lost changes, so its times count for nothing: " + stats);
    }
  }
}
