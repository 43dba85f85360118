package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The oracle: the contract of {@link KvBlockIndex} written the obvious way, so that reading it is
 * proof enough. For one thread; numbers are never used again; at its capacity it refuses new blocks.
 */
public final class ModelIndex implements KvBlockIndex {

  /** What one holder has of one block. */
  private static final class Cell {
    int copies;

    @Nullable
    Long markEnd;
  }

  /** What an approximate holder may believe. */
  private record Limits(int capacityBlocks, long lifeNanos) {}

  private final int capacity;
  private final LongSupplier clock;
  private final Map<Endpoint, Integer> slots = new HashMap<>();
  private final List<HolderKey> holders = new ArrayList<>();
  private final Map<HolderKey, Integer> numbers = new HashMap<>();
  private final Map<Integer, Limits> limits = new HashMap<>();
  private final Map<Integer, Long> lastEnds = new HashMap<>();
  private final Map<Integer, Long> outrunEnds = new HashMap<>();
  private final Map<Integer, Integer> needs = new TreeMap<>();
  private final Map<Long, Map<Integer, Cell>> blocks = new HashMap<>();
  private @Nullable Long sweptAt;
  private int nextSlot;
  private long stored;
  private long removed;
  private long unknownRemoved;
  private long orphans;
  private long full;
  private long expired;
  private long outrun;

  /**
   * Creates an empty index.
   *
   * @param capacity most distinct blocks held
   * @param clock nanoseconds
   */
  public ModelIndex(int capacity, LongSupplier clock) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
    }
    this.capacity = capacity;
    this.clock = clock;
  }

  @Override
  public int slot(Endpoint endpoint) {
    return slots.computeIfAbsent(endpoint, e -> nextSlot++);
  }

  @Override
  public int holder(HolderKey key) {
    Endpoint endpoint = key.endpoint();
    if (endpoint != null) {
      slot(endpoint);
    }
    return numbers.computeIfAbsent(key, k -> {
      holders.add(k);
      return holders.size() - 1;
    });
  }

  @Override
  public void group(int group, int needBlocks) {
    needs.put(group, needBlocks);
  }

  @Override
  public int[] groups() {
    return IntStream.concat(
            IntStream.of(primary()),
            needs.keySet().stream().mapToInt(group -> group).filter(group -> group != primary()))
        .toArray();
  }

  @Override
  public int needBlocks(int group) {
    return group == primary() ? WHOLE_PREFIX : needs.getOrDefault(group, WHOLE_PREFIX);
  }

  @Override
  public void approximate(int holder, int capacityBlocks, long lifeNanos) {
    if (isKnown(holder)) {
      limits.put(holder, new Limits(capacityBlocks, lifeNanos));
      lastEnds.remove(holder);
    }
  }

  @Override
  public void exact(int holder) {
    clear(holder);
    limits.remove(holder);
  }

  @Override
  public boolean store(
      int holder, long parent, boolean hasParent, long[] added, int from, int count) {
    Objects.checkFromIndexSize(from, count, added.length);
    sweep();
    if (!isKnown(holder)) {
      orphans += count;
      return true;
    }
    stored += count;
    if (hasParent && !endpointHas(holders.get(holder).endpoint(), parent)) {
      orphans += count;
    }
    for (int i = from; i < from + count; i++) {
      Cell cell = cell(holder, added[i]);
      if (cell != null) {
        cell.copies++;
      }
    }
    return true;
  }

  @Override
  public boolean remove(int holder, long[] gone, int from, int count) {
    Objects.checkFromIndexSize(from, count, gone.length);
    sweep();
    removed += count;
    for (int i = from; i < from + count; i++) {
      Map<Integer, Cell> cells = blocks.getOrDefault(gone[i], Map.of());
      Cell cell = isKnown(holder) ? cells.get(holder) : null;
      if (cell == null || cell.copies == 0) {
        unknownRemoved++;
      }
      if (cell != null && --cell.copies <= 0) {
        cells.remove(holder);
      }
    }
    forgetEmpty();
    return true;
  }

  @Override
  public void clear(int holder) {
    blocks.values().forEach(cells -> cells.remove(holder));
    forgetEmpty();
    lastEnds.remove(holder);
    outrunEnds.remove(holder);
  }

  @Override
  public void drop(Endpoint endpoint) {
    for (int holder = 0; holder < holders.size(); holder++) {
      HolderKey key = holders.get(holder);
      if (isKnown(holder) && endpoint.equals(key.endpoint())) {
        clear(holder);
        numbers.remove(key);
        limits.remove(holder);
      }
    }
    slots.remove(endpoint);
  }

  @Override
  public void expect(int holder, long[] chain, int length, long nowNanos, long lifeNanos) {
    if (lifeNanos < 0) {
      throw new IllegalArgumentException("life must be at least 0 ns, was " + lifeNanos);
    }
    mark(holder, chain, length, nowNanos, Math.min(lifeNanos, Long.MAX_VALUE >> 1));
  }

  @Override
  public void confirm(int holder, long[] chain, int length, long nowNanos) {
    mark(holder, chain, length, nowNanos, CONFIRM_LIFE_NANOS);
  }

  private void mark(int holder, long[] chain, int length, long nowNanos, long life) {
    sweep();
    Limits limit = limits.get(holder);
    long end = limit == null ? nowNanos + life : roundedEnd(holder, limit, nowNanos);
    if (!isKnown(holder) || clock.getAsLong() - end >= 0) {
      return;
    }
    for (int i = 0; i < length; i++) {
      Cell cell = cell(holder, chain[i]);
      if (cell != null && (cell.markEnd == null || end - cell.markEnd > 0)) {
        cell.markEnd = end;
      }
    }
    if (limit != null) {
      lastEnds.put(holder, end);
      forgetOldest(holder, limit.capacityBlocks());
    }
  }

  /** Ends are rounded up to a power of two, 1/1024 of the life or less; none is before the last. */
  private long roundedEnd(int holder, Limits limit, long nowNanos) {
    long grain = Long.highestOneBit(Math.max(1, limit.lifeNanos() / 1024));
    long end = (nowNanos + limit.lifeNanos() + grain - 1) & -grain;
    Long last = lastEnds.get(holder);
    if (last != null && last - end > 0) {
      end = last;
    }
    Long outrun = outrunEnds.get(holder);
    return outrun != null && outrun - end >= 0 ? outrun + 1 : end;
  }

  /**
   * Marks go, those with the earliest end first and all of one end together; the next mark ends later
   * than all that went.
   */
  private void forgetOldest(int holder, int most) {
    List<Cell> marked = new ArrayList<>();
    blocks.values().forEach(cells -> {
      Cell cell = cells.get(holder);
      if (cell != null && cell.markEnd != null) {
        marked.add(cell);
      }
    });
    marked.sort(Comparator.comparingLong(cell -> cell.markEnd - clock.getAsLong()));
    int left = marked.size();
    for (int i = 0; i < marked.size(); ) {
      Long end = marked.get(i).markEnd;
      if (left <= most) {
        break;
      }
      for (; i < marked.size() && end.equals(marked.get(i).markEnd); i++) {
        marked.get(i).markEnd = null;
        left--;
        outrun++;
      }
      outrunEnds.put(holder, end);
    }
    sweepAt(clock.getAsLong());
  }

  @Override
  public void match(long[] chain, int from, int length, PrefixMatch match) {
    Objects.checkFromToIndex(from, length, chain.length);
    if (from > 0 && from != match.length()) {
      throw new IllegalArgumentException("match ended at " + match.length() + ", not at " + from);
    }
    sweep();
    match.start(0);
    int primary = primary();
    match.extendAll(0, depth(HolderKey.shared(primary), chain, 0, length), 0);
    slots.forEach((endpoint, slot) -> {
      int depth = 0;
      for (Tier tier : Tier.values()) {
        HolderKey key = new HolderKey(tier == Tier.SHARED ? null : endpoint, tier, primary);
        int to = depth(key, chain, depth, length);
        if (match.extend(slot, tier.ordinal(), 0, to, 0)) {
          depth = to;
        }
      }
    });
    GroupNeeds all = GroupNeeds.NONE;
    for (Map.Entry<Integer, Integer> need : needs.entrySet()) {
      all = all.with(need.getKey(), need.getValue());
    }
    match.finish(chain, length, all, 0, (slot, group, blocks, end, now) -> {
      boolean held = this.blocks.getOrDefault(blocks[end - 1], Map.of()).keySet().stream()
          .map(holders::get)
          .anyMatch(key -> key.group() == group
              && (key.tier() == Tier.SHARED || Objects.equals(slots.get(key.endpoint()), slot)));
      return held ? end - 1 : end;
    });
  }

  private int primary() {
    return needs.entrySet().stream()
        .filter(need -> need.getValue() == WHOLE_PREFIX)
        .mapToInt(Map.Entry::getKey)
        .min()
        .orElse(0);
  }

  private int depth(HolderKey key, long[] chain, int from, int length) {
    Integer holder = numbers.get(key);
    int depth = from;
    while (holder != null
        && depth < length
        && blocks.getOrDefault(chain[depth], Map.of()).containsKey(holder)) {
      depth++;
    }
    return depth;
  }

  @Override
  public boolean contains(long block) {
    sweep();
    return blocks.containsKey(block);
  }

  @Override
  public long blocks(int holder) {
    sweep();
    return isKnown(holder)
        ? blocks.values().stream().filter(cells -> cells.containsKey(holder)).count()
        : 0;
  }

  @Override
  public void visit(BlockVisitor visitor) {
    sweep();
    blocks.forEach((block, cells) -> cells
        .keySet()
        .forEach(holder -> visitor.stretch(holders.get(holder), new long[] {block}, 0, 1)));
  }

  @Override
  public IndexStats stats() {
    sweep();
    return new IndexStats(
        blocks.size(),
        capacity,
        0,
        0,
        0,
        numbers.size(),
        stored,
        removed,
        unknownRemoved,
        orphans,
        full,
        0,
        outrun,
        expired,
        0,
        0,
        0,
        0,
        0,
        0);
  }

  private boolean isKnown(int holder) {
    return holder >= 0
        && holder < holders.size()
        && Objects.equals(numbers.get(holders.get(holder)), holder);
  }

  private boolean endpointHas(@Nullable Endpoint endpoint, long block) {
    return blocks.getOrDefault(block, Map.of()).keySet().stream()
        .anyMatch(holder -> Objects.equals(holders.get(holder).endpoint(), endpoint));
  }

  /** Returns the cell, made if there is room, or null. */
  private @Nullable Cell cell(int holder, long block) {
    if (!blocks.containsKey(block) && blocks.size() >= capacity) {
      full++;
      return null;
    }
    return blocks
        .computeIfAbsent(block, b -> new HashMap<>())
        .computeIfAbsent(holder, h -> new Cell());
  }

  /** Nothing ends while the clock stands still. */
  private void sweep() {
    Long now = clock.getAsLong();
    if (!now.equals(sweptAt)) {
      sweepAt(now);
      sweptAt = now;
    }
  }

  private void sweepAt(long now) {
    for (Map<Integer, Cell> cells : blocks.values()) {
      for (Cell cell : cells.values()) {
        if (cell.markEnd != null && now - cell.markEnd >= 0) {
          cell.markEnd = null;
          expired++;
        }
      }
      cells.values().removeIf(cell -> cell.copies == 0 && cell.markEnd == null);
    }
    forgetEmpty();
  }

  private void forgetEmpty() {
    blocks.values().removeIf(Map::isEmpty);
  }
}
