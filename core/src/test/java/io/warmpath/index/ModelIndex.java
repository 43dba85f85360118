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
 * The oracle: the contract of {@link KvBlockIndex} written the obvious way, so that reading it is
 * proof enough. For one thread; numbers are never used again.
 */
public final class ModelIndex implements KvBlockIndex {

  /** What one holder has of one block. */
  private static final class Cell {
    int copies;

    @Nullable
    Long markEnd;
  }

  private final int capacity;
  private final LongSupplier clock;
  private final Map<Endpoint, Integer> slots = new HashMap<>();
  private final List<HolderKey> holders = new ArrayList<>();
  private final Map<HolderKey, Integer> numbers = new HashMap<>();
  private final Map<Long, Map<Integer, Cell>> blocks = new HashMap<>();
  private int nextSlot;
  private long stored;
  private long removed;
  private long unknownRemoved;
  private long orphans;
  private long full;
  private long expired;

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
    slot(key.endpoint());
    return numbers.computeIfAbsent(key, k -> {
      holders.add(k);
      return holders.size() - 1;
    });
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
    if (hasParent && !has(holders.get(holder).endpoint(), parent)) {
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
  }

  @Override
  public void drop(Endpoint endpoint) {
    for (int holder = 0; holder < holders.size(); holder++) {
      HolderKey key = holders.get(holder);
      if (isKnown(holder) && key.endpoint().equals(endpoint)) {
        clear(holder);
        numbers.remove(key);
      }
    }
    slots.remove(endpoint);
  }

  @Override
  public void expect(int holder, long[] chain, int length, long nowNanos, long lifeNanos) {
    if (lifeNanos < 0) {
      throw new IllegalArgumentException("life must be at least 0 ns, was " + lifeNanos);
    }
    mark(holder, chain, length, nowNanos + Math.min(lifeNanos, Long.MAX_VALUE >> 1));
  }

  @Override
  public void confirm(int holder, long[] chain, int length, long nowNanos) {
    mark(holder, chain, length, nowNanos + CONFIRM_LIFE_NANOS);
  }

  private void mark(int holder, long[] chain, int length, long end) {
    sweep();
    if (!isKnown(holder) || clock.getAsLong() - end >= 0) {
      return;
    }
    for (int i = 0; i < length; i++) {
      Cell cell = cell(holder, chain[i]);
      if (cell != null && (cell.markEnd == null || end - cell.markEnd > 0)) {
        cell.markEnd = end;
      }
    }
  }

  @Override
  public void match(long[] chain, int from, int length, PrefixMatch match) {
    Objects.checkFromToIndex(from, length, chain.length);
    if (from > 0 && from != match.length()) {
      throw new IllegalArgumentException("match ended at " + match.length() + ", not at " + from);
    }
    sweep();
    match.reset();
    slots.forEach((endpoint, slot) -> {
      int[] tiers = new int[Tier.values().length];
      int depth = 0;
      for (; depth < length && has(endpoint, chain[depth]); depth++) {
        tiers[fastest(endpoint, chain[depth])]++;
      }
      if (depth > 0) {
        match.add(slot, tiers[0], tiers[1], tiers[2]);
      }
    });
    match.finish(length);
  }

  @Override
  public IndexStats stats() {
    sweep();
    return new IndexStats(
        blocks.size(),
        capacity,
        numbers.size(),
        stored,
        removed,
        unknownRemoved,
        orphans,
        full,
        expired,
        0,
        0,
        0);
  }

  private boolean isKnown(int holder) {
    return holder >= 0
        && holder < holders.size()
        && Objects.equals(numbers.get(holders.get(holder)), holder);
  }

  private boolean has(Endpoint endpoint, long block) {
    return fastest(endpoint, block) < Tier.values().length;
  }

  /** Returns the ordinal of the fastest tier of an endpoint that has a block, or the number of tiers. */
  private int fastest(Endpoint endpoint, long block) {
    return blocks.getOrDefault(block, Map.of()).keySet().stream()
        .map(holders::get)
        .filter(key -> key.endpoint().equals(endpoint))
        .mapToInt(key -> key.tier().ordinal())
        .min()
        .orElse(Tier.values().length);
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

  private void sweep() {
    long now = clock.getAsLong();
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
