package io.warmpath.event;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.BlockSize;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies the KV events of one endpoint to the index.
 *
 * <p>Blocks are named by our own hash of the tokens that the events carry. The engine's hash is only a
 * handle, for parents and removals; so neither its algorithm nor its seed matters.
 *
 * <p><b>Threads:</b> one at a time. <b>Cost:</b> one hash and two table accesses a block; allocates
 * when a table grows.
 */
public final class KvEventApplier implements KvEventSink {

  /** Most engine hashes remembered for one endpoint: 4 Mi, some ten times a large engine's blocks. */
  static final int MAX_HANDLES = 4 << 20;

  private static final int NO_HOLDER = -1;

  private final Endpoint endpoint;
  private final KvBlockIndex index;
  private final BlockHasher hasher;
  private final BlockSize blockSize;
  private final EventCounters counters;
  private final EngineHashMap handles = new EngineHashMap(MAX_HANDLES);
  private final BlockChain chain = new BlockChain();
  private final List<KnownHolder> holders = new ArrayList<>();
  private long[] scratch = new long[64];
  private volatile boolean closed;

  private record KnownHolder(Tier tier, int group, int number) {}

  /**
   * Creates an applier.
   *
   * @param endpoint whose events these are
   * @param index where they go
   * @param hasher names the blocks
   * @param blockSize the pool's block size; learned here if it is not known
   * @param counters the pool's counters
   */
  public KvEventApplier(
      Endpoint endpoint,
      KvBlockIndex index,
      BlockHasher hasher,
      BlockSize blockSize,
      EventCounters counters) {
    this.endpoint = endpoint;
    this.index = index;
    this.hasher = hasher;
    this.blockSize = blockSize;
    this.counters = counters;
  }

  @Override
  public void stored(
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
    if (!extras.reusable()) {
      counters.notReusable.add(count);
    } else if (extras.opaque()) {
      counters.opaque.add(count);
    } else if (tokenCount == 0) {
      storedOnTier(hashes, count, tier, group);
    } else if (tokensPerBlock < 1 || !blockSize.agree(tokensPerBlock)) {
      counters.otherBlockSize.add(count);
    } else if ((long) count * tokensPerBlock != tokenCount) {
      counters.sparse.add(count);
    } else {
      storedTokens(hashes, count, hasParent, parent, tokens, tokenCount, tier, group, extras);
    }
  }

  private void storedTokens(
      long[] hashes,
      int count,
      boolean hasParent,
      long parent,
      int[] tokens,
      int tokenCount,
      Tier tier,
      int group,
      BlockExtras extras) {
    long ownParent;
    if (hasParent) {
      int slot = handles.find(parent);
      if (slot < 0) {
        counters.unknownParents.add(count);
        return;
      }
      ownParent = handles.value(slot);
    } else {
      ownParent = hasher.root(extras.adapter(), extras.salt());
    }
    chain.start(ownParent);
    hasher.append(chain, tokens, 0, tokenCount, blockSize.tokens());
    int kept = 0;
    while (kept < count && handles.add(hashes[kept], chain.hashes()[kept])) {
      kept++;
    }
    counters.handlesFull.add(count - kept);
    store(holder(tier, group), ownParent, hasParent, chain.hashes(), kept);
  }

  /** The engine says only that blocks it announced before are on another tier as well. */
  private void storedOnTier(long[] hashes, int count, Tier tier, int group) {
    int holder = holder(tier, group);
    for (int i = 0; i < count; i++) {
      int slot = handles.find(hashes[i]);
      if (slot < 0) {
        counters.unknownHashes.increment();
      } else {
        scratch[0] = handles.value(slot);
        handles.add(hashes[i], scratch[0]);
        store(holder, 0, false, scratch, 1);
      }
    }
  }

  @Override
  public void removed(long[] hashes, int count, Tier tier, int group) {
    if (closed) {
      return;
    }
    int holder = knownHolder(tier, group);
    if (holder == NO_HOLDER) {
      counters.unknownHashes.add(count);
      return;
    }
    if (scratch.length < count) {
      scratch = new long[Math.max(count, 2 * scratch.length)];
    }
    int known = 0;
    for (int i = 0; i < count; i++) {
      int slot = handles.find(hashes[i]);
      if (slot < 0) {
        counters.unknownHashes.increment();
      } else {
        scratch[known++] = handles.value(slot);
        handles.removeCopy(slot);
      }
    }
    if (known > 0) {
      counters.removed.add(known);
      if (!index.remove(holder, scratch, 0, known)) {
        overflowed();
      }
    }
  }

  @Override
  public void cleared() {
    if (closed) {
      return;
    }
    counters.cleared.increment();
    clearMarks();
    boolean otherTiers = false;
    for (KnownHolder known : holders) {
      if (known.tier() == Tier.GPU) {
        index.clear(known.number());
      } else {
        otherTiers = true;
      }
    }
    if (!otherTiers) {
      handles.clear();
    }
  }

  @Override
  public void reset() {
    if (closed) {
      return;
    }
    counters.resets.increment();
    forget();
  }

  /**
   * Ignores whatever still comes: the endpoint was removed, and its holders' numbers may soon be
   * another's. May be called from any thread.
   */
  public void close() {
    closed = true;
  }

  private void store(int holder, long parent, boolean hasParent, long[] blocks, int count) {
    if (count > 0) {
      counters.stored.add(count);
      if (!index.store(holder, parent, hasParent, blocks, 0, count)) {
        overflowed();
      }
    }
  }

  private void overflowed() {
    counters.overflows.increment();
    forget();
  }

  private void forget() {
    handles.clear();
    clearMarks();
    for (KnownHolder known : holders) {
      index.clear(known.number());
    }
  }

  /**
   * Clears what routers expect and confirm, which is marked at one holder, whether or not an event
   * named it. It does not become known by this: group 0 may be one that is not reusable, and a removal
   * there must not touch the handles of another.
   */
  private void clearMarks() {
    if (knownHolder(Tier.GPU, 0) == NO_HOLDER) {
      index.clear(index.holder(HolderKey.gpu(endpoint)));
    }
  }

  private int holder(Tier tier, int group) {
    int number = knownHolder(tier, group);
    if (number == NO_HOLDER) {
      number = index.holder(new HolderKey(endpoint, tier, group));
      holders.add(new KnownHolder(tier, group, number));
    }
    return number;
  }

  private int knownHolder(Tier tier, int group) {
    for (int i = 0; i < holders.size(); i++) {
      KnownHolder known = holders.get(i);
      if (known.tier() == tier && known.group() == group) {
        return known.number();
      }
    }
    return NO_HOLDER;
  }
}
