package io.warmpath.jmh;

import io.warmpath.index.HolderKey;
import io.warmpath.index.IndexStats;
import io.warmpath.index.KvBlockIndex;

/** Tells an index of {@link Churn}, and counts what it was told. For one thread. */
final class ChurnWriter {

  private final long[] hashes = new long[Churn.BATCH_BLOCKS];
  private final KvBlockIndex index;
  private final Churn churn;
  private final int[] holders;
  private long step;

  /** Stores what all pods have together. */
  ChurnWriter(KvBlockIndex index, Churn churn) {
    this.index = index;
    this.churn = churn;
    holders = Pods.of(churn.pods()).stream()
        .mapToInt(pod -> index.holder(HolderKey.gpu(pod)))
        .toArray();
    while (step < churn.window()) {
      store();
      step++;
    }
  }

  /** Stores a batch and removes its pod's oldest. {@return whether both changes were taken} */
  boolean step() {
    boolean stored = store();
    boolean removed = removeOldest();
    step++;
    return stored && removed;
  }

  private boolean store() {
    long batch = churn.batch(step);
    churn.hashes(batch, hashes);
    return index.store(
        holders[churn.pod(step)],
        churn.parent(batch),
        churn.hasParent(batch),
        hashes,
        0,
        Churn.BATCH_BLOCKS);
  }

  private boolean removeOldest() {
    churn.hashes(churn.batch(step - churn.window()), hashes);
    return index.remove(holders[churn.pod(step)], hashes, 0, Churn.BATCH_BLOCKS);
  }

  /**
   * Refuses figures of a run in which a change was lost.
   *
   * @param otherBlocks distinct blocks that are there beside these
   * @param otherStored blocks stored beside these
   */
  void check(long otherBlocks, long otherStored) {
    check(index.stats(), churn, step, otherBlocks, otherStored);
  }

  static void check(IndexStats stats, Churn churn, long steps, long otherBlocks, long otherStored) {
    long stored = steps * Churn.BATCH_BLOCKS + otherStored;
    long removed = (steps - churn.window()) * Churn.BATCH_BLOCKS;
    boolean all = stats.stored() == stored
        && stats.removed() == removed
        && stats.unknownRemoved() + stats.orphans() + stats.full() + stats.overflows() == 0;
    // Between two steps a batch may be at some of its holders still.
    long blocks = churn.blocks() + otherBlocks;
    if (!all || Math.abs(stats.blocks() - blocks) > Churn.BATCH_BLOCKS) {
      throw new IllegalStateException("expected " + blocks + " blocks after " + stored
          + " stored and " + removed + " removed, none lost, but found " + stats);
    }
  }
}
