package io.warmpath.event;

import io.warmpath.index.ForwardingIndex;
import io.warmpath.index.IndexStats;
import io.warmpath.index.KvBlockIndex;

/** Says that it holds fewer blocks than it does, so that maps beside it are small. */
final class IndexOfCapacity extends ForwardingIndex {

  private final long capacityBlocks;

  IndexOfCapacity(KvBlockIndex index, long capacityBlocks) {
    super(index);
    this.capacityBlocks = capacityBlocks;
  }

  @Override
  public IndexStats stats() {
    return new IndexStats(0, capacityBlocks, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
