package io.warmpath.event;

import java.util.Arrays;

/**
 * Engine hash to our own block hash, with the number of copies the engine announced of it.
 *
 * <p>Open addressing with linear probing and backward-shift deletion, so that no tombstones gather.
 * Every long is a legal key: a slot is empty when its count is 0. One thread only.
 */
final class EngineHashMap {

  private static final int INITIAL_SLOTS = 1 << 10;

  private final int maxEntries;
  private long[] keys = new long[INITIAL_SLOTS];
  private long[] values = new long[INITIAL_SLOTS];
  private int[] copies = new int[INITIAL_SLOTS];
  private int size;

  /** Creates an empty map of at most {@code maxEntries} entries. */
  EngineHashMap(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  int size() {
    return size;
  }

  /** Returns the slot of a key, or -1. Slots are valid until the next change. */
  int find(long key) {
    int slot = probe(key);
    return copies[slot] == 0 ? -1 : slot;
  }

  /** Returns the block hash in a slot that {@link #find} returned. */
  long value(int slot) {
    return values[slot];
  }

  /** Adds a copy; the latest value wins. Returns false if the map is full. */
  boolean add(long key, long value) {
    int slot = probe(key);
    if (copies[slot] == 0) {
      if (size == maxEntries) {
        return false;
      }
      if (++size > keys.length / 2) {
        grow();
        slot = probe(key);
      }
      keys[slot] = key;
    }
    values[slot] = value;
    copies[slot]++;
    return true;
  }

  /** Takes one copy away from a slot that {@link #find} returned; the entry goes with the last one. */
  void removeCopy(int slot) {
    if (--copies[slot] == 0) {
      size--;
      closeGap(slot);
    }
  }

  void clear() {
    Arrays.fill(copies, 0);
    size = 0;
  }

  private int probe(long key) {
    int mask = keys.length - 1;
    int slot = home(key, mask);
    while (copies[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void closeGap(int gap) {
    int mask = keys.length - 1;
    int hole = gap;
    for (int slot = gap + 1 & mask; copies[slot] != 0; slot = slot + 1 & mask) {
      int distanceFromHome = slot - home(keys[slot], mask) & mask;
      int distanceFromHole = slot - hole & mask;
      if (distanceFromHome >= distanceFromHole) {
        move(slot, hole);
        hole = slot;
      }
    }
  }

  private void move(int from, int to) {
    keys[to] = keys[from];
    values[to] = values[from];
    copies[to] = copies[from];
    copies[from] = 0;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    int[] oldCopies = copies;
    keys = new long[oldKeys.length * 2];
    values = new long[oldKeys.length * 2];
    copies = new int[oldKeys.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCopies[i] != 0) {
        int slot = probe(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
        copies[slot] = oldCopies[i];
      }
    }
  }

  private static int home(long key, int mask) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & mask;
  }
}
