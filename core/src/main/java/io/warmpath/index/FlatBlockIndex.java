package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KvBlockIndex} as one open-addressing table from block hash to who has the block, walked
 * block by block under one lock: simple enough to be believed, and what the run index is checked
 * against.
 *
 * <p><b>Cost:</b> a look-up is a probe of the table for each block and endpoint. Numbers are never
 * used again. At its capacity it refuses new blocks.
 */
final class FlatBlockIndex implements KvBlockIndex, GroupNeeds.Look {

  private static final int MIN_PLACES = 64;

  /** What one holder has of one block; the next holder's is behind it. */
  private static final class Holding {
    final int holder;

    @Nullable
    Holding next;

    int copies;
    boolean marked;
    long end;

    Holding(int holder, @Nullable Holding next) {
      this.holder = holder;
      this.next = next;
    }
  }

  private static final class HolderState {
    final HolderKey key;
    final int slot;
    boolean dropped;
    long blocks;

    @Nullable
    MarkAges ages;

    HolderState(HolderKey key, int slot) {
      this.key = key;
      this.slot = slot;
    }
  }

  private final int capacity;
  private final LongSupplier clock;
  private final IndexCounters counters = new IndexCounters();
  private final Map<Endpoint, Integer> slots = new HashMap<>();
  private final Map<HolderKey, Integer> numbers = new HashMap<>();
  private final List<HolderState> holders = new ArrayList<>();
  private GroupNeeds needs = GroupNeeds.NONE;
  private int nextSlot;

  /** Linear probing; a place is free where heads[i] is null. */
  private long[] blocks = new long[MIN_PLACES];

  private @Nullable Holding[] heads = new Holding[MIN_PLACES];
  private int size;

  FlatBlockIndex(int capacity, LongSupplier clock) {
    this.capacity = capacity;
    this.clock = clock;
  }

  @Override
  public synchronized int slot(Endpoint endpoint) {
    return slots.computeIfAbsent(endpoint, e -> nextSlot++);
  }

  @Override
  public synchronized int holder(HolderKey key) {
    Endpoint endpoint = key.endpoint();
    int slot = endpoint == null ? PrefixMatch.NO_SLOT : slot(endpoint);
    return numbers.computeIfAbsent(key, k -> {
      holders.add(new HolderState(k, slot));
      return holders.size() - 1;
    });
  }

  @Override
  public synchronized void group(int group, int needBlocks) {
    IndexArguments.group(group, needBlocks);
    if (!needs.has(group, needBlocks)) {
      needs = needs.with(group, needBlocks);
    }
  }

  @Override
  public synchronized int[] groups() {
    return needs.all;
  }

  @Override
  public synchronized int needBlocks(int group) {
    return needs.of(group);
  }

  @Override
  public synchronized void approximate(int holder, int capacityBlocks, long lifeNanos) {
    IndexArguments.approximate(capacityBlocks, lifeNanos);
    HolderState state = find(holder);
    if (state != null) {
      state.ages = MarkAges.after(state.ages, capacityBlocks, lifeNanos, clock.getAsLong());
    }
  }

  @Override
  public synchronized void exact(int holder) {
    HolderState state = find(holder);
    if (state != null) {
      clear(holder);
      state.ages = null;
    }
  }

  @Override
  public synchronized boolean store(
      int holder, long parent, boolean hasParent, long[] added, int from, int count) {
    Objects.checkFromIndexSize(from, count, added.length);
    HolderState state = find(holder);
    if (state == null) {
      counters.orphans.add(count);
      return true;
    }
    counters.stored.add(count);
    if (hasParent && !endpointHas(state.slot, parent, clock.getAsLong())) {
      counters.orphans.add(count);
    }
    for (int i = from; i < from + count; i++) {
      Holding holding = holding(holder, added[i]);
      if (holding != null) {
        holding.copies++;
      }
    }
    return true;
  }

  @Override
  public synchronized boolean remove(int holder, long[] gone, int from, int count) {
    Objects.checkFromIndexSize(from, count, gone.length);
    counters.removed.add(count);
    long now = clock.getAsLong();
    for (int i = from; i < from + count; i++) {
      Holding holding = find(holder) == null ? null : at(holder, gone[i]);
      if (holding == null || holding.copies == 0) {
        counters.unknownRemoved.increment();
      }
      if (holding != null && --holding.copies <= 0) {
        holding.copies = 0;
        unmark(holding);
        sweepPlace(place(gone[i]), now);
      }
    }
    return true;
  }

  @Override
  public synchronized void clear(int holder) {
    HolderState state = find(holder);
    if (state != null) {
      for (Holding head : heads) {
        for (Holding h = head; h != null; h = h.next) {
          if (h.holder == holder) {
            h.copies = 0;
            unmark(h);
          }
        }
      }
      sweep();
    }
  }

  @Override
  public synchronized void drop(Endpoint endpoint) {
    if (slots.remove(endpoint) != null) {
      for (HolderState state : holders) {
        if (!state.dropped && endpoint.equals(state.key.endpoint())) {
          state.dropped = true;
          numbers.remove(state.key);
        }
      }
      sweep();
    }
  }

  @Override
  public synchronized void expect(
      int holder, long[] chain, int length, long nowNanos, long lifeNanos) {
    mark(holder, chain, length, nowNanos, lifeNanos);
  }

  @Override
  public synchronized void confirm(int holder, long[] chain, int length, long nowNanos) {
    mark(holder, chain, length, nowNanos, CONFIRM_LIFE_NANOS);
  }

  private void mark(int holder, long[] chain, int length, long nowNanos, long lifeNanos) {
    Objects.checkFromIndexSize(0, length, chain.length);
    long life = IndexArguments.life(lifeNanos);
    HolderState state = find(holder);
    if (state == null) {
      return;
    }
    MarkAges ages = state.ages;
    long end = ages == null ? nowNanos + life : ages.end(nowNanos);
    if (clock.getAsLong() - end >= 0) {
      return;
    }
    for (int i = 0; i < length; i++) {
      Holding holding = holding(holder, chain[i]);
      if (holding != null && (!holding.marked || end - holding.end > 0)) {
        unmark(holding);
        holding.marked = true;
        holding.end = end;
        if (ages != null) {
          ages.add(end, 1);
        }
      }
    }
    if (ages != null) {
      counters.outrun.add(ages.forgetOldest(clock.getAsLong()));
    }
  }

  @Override
  public synchronized void match(long[] chain, int from, int length, PrefixMatch match) {
    IndexArguments.range(chain, from, length, match);
    long now = clock.getAsLong();
    match.start(0);
    match.extendAll(0, depth(HolderKey.shared(needs.primary), chain, 0, length, now), 0);
    slots.forEach((endpoint, slot) -> {
      int depth = 0;
      for (Tier tier : Tier.values()) {
        HolderKey key = new HolderKey(tier == Tier.SHARED ? null : endpoint, tier, needs.primary);
        int to = depth(key, chain, depth, length, now);
        if (match.extend(slot, tier.ordinal(), 0, to, 0)) {
          depth = to;
        }
      }
    });
    match.finish(chain, length, needs, now, this);
  }

  @Override
  public int heldFrom(int slot, int group, long[] chain, int end, long now) {
    for (Holding h = head(chain[end - 1]); h != null; h = h.next) {
      HolderState state = holders.get(h.holder);
      boolean whose = state.slot == slot || state.slot == PrefixMatch.NO_SLOT;
      if (whose && state.key.group() == group && isLive(h, now)) {
        return end - 1;
      }
    }
    return end;
  }

  private int depth(HolderKey key, long[] chain, int from, int length, long now) {
    Integer holder = numbers.get(key);
    int depth = from;
    if (holder != null) {
      while (depth < length && isLive(at(holder, chain[depth]), now)) {
        depth++;
      }
    }
    return depth;
  }

  @Override
  public synchronized boolean contains(long block) {
    long now = clock.getAsLong();
    for (Holding h = head(block); h != null; h = h.next) {
      if (isLive(h, now)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public synchronized long blocks(int holder) {
    sweep();
    HolderState state = find(holder);
    return state == null ? 0 : state.blocks;
  }

  @Override
  public synchronized void visit(BlockVisitor visitor) {
    sweep();
    for (int place = 0; place < heads.length; place++) {
      for (Holding h = heads[place]; h != null; h = h.next) {
        visitor.stretch(holders.get(h.holder).key, blocks, place, 1);
      }
    }
  }

  @Override
  public synchronized IndexStats stats() {
    sweep();
    long bytes =
        12L * heads.length + 40L * holders.stream().mapToLong(h -> h.blocks).sum();
    return counters.stats(size, capacity, bytes, heads.length, 0, numbers.size());
  }

  private @Nullable HolderState find(int holder) {
    HolderState state = holder >= 0 && holder < holders.size() ? holders.get(holder) : null;
    return state == null || state.dropped ? null : state;
  }

  private boolean endpointHas(int slot, long block, long now) {
    for (Holding h = head(block); h != null; h = h.next) {
      if (holders.get(h.holder).slot == slot && isLive(h, now)) {
        return true;
      }
    }
    return false;
  }

  private boolean isLive(@Nullable Holding h, long now) {
    if (h == null || holders.get(h.holder).dropped) {
      return false;
    }
    MarkAges ages = holders.get(h.holder).ages;
    return h.copies > 0
        || (h.marked && h.end - now > 0 && (ages == null || h.end - ages.horizon() > 0));
  }

  private void unmark(Holding holding) {
    MarkAges ages = holders.get(holding.holder).ages;
    if (holding.marked && ages != null) {
      ages.remove(holding.end, 1);
    }
    holding.marked = false;
  }

  private @Nullable Holding head(long block) {
    return heads[place(block)];
  }

  private @Nullable Holding at(int holder, long block) {
    Holding h = head(block);
    while (h != null && h.holder != holder) {
      h = h.next;
    }
    return h;
  }

  /** {@return what a holder has of a block, made if there is room; null if there is none} */
  private @Nullable Holding holding(int holder, long block) {
    Holding found = at(holder, block);
    if (found != null) {
      return found;
    }
    if (head(block) == null) {
      if (size >= capacity) {
        sweep();
      }
      if (size >= capacity) {
        counters.full.increment();
        return null;
      }
      if (2 * (size + 1) > heads.length) {
        grow();
      }
      blocks[place(block)] = block;
      size++;
    }
    int place = place(block);
    Holding made = new Holding(holder, heads[place]);
    heads[place] = made;
    holders.get(holder).blocks++;
    return made;
  }

  /** {@return where a block is, or the free place where it belongs} */
  private int place(long block) {
    int mask = heads.length - 1;
    int place = home(block);
    while (heads[place] != null && blocks[place] != block) {
      place = place + 1 & mask;
    }
    return place;
  }

  /** {@return where the search for a block begins} */
  int home(long block) {
    return (int) ((block * BlockMap.SPREAD) >>> 32) & (heads.length - 1);
  }

  private void grow() {
    long[] oldBlocks = blocks;
    @Nullable Holding[] oldHeads = heads;
    blocks = new long[oldBlocks.length * 2];
    heads = new Holding[oldBlocks.length * 2];
    counters.growths.increment();
    for (int i = 0; i < oldHeads.length; i++) {
      if (oldHeads[i] != null) {
        int place = place(oldBlocks[i]);
        blocks[place] = oldBlocks[i];
        heads[place] = oldHeads[i];
      }
    }
  }

  private void sweep() {
    long now = clock.getAsLong();
    for (int place = 0; place < heads.length; place++) {
      while (heads[place] != null && sweepPlace(place, now)) {}
    }
  }

  /** Takes out what is not live any more. {@return whether another block may have moved here} */
  private boolean sweepPlace(int place, long now) {
    Holding kept = null;
    Holding next;
    for (Holding h = heads[place]; h != null; h = next) {
      next = h.next;
      boolean live = isLive(h, now);
      if (h.marked && (!live || h.end - now <= 0)) {
        if (!holders.get(h.holder).dropped && h.end - now <= 0) {
          counters.expired.increment();
        }
        unmark(h);
      }
      if (live) {
        h.next = kept;
        kept = h;
      } else {
        holders.get(h.holder).blocks--;
      }
    }
    heads[place] = kept;
    if (kept == null) {
      size--;
      closeGap(place);
    }
    return kept == null;
  }

  private void closeGap(int gap) {
    int mask = heads.length - 1;
    int hole = gap;
    for (int place = gap + 1 & mask; heads[place] != null; place = place + 1 & mask) {
      if (((place - home(blocks[place])) & mask) >= ((place - hole) & mask)) {
        blocks[hole] = blocks[place];
        heads[hole] = heads[place];
        heads[place] = null;
        hole = place;
      }
    }
  }
}
