package io.warmpath.event;

import io.warmpath.block.BlockSize;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.Tier;
import org.jspecify.annotations.Nullable;

/**
 * Applies the KV events of one endpoint whose engine's hash <em>is</em> our block hash: no map, and no
 * look at the tokens. Right where a deployment's hash is reproducible and the router hashes prompts by
 * the same scheme.
 *
 * <p>Nothing has to wait here: a block's name is known whatever is known of the block before it, and an
 * event that lists fewer hashes than its tokens fill still names its blocks. For the rest it does as
 * {@link KvEventApplier} does.
 *
 * <p>Where the scheme is known, {@link HeadCheck} hashes the first block of each announced prompt once
 * more, so that an engine of another version or seed does not stay unnoticed.
 *
 * <p><b>Cost:</b> one call of the index for an event; allocates nothing but what {@link HeadCheck} does.
 */
final class DirectKvEventApplier implements SourceSink {

  private final PoolEvents pool;
  private final KvBlockIndex index;
  private final BlockSize blockSize;
  private final EventCounters counters;
  private final SourceHolders holders;
  private final @Nullable HeadCheck check;
  private boolean heard;
  private boolean closed;

  DirectKvEventApplier(Endpoint endpoint, PoolEvents pool) {
    this.pool = pool;
    index = pool.index;
    blockSize = pool.blockSize;
    counters = pool.counters;
    holders = new SourceHolders(endpoint, index);
    check = pool.scheme == null ? null : new HeadCheck(pool.scheme, pool.loras);
  }

  @Override
  public synchronized void stored(
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
      return;
    }
    if (tokenCount == 0) {
      store(holders.of(tier, group), 0, false, hashes, 0, count);
      return;
    }
    if (tokensPerBlock < 1 || !blockSize.agree(tokensPerBlock)) {
      pool.announcedSize(tokensPerBlock);
      counters.otherBlockSize.add(count);
      return;
    }
    boolean dense = (long) count * tokensPerBlock == tokenCount;
    if (!hasParent && dense && count > 0) {
      pool.announcedHead(hashes[0]);
      if (check != null) {
        check.announced(hashes[0], tokens, tokenCount, tokensPerBlock, extras);
      }
    }
    if (extras.reused() && extras.reach() > 0 && extras.reach() < BlockExtras.WHOLE_PREFIX) {
      return; // reports of windows and states list blocks that are not there
    }
    if (extras.reach() > 0) {
      holders.need(group, extras.needBlocks(tokensPerBlock));
    }
    int holder = holders.of(tier, group);
    if (extras.reused()) {
      if (!hasParent) {
        counters.refreshed.add(count);
        index.confirm(holder, hashes, count, pool.nanoClock.getAsLong());
      }
    } else if (dense) {
      store(holder, parent, hasParent, hashes, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        store(holder, 0, false, hashes, i, 1);
      }
    }
  }

  private void store(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    if (count > 0) {
      if (index.store(holder, parent, hasParent, blocks, from, count)) {
        counters.stored.add(count);
      } else {
        overflowed();
      }
    }
  }

  @Override
  public synchronized void removed(long[] hashes, int count, Tier tier, int group) {
    if (closed) {
      return;
    }
    heard = true;
    if (holders.isLeftOut(group)) {
      counters.notReusable.add(count);
      return;
    }
    int holder = tier == Tier.SHARED ? holders.of(tier, group) : holders.known(tier, group);
    if (holder == SourceHolders.NONE) {
      counters.unknownHashes.add(count);
    } else {
      counters.removed.add(count);
      if (!index.remove(holder, hashes, 0, count)) {
        overflowed();
      }
    }
  }

  @Override
  public synchronized void cleared() {
    if (!closed) {
      heard = true;
      counters.cleared.increment();
      holders.clearDevice();
    }
  }

  @Override
  public synchronized void reset() {
    if (!closed) {
      counters.resets.increment();
      holders.clear();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  @Override
  public synchronized boolean wasHeard() {
    return heard;
  }

  @Override
  public synchronized boolean hashesOtherwise() {
    return check != null && check.isOther();
  }

  private void overflowed() {
    counters.overflows.increment();
    holders.clear();
  }
}
