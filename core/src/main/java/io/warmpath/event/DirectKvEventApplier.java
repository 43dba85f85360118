package io.warmpath.event;

import io.warmpath.endpoint.Endpoint;
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
final class DirectKvEventApplier extends SourceSink {

  private final @Nullable HeadCheck check;

  DirectKvEventApplier(Endpoint endpoint, PoolEvents pool) {
    super(endpoint, pool);
    check = pool.scheme == null ? null : new HeadCheck(pool.scheme, pool.loras);
  }

  @Override
  boolean isOpaque(long[] hashes, int count, boolean hasParent, long parent, BlockExtras extras) {
    return false;
  }

  @Override
  void storedByName(long[] hashes, int count, Tier tier, int group, BlockExtras extras) {
    storeAny(holders.of(tier, group), 0, false, hashes, 0, count);
  }

  @Override
  void storedTokens(
      long[] hashes,
      int count,
      boolean hasParent,
      long parent,
      int[] tokens,
      int tokenCount,
      Tier tier,
      int group,
      BlockExtras extras) {
    int size = blockSize.tokens();
    boolean dense = (long) count * size == tokenCount;
    if (!hasParent && dense && count > 0) {
      pool.announcedHead(hashes[0]);
      if (check != null) {
        check.announced(hashes[0], tokens, tokenCount, size, extras);
      }
    }
    if (extras.reused() && extras.reach() > 0 && extras.reach() < BlockExtras.WHOLE_PREFIX) {
      return; // reports of windows and states list blocks that are not there
    }
    if (extras.reach() > 0) {
      holders.need(group, extras.needBlocks(size));
    }
    int holder = holders.of(tier, group);
    if (extras.reused()) {
      if (!hasParent) {
        counters.refreshed.add(count);
        index.confirm(holder, hashes, count, pool.nanoClock.getAsLong());
      }
    } else if (dense) {
      storeAny(holder, parent, hasParent, hashes, 0, count);
    } else {
      for (int i = 0; i < count; i++) {
        store(holder, 0, false, hashes, i, 1);
      }
    }
  }

  private void storeAny(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    if (count > 0) {
      store(holder, parent, hasParent, blocks, from, count);
    }
  }

  @Override
  void removed(long[] hashes, int count, Tier tier, int group, int holder) {
    if (holder == SourceHolders.NONE) {
      counters.unknownHashes.add(count);
    } else {
      counters.removed.add(count);
      remove(holder, hashes, count);
    }
  }

  @Override
  synchronized boolean hashesOtherwise() {
    return check != null && check.isOther();
  }
}
