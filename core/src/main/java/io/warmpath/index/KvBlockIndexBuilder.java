package io.warmpath.index;

import java.util.function.LongSupplier;

/** Collects what a {@link KvBlockIndex} is built with. For one thread. */
public final class KvBlockIndexBuilder {

  static final int MOST_CAPACITY = 1 << 28;

  private int capacityBlocks = KvBlockIndex.DEFAULT_CAPACITY_BLOCKS;
  private long capacityBytes = Long.MAX_VALUE;
  private LongSupplier nanoClock = System::nanoTime;
  private boolean flat;

  KvBlockIndexBuilder() {}

  /**
   * Sets the most distinct blocks held.
   *
   * @param blocks in {@code [1, 2^28]}; {@link KvBlockIndex#DEFAULT_CAPACITY_BLOCKS} by default
   * @return this
   */
  public KvBlockIndexBuilder capacityBlocks(int blocks) {
    if (blocks < 1 || blocks > MOST_CAPACITY) {
      throw new IllegalArgumentException(
          "index: capacity must be in [1, 2^28] blocks, was " + blocks);
    }
    capacityBlocks = blocks;
    return this;
  }

  /**
   * Sets the most memory taken, as {@link IndexStats#bytes()} counts it: old blocks go before the
   * index grows beyond it. Both limits hold.
   *
   * @param bytes at least 1 MiB; no limit by default
   * @return this
   */
  public KvBlockIndexBuilder capacityBytes(long bytes) {
    if (bytes < 1 << 20) {
      throw new IllegalArgumentException("index: capacity must be at least 1 MiB, was " + bytes);
    }
    capacityBytes = bytes;
    return this;
  }

  /**
   * Sets the clock for marks that end.
   *
   * @param clock monotonic, in nanoseconds; read at most once by each look-up and at least once by each
   *     change, from the calling thread; {@link System#nanoTime()} by default
   * @return this
   */
  public KvBlockIndexBuilder nanoClock(LongSupplier clock) {
    nanoClock = clock;
    return this;
  }

  /**
   * Chooses the flat table instead of the run index: one entry for each block, walked one by one
   * under one lock. It is there to check the other against; it is slower, larger, does not heed
   * {@link #capacityBytes}, and at its limit refuses new blocks instead of forgetting old ones.
   *
   * @return this
   */
  public KvBlockIndexBuilder flat() {
    flat = true;
    return this;
  }

  /** {@return an empty index} */
  public KvBlockIndex build() {
    return flat
        ? new FlatBlockIndex(capacityBlocks, nanoClock)
        : new RunBlockIndex(capacityBlocks, capacityBytes, nanoClock);
  }
}
