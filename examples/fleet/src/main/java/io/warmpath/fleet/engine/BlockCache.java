package io.warmpath.fleet.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The KV memory of one engine: physical blocks with reference counts, a prefix cache from hash to block, and a list of
 * free blocks, least recently used first, from which the cache's contents are evicted.
 *
 * <p>A free block keeps its hash until it is taken for something else; a hit takes it off the list. A sequence's
 * blocks are freed last block first, so that the tail of a prefix is evicted before its head. Equal prompts in flight
 * at once make copies of a block: each is announced and evicted by itself, the oldest is the one hit (as vLLM's
 * {@code BlockPool} does).
 *
 * <p><b>Threads:</b> one at a time. <b>Cost:</b> O(1) per block.
 */
final class BlockCache {

  private static final int NONE = -1;

  private final int capacity;
  private final int blockSize;
  private final boolean announces;
  private final Map<Long, Integer> oldestCopy = new HashMap<>();
  /** Next younger block with the same hash, or {@link #NONE}. */
  private final int[] youngerCopy;

  private final long[] hashOf;
  private final boolean[] hashed;
  private final int[] references;
  /** Circular list of free blocks around the entry {@code capacity}. */
  private final int[] nextFree;

  private final int[] previousFree;
  private int free;
  private List<CacheEvent> events = new ArrayList<>();

  /** An empty cache; if it {@code announces}, the first event is {@link CacheEvent.Cleared}, as vLLM's is. */
  BlockCache(int capacity, int blockSize, boolean announces) {
    this.capacity = capacity;
    this.blockSize = blockSize;
    this.announces = announces;
    this.free = capacity;
    this.youngerCopy = new int[capacity];
    Arrays.fill(youngerCopy, NONE);
    this.hashOf = new long[capacity];
    this.hashed = new boolean[capacity];
    this.references = new int[capacity];
    this.nextFree = new int[capacity + 1];
    this.previousFree = new int[capacity + 1];
    for (int i = 0; i <= capacity; i++) {
      nextFree[i] = (i + 1) % (capacity + 1);
      previousFree[i] = (i + capacity) % (capacity + 1);
    }
    announce(new CacheEvent.Cleared());
  }

  int capacity() {
    return capacity;
  }

  /** {@return blocks that no sequence uses, cached or not} */
  int freeBlocks() {
    return free;
  }

  /** {@return hashes in the prefix cache, copies counted once} */
  int cachedHashes() {
    return oldestCopy.size();
  }

  /** {@return how many of the chain's first {@code limit} blocks are cached without a gap} */
  int hits(HashChain chain, int limit) {
    int most = Math.min(limit, chain.length());
    int hits = 0;
    while (hits < most && oldestCopy.containsKey(chain.hash(hits))) {
      hits++;
    }
    return hits;
  }

  /**
   * Gives an empty {@code table} its first {@code hits} blocks from the cache and new ones up to {@code total};
   * does nothing and returns false if there are not enough free ones for all of that.
   */
  boolean admit(BlockTable table, HashChain chain, int hits, int total) {
    int freeHits = 0;
    for (int i = 0; i < hits; i++) {
      if (references[oldest(chain.hash(i))] == 0) {
        freeHits++;
      }
    }
    if (total - hits + freeHits > free) {
      return false;
    }
    for (int i = 0; i < hits; i++) {
      int block = oldest(chain.hash(i));
      if (references[block]++ == 0) {
        unlink(block);
      }
      table.add(block);
    }
    table.cached(hits);
    for (int i = hits; i < total; i++) {
      boolean grown = grow(table);
      assert grown : "room was checked";
    }
    return true;
  }

  /** Adds a new block to {@code table}, evicting what the least recently used free block held; false if none is free. */
  boolean grow(BlockTable table) {
    if (free == 0) {
      return false;
    }
    int block = nextFree[capacity];
    unlink(block);
    evict(block);
    references[block] = 1;
    table.add(block);
    return true;
  }

  /** Puts the table's blocks up to {@code full} into the prefix cache and announces those that were not in it. */
  void fill(BlockTable table, HashChain chain, int full, int[] tokens) {
    int from = table.cached();
    if (full <= from) {
      return;
    }
    for (int i = from; i < full; i++) {
      cache(table.block(i), chain.hash(i));
    }
    table.cached(full);
    announce(new CacheEvent.Stored(
        chain.hashes(from, full),
        from > 0,
        from > 0 ? chain.hash(from - 1) : 0,
        Arrays.copyOfRange(tokens, from * blockSize, full * blockSize),
        blockSize,
        from == 0 ? chain.salt() : ""));
  }

  /** Gives the table's blocks back, last first; what was cached stays so until it is evicted. */
  void release(BlockTable table) {
    for (int i = table.size() - 1; i >= 0; i--) {
      int block = table.block(i);
      if (--references[block] == 0) {
        link(block);
      }
    }
    table.clear();
  }

  /** Empties the prefix cache and announces it; does nothing and returns false while any block is in use. */
  boolean reset() {
    if (free != capacity) {
      return false;
    }
    oldestCopy.clear();
    Arrays.fill(hashed, false);
    Arrays.fill(youngerCopy, NONE);
    announce(new CacheEvent.Cleared());
    return true;
  }

  /** {@return what happened since the last call, in order; the list is the caller's} */
  List<CacheEvent> drainEvents() {
    if (events.isEmpty()) {
      return List.of();
    }
    List<CacheEvent> drained = events;
    events = new ArrayList<>();
    return drained;
  }

  private void announce(CacheEvent event) {
    if (announces) {
      events.add(event);
    }
  }

  private void cache(int block, long hash) {
    hashOf[block] = hash;
    hashed[block] = true;
    Integer oldest = oldestCopy.putIfAbsent(hash, block);
    if (oldest != null) {
      int copy = oldest;
      while (youngerCopy[copy] != NONE) {
        copy = youngerCopy[copy];
      }
      youngerCopy[copy] = block;
    }
  }

  private int oldest(long hash) {
    return Objects.requireNonNull(oldestCopy.get(hash));
  }

  private void evict(int block) {
    if (!hashed[block]) {
      return;
    }
    long hash = hashOf[block];
    int younger = youngerCopy[block];
    int copy = oldest(hash);
    if (copy != block) {
      while (youngerCopy[copy] != block) {
        copy = youngerCopy[copy];
      }
      youngerCopy[copy] = younger;
    } else if (younger == NONE) {
      oldestCopy.remove(hash);
    } else {
      oldestCopy.put(hash, younger);
    }
    youngerCopy[block] = NONE;
    hashed[block] = false;
    announce(new CacheEvent.Removed(hash));
  }

  private void unlink(int block) {
    int next = nextFree[block];
    int previous = previousFree[block];
    nextFree[previous] = next;
    previousFree[next] = previous;
    free--;
  }

  private void link(int block) {
    int last = previousFree[capacity];
    nextFree[last] = block;
    previousFree[block] = last;
    nextFree[block] = capacity;
    previousFree[capacity] = block;
    free++;
  }
}
