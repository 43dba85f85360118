package io.warmpath.event;

import io.warmpath.block.BlockSize;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.Tier;

/**
 * The sink of one source of a pool: what is the same however blocks are named.
 *
 * <p><b>Threads:</b> events come from one thread at a time; {@link #close} and what is asked from any.
 * The calls exclude one another by a monitor that is all but never contended: it is what lets an
 * endpoint's holders be dropped, and their numbers given to others, without an event of the old one
 * coming between.
 */
abstract sealed class SourceSink implements KvEventSink
    permits KvEventApplier, DirectKvEventApplier {

  final PoolEvents pool;
  final KvBlockIndex index;
  final BlockSize blockSize;
  final EventCounters counters;
  final SourceHolders holders;
  private boolean heard;
  private boolean closed;

  SourceSink(Endpoint endpoint, PoolEvents pool) {
    this.pool = pool;
    index = pool.index;
    blockSize = pool.blockSize;
    counters = pool.counters;
    holders = new SourceHolders(endpoint, index);
  }

  @Override
  public final synchronized void stored(
      long[] hashes,
      int count,
      boolean hasParent,
      long parent,
      int[] tokens,
      int tokenCount,
      int tokensPerBlock,
      Tier tier,
      int group,
      BlockExtras extras) {
    if (closed) {
      return;
    }
    heard = true;
    if (extras.adapter() != null) {
      pool.announcedAdapter(extras.adapter());
    }
    if (extras.reach() == BlockExtras.NOT_REUSABLE || !SourceHolders.isGroup(group)) {
      holders.leaveOut(group);
      counters.notReusable.add(count);
    } else if (isOpaque(hashes, count, hasParent, parent, extras)) {
      counters.opaque.add(count);
    } else if (tokenCount == 0) {
      storedByName(hashes, count, tier, group, extras);
    } else if (tokensPerBlock < 1 || !blockSize.agree(tokensPerBlock)) {
      pool.announcedSize(tokensPerBlock);
      counters.otherBlockSize.add(count);
    } else {
      storedTokens(hashes, count, hasParent, parent, tokens, tokenCount, tier, group, extras);
    }
  }

  /** {@return whether blocks hold what is not known here, so that they can never be named} */
  abstract boolean isOpaque(
      long[] hashes, int count, boolean hasParent, long parent, BlockExtras extras);

  /** The engine says only that blocks it announced before are on another tier as well. */
  abstract void storedByName(long[] hashes, int count, Tier tier, int group, BlockExtras extras);

  /** Blocks of the pool's size were announced with their tokens. */
  abstract void storedTokens(
      long[] hashes,
      int count,
      boolean hasParent,
      long parent,
      int[] tokens,
      int tokenCount,
      Tier tier,
      int group,
      BlockExtras extras);

  @Override
  public final synchronized void removed(long[] hashes, int count, Tier tier, int group) {
    if (closed) {
      return;
    }
    heard = true;
    if (holders.isLeftOut(group)) {
      counters.notReusable.add(count);
      return;
    }
    // What all share may be evicted by an engine that stored none of it.
    int holder = tier == Tier.SHARED ? holders.of(tier, group) : holders.known(tier, group);
    removed(hashes, count, tier, group, holder);
  }

  /**
   * Blocks went.
   *
   * @param holder that had them, or {@link SourceHolders#NONE} if the source stored none there
   */
  abstract void removed(long[] hashes, int count, Tier tier, int group, int holder);

  @Override
  public final synchronized void cleared() {
    if (!closed) {
      heard = true;
      counters.cleared.increment();
      clearDevice();
    }
  }

  /** The source has nothing in device memory any more. */
  void clearDevice() {
    holders.clearDevice();
  }

  @Override
  public final synchronized void reset() {
    if (!closed) {
      counters.resets.increment();
      forget();
    }
  }

  /** Nothing is known of the source any more. */
  void forget() {
    holders.clear();
  }

  /** Ignores whatever still comes. When this returns, nothing is being applied. */
  final synchronized void close() {
    if (!closed) {
      closed = true;
      release();
    }
  }

  /** Gives back what is kept for the source, which is closed. */
  void release() {}

  /** {@return whether an event has come} */
  final synchronized boolean wasHeard() {
    return heard;
  }

  /** {@return whether its hashes turned out to be of another scheme than was said} */
  abstract boolean hashesOtherwise();

  /** Tells the index of blocks. {@return false if it could not take them, and forgot the source} */
  final boolean store(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    if (!index.store(holder, parent, hasParent, blocks, from, count)) {
      overflowed();
      return false;
    }
    counters.stored.add(count);
    return true;
  }

  /** Tells the index that blocks went, or forgets the source if it cannot take that. */
  final void remove(int holder, long[] blocks, int count) {
    if (!index.remove(holder, blocks, 0, count)) {
      overflowed();
    }
  }

  final void overflowed() {
    counters.overflows.increment();
    forget();
  }
}
