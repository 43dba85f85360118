package io.warmpath.jmh;

/**
 * The prefix cache of one engine: so many blocks, the least recently used one gives way, and of the
 * blocks of one prompt the last first, as vLLM frees them. Whoever has a block so has all before it.
 */
final class PodCache {

  /*
   * A doubly linked list through arrays, most recent first; entry `capacity` is its head. The table maps
   * a block to its entry plus 1, by linear probing; blocks are hashes already, so their bits are even.
   */

  private final int capacity;
  private final long[] blocks;
  private final int[] newer;
  private final int[] older;
  private final int[] table;
  private int size;

  PodCache(int capacity) {
    this.capacity = capacity;
    blocks = new long[capacity];
    newer = new int[capacity + 1];
    older = new int[capacity + 1];
    newer[capacity] = capacity;
    older[capacity] = capacity;
    table = new int[Integer.highestOneBit(capacity) * 4];
  }

  /** {@return how many leading blocks of a chain are here} */
  int held(long[] chain) {
    int held = 0;
    while (held < chain.length && table[place(chain[held])] != 0) {
      held++;
    }
    return held;
  }

  /**
   * Takes in a chain. Its first blocks are the most recent afterwards.
   *
   * @param chain block hashes, no more than the capacity
   * @param held how many leading blocks are here
   * @param evicted receives the blocks that gave way, the first to go first
   * @return how many gave way
   */
  int admit(long[] chain, int held, long[] evicted) {
    touch(chain, held);
    int gone = 0;
    int free = size;
    while (size + chain.length - held > capacity) {
      int entry = newer[capacity];
      evicted[gone++] = blocks[entry];
      unlink(entry);
      removePlace(place(blocks[entry]));
      // A free entry is chained to the one freed before it.
      older[entry] = free;
      free = entry;
      size--;
    }
    int firstUnused = size + gone;
    int reused = 0;
    for (int i = chain.length - 1; i >= held; i--) {
      int entry;
      if (reused < gone) {
        entry = free;
        free = older[entry];
        reused++;
      } else {
        entry = firstUnused++;
      }
      size++;
      blocks[entry] = chain[i];
      table[place(chain[i])] = entry + 1;
      linkFirst(entry);
    }
    touch(chain, held);
    return gone;
  }

  private void touch(long[] chain, int held) {
    for (int i = held - 1; i >= 0; i--) {
      int entry = table[place(chain[i])] - 1;
      unlink(entry);
      linkFirst(entry);
    }
  }

  private void unlink(int entry) {
    older[newer[entry]] = older[entry];
    newer[older[entry]] = newer[entry];
  }

  private void linkFirst(int entry) {
    older[entry] = older[capacity];
    newer[entry] = capacity;
    newer[older[entry]] = entry;
    older[capacity] = entry;
  }

  private int place(long block) {
    int mask = table.length - 1;
    int place = home(block);
    while (table[place] != 0 && blocks[table[place] - 1] != block) {
      place = place + 1 & mask;
    }
    return place;
  }

  private int home(long block) {
    return (int) (block >>> 32) & table.length - 1;
  }

  private void removePlace(int gap) {
    int mask = table.length - 1;
    int hole = gap;
    table[hole] = 0;
    for (int place = gap + 1 & mask; table[place] != 0; place = place + 1 & mask) {
      if ((place - home(blocks[table[place] - 1]) & mask) >= (place - hole & mask)) {
        table[hole] = table[place];
        table[place] = 0;
        hole = place;
      }
    }
  }
}
