package io.warmpath.event;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.Tier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Applies the KV events of one endpoint to the index.
 *
 * <p>Blocks are named by our own hash of the tokens that the events carry. The engine's hash is only a
 * handle, for parents, removals and tiers; so neither its algorithm nor its seed matters.
 *
 * <p><b>Copies.</b> Each announcement is a copy, because engines announce every physical one; so is
 * one from the start of a prompt whose blocks are all known: two prompts computed at the same time, a
 * prompt of exactly one block, or a hybrid model that lacks the state of another group make one. vLLM's
 * {@code kv_cache_report_mode: "full"} reports reused blocks in the same shape. The two can be told
 * apart only where the engine says so ({@link BlockExtras#reused}): then blocks are confirmed, and no
 * copy is counted. Reports of windows and states are ignored, since they list blocks that are not there.
 *
 * <p><b>Blocks that cannot be named yet</b> wait in {@link PendingBlocks}: those whose parent is not
 * known, until a block of that engine hash comes, and those of which an event does not say which tokens
 * they cover, until another event, of another cache group, says it.
 *
 * <p><b>Groups.</b> The same engine hash stands for the same block in every cache group of a hybrid
 * model. Groups whose rules are known are kept, each under holders of its own, and the index is told
 * what they need once they have blocks. A block of which the position is not known, because the event
 * lists fewer hashes than its tokens fill, is stored if its engine hash is known from elsewhere.
 *
 * <p><b>Storage that all share</b> is no source's own: a clear or a reset leaves it as it is.
 *
 * <p><b>Cost:</b> one hash and two table accesses a block; one call of the index for blocks that follow
 * each other. Allocates when a table grows.
 */
final class KvEventApplier extends SourceSink {

  private final BlockHasher hasher;
  private final String domain;
  private final SourceHandles handles;
  private final PendingBlocks pending = new PendingBlocks();
  private final RecentHashes opaque = new RecentHashes();
  private final BlockChain chain = new BlockChain();

  /** Blocks that were pending and follow each other. */
  private final BlockChain adopted = new BlockChain();

  /** Pairs of engine hash and our own: blocks that pending ones may follow. */
  private long[] arrivals = new long[64];

  private int arrivalCount;
  private long[] scratch = new long[64];
  private int[] copied = {};
  private @Nullable BlockExtras lastExtras;
  private long lastRoot;

  KvEventApplier(
      Endpoint endpoint, PoolEvents pool, BlockHasher hasher, String domain, HandleMap shared) {
    super(endpoint, pool);
    this.hasher = hasher;
    this.domain = domain;
    handles = new SourceHandles(shared, pool);
  }

  @Override
  boolean isOpaque(long[] hashes, int count, boolean hasParent, long parent, BlockExtras extras) {
    boolean isOpaque = extras.opaque() || (hasParent && opaque.contains(parent));
    if (isOpaque) {
      opaque.add(hashes, count);
    }
    return isOpaque;
  }

  /** {@return the root for adapter and salt, which costs to make} */
  @SuppressWarnings("ReferenceEquality") // decoders give the same object again for the same names
  private long root(BlockExtras extras) {
    if (extras != lastExtras) {
      lastRoot = hasher.root(extras.adapter(), extras.salt());
      lastExtras = extras;
    }
    return lastRoot;
  }

  /** {@return what the index is to be told of the group, 0 for nothing} */
  private int need(BlockExtras extras) {
    int size = blockSize.tokens();
    return extras.reach() < 1 || size == 0 ? 0 : extras.needBlocks(size);
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
    int need = need(extras);
    boolean dense = (long) count * blockSize.tokens() == tokenCount;
    boolean known = !hasParent || handles.find(parent);
    if (!known && dense) {
      counters.unknownParents.add(count);
      park(hashes, count, parent, tokens, tier, group, need);
      return;
    }
    long ownParent = hasParent ? handles.block() : root(extras);
    chain.start(ownParent);
    if (known) {
      hasher.append(chain, tokens, 0, tokenCount, blockSize.tokens());
      if (!hasParent && chain.length() > 0) {
        pool.announcedHead(chain.hashes()[0]);
      }
    }
    if (extras.reused()) {
      if (dense && !hasParent && (need == 0 || need == BlockExtras.WHOLE_PREFIX)) {
        reused(hashes, count, holder(tier, group, need));
      }
    } else if (!dense) {
      storedSparse(hashes, count, hasParent, ownParent, tier, group, need);
    } else if (count > 0) {
      int holder = holder(tier, group, need);
      if (store(holder, ownParent, hasParent, chain.hashes(), 0, count)) {
        putHandles(hashes, chain.hashes(), count, holder);
        adoptAfter(hashes, chain.hashes(), count);
      }
    }
  }

  /** The engine had these blocks already: they are there, whatever was heard of them. */
  private void reused(long[] hashes, int count, int holder) {
    counters.refreshed.add(count);
    index.confirm(holder, chain.hashes(), count, pool.nanoClock.getAsLong());
    for (int i = 0; i < count; i++) {
      if (!handles.put(hashes[i], chain.hashes()[i])) {
        counters.handlesFull.increment();
      }
    }
    adoptAfter(hashes, chain.hashes(), count);
  }

  /**
   * Gives blocks that were just stored their handles; one that gets none goes again, since it could
   * never be removed.
   */
  private void putHandles(long[] hashes, long[] blocks, int count, int holder) {
    int refused = 0;
    for (int i = 0; i < count; i++) {
      if (!handles.put(hashes[i], blocks[i])) {
        reserve(refused + 1);
        scratch[refused++] = blocks[i];
      }
    }
    if (refused > 0) {
      counters.handlesFull.add(refused);
      counters.stored.add(-refused);
      remove(holder, scratch, refused);
    }
  }

  /**
   * Stores what an event lists with gaps. Where the chain of its tokens is known, it tells which of the
   * listed blocks follow each other.
   */
  private void storedSparse(
      long[] hashes, int count, boolean hasParent, long ownParent, Tier tier, int group, int need) {
    int place = 0;
    for (int i = 0; i < count; i++) {
      if (!handles.find(hashes[i])) {
        counters.sparse.increment();
        counters.pending.increment();
        gone(pending.addNamed(hashes[i], blockSize.tokens(), tier, group, need));
        continue;
      }
      long block = handles.block();
      while (place < chain.length() && chain.hashes()[place] != block) {
        place++;
      }
      if (place == chain.length()) {
        scratch[0] = block;
        store(holder(tier, group, need), 0, false, scratch, 0, 1);
        place = 0; // the chain does not hold it; look for the others from the start
        continue;
      }
      int end = place + 1;
      while (i + 1 < count
          && end < chain.length()
          && handles.find(hashes[i + 1])
          && handles.block() == chain.hashes()[end]) {
        end++;
        i++;
      }
      store(
          holder(tier, group, need),
          place == 0 ? ownParent : chain.hashes()[place - 1],
          place > 0 || hasParent,
          chain.hashes(),
          place,
          end - place);
      place = end;
    }
  }

  @Override
  void storedByName(long[] hashes, int count, Tier tier, int group, BlockExtras extras) {
    int need = need(extras);
    reserve(count);
    int from = 0;
    int known = 0;
    for (int i = 0; i < count; i++) {
      if (handles.find(hashes[i])) {
        scratch[known++] = handles.block();
        continue;
      }
      from = storeRun(from, known, tier, group, need);
      int copy = pending.withTokens(hashes[i]);
      if (copy == PendingBlocks.NONE) {
        counters.unknownHashes.increment();
      } else {
        parkCopy(copy, tier, group, need);
      }
    }
    storeRun(from, known, tier, group, need);
  }

  private int storeRun(int from, int to, Tier tier, int group, int need) {
    if (to > from) {
      store(holder(tier, group, need), 0, false, scratch, from, to - from);
    }
    return to;
  }

  private void park(
      long[] hashes, int count, long parent, int[] tokens, Tier tier, int group, int need) {
    int size = blockSize.tokens();
    int kept = Math.min(count, PendingBlocks.most(size));
    counters.pending.add(kept);
    counters.abandoned.add(count - kept);
    long before = parent;
    for (int i = 0; i < kept; i++) {
      gone(pending.add(hashes[i], before, tokens, i * size, size, tier, group, need));
      before = hashes[i];
    }
  }

  /** A block that waits is on another tier as well. */
  private void parkCopy(int block, Tier tier, int group, int need) {
    int size = blockSize.tokens();
    if (copied.length < size) {
      copied = new int[size];
    }
    System.arraycopy(pending.tokens(), pending.tokensFrom(block), copied, 0, size);
    counters.pending.increment();
    gone(pending.add(
        pending.hash(block), pending.parent(block), copied, 0, size, tier, group, need));
  }

  private void gone(int blocks) {
    counters.pending.add(-blocks);
    counters.abandoned.add(blocks);
  }

  /** Stores what has waited for these blocks, and what has waited for that. */
  private void adoptAfter(long[] hashes, long[] blocks, int count) {
    if (pending.size() == 0) {
      return;
    }
    arrivalCount = 0;
    for (int i = 0; i < count && pending.size() > 0; i++) {
      arrived(hashes[i], blocks[i]);
      while (arrivalCount > 0) {
        arrivalCount -= 2;
        adopt(arrivals[arrivalCount], arrivals[arrivalCount + 1]);
      }
    }
  }

  private void arrived(long hash, long block) {
    if (arrivalCount == arrivals.length) {
      arrivals = Arrays.copyOf(arrivals, 2 * arrivalCount);
    }
    arrivals[arrivalCount++] = hash;
    arrivals[arrivalCount++] = block;
  }

  private void adopt(long hash, long block) {
    for (int same = pending.named(hash); same != PendingBlocks.NONE; same = pending.named(hash)) {
      int holder = holder(pending.tier(same), pending.group(same), pending.need(same));
      pending.remove(same);
      scratch[0] = block;
      counters.pending.decrement();
      if (store(holder, 0, false, scratch, 0, 1)) {
        counters.adopted.increment();
      }
    }
    for (int child = pending.childOf(hash);
        child != PendingBlocks.NONE;
        child = pending.childOf(hash)) {
      adoptChild(child, block);
    }
  }

  /** Stores a block that has waited, with those that follow it in the same place. */
  private void adoptChild(int first, long parent) {
    Tier tier = pending.tier(first);
    int group = pending.group(first);
    int holder = holder(tier, group, pending.need(first));
    int size = blockSize.tokens();
    adopted.start(parent);
    int firstArrival = arrivalCount;
    for (int next = first; next != PendingBlocks.NONE; ) {
      long hash = pending.hash(next);
      int from = pending.tokensFrom(next);
      hasher.append(adopted, pending.tokens(), from, from + size, size);
      arrived(hash, adopted.last());
      pending.remove(next);
      next = pending.childOf(hash, tier, group);
    }
    int count = adopted.length();
    counters.pending.add(-count);
    if (!store(holder, parent, true, adopted.hashes(), 0, count)) {
      return;
    }
    counters.adopted.add(count);
    reserve(count);
    for (int i = 0; i < count; i++) {
      scratch[i] = arrivals[firstArrival + 2 * i];
    }
    putHandles(scratch, adopted.hashes(), count, holder);
  }

  @Override
  void removed(long[] hashes, int count, Tier tier, int group, int holder) {
    reserve(count);
    int known = 0;
    for (int i = 0; i < count; i++) {
      if (pending.size() > 0 && pending.remove(hashes[i], tier, group)) {
        counters.pending.decrement();
      } else if (holder != SourceHolders.NONE && handles.find(hashes[i])) {
        scratch[known++] = handles.block();
      } else if (!opaque.contains(hashes[i])) {
        counters.unknownHashes.increment();
      }
    }
    if (known > 0) {
      counters.removed.add(known);
      remove(holder, scratch, known);
    }
  }

  @Override
  void clearDevice() {
    gone(pending.removeAll(Tier.GPU));
    super.clearDevice();
  }

  @Override
  void forget() {
    gone(pending.clear());
    handles.forget();
    super.forget();
  }

  @Override
  void release() {
    gone(pending.clear());
    handles.close();
    pool.leave(domain);
  }

  @Override
  boolean hashesOtherwise() {
    return false;
  }

  private int holder(Tier tier, int group, int need) {
    if (need > 0) {
      holders.need(group, need);
    }
    return holders.of(tier, group);
  }

  private void reserve(int count) {
    if (scratch.length < count) {
      scratch = Arrays.copyOf(scratch, Math.max(count, 2 * scratch.length));
    }
  }
}
