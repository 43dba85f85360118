package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The one map from block hash to where the block is kept: run and offset, as a <em>place</em> of {@link
 * RunTable}. Written by one thread at a time and read by any number.
 *
 * <p>Eight bytes an entry: the map keeps 24 bits of a hash, the run has all 64 of it, so a hit is
 * compared there. Open addressing with linear probing, in 64 segments that grow one at a time.
 *
 * <p><b>Progress:</b> look-ups are lock-free: one starts over at an entry only if the writer has
 * changed that entry meanwhile.
 */
final class BlockMap {

  /*
   * An entry is place << 24 | tag. Hash bits, after mixing: 6 for the segment, then 24 for the tag; the
   * leading bits of the tag are the entry's home, so a segment is rebuilt without looking at any run.
   *
   *   word        written by      read by    why it is enough
   *   ----------  --------------  ---------  ---------------------------------------------------------
   *   entry       turn, release   acquire    who sees the place sees the run with the hash, see RunWriter
   *   tables[i]   turn, release,  acquire    who sees the table sees all of it; the old one stays as it
   *               filled                     was at that instant, which is an instant of the call
   *
   * An entry that goes becomes DEAD, so that searches go on behind it, and is used again by the next
   * entry whose search passes it. Dead entries before an empty one end no search that could succeed, and
   * become empty. A live entry never moves within a table.
   */

  /** No place. */
  static final long NOWHERE = 0;

  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(long[][].class);

  /** 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4): engines' own hashes may be uneven. */
  static final long SPREAD = 0x9E3779B97F4A7C15L;

  static final int SEGMENT_BITS = 6;
  private static final int SEGMENTS = 1 << SEGMENT_BITS;
  static final int TAG_BITS = 24;
  static final long TAG = (1L << TAG_BITS) - 1;
  private static final int MIN_ENTRIES = 16;
  private static final int MAX_ENTRIES = 1 << TAG_BITS;
  private static final long EMPTY = 0;
  private static final long DEAD = 1;

  private final RunTable runs;
  private final IndexCounters counters;
  final long[][] tables = new long[SEGMENTS][MIN_ENTRIES];

  /** Touched only by the writer, as all below. */
  private final int[] live = new int[SEGMENTS];

  private final int[] dead = new int[SEGMENTS];
  private long size;
  private long entries = (long) SEGMENTS * MIN_ENTRIES;

  /** Where {@link #touch} puts what it reads, so that it is not optimised away. */
  @SuppressWarnings("unused")
  private long touched;

  BlockMap(RunTable runs, IndexCounters counters) {
    this.runs = runs;
    this.counters = counters;
  }

  /** {@return how many blocks a map has that never takes much more memory than this} */
  static long blocksIn(long bytes) {
    long entries = (long) SEGMENTS * MIN_ENTRIES;
    while (entries < (long) SEGMENTS * MAX_ENTRIES && entries * 2 * Long.BYTES <= bytes) {
      entries *= 2;
    }
    return entries * 9 / 16;
  }

  /** {@return where a block is, or {@link #NOWHERE}; by any thread} */
  long find(long hash) {
    long mixed = mix(hash);
    long[] table = laTable(segment(mixed));
    int mask = table.length - 1;
    long tag = tag(mixed);
    int i = home(tag, mask);
    while (true) {
      long entry = laEntry(table, i);
      if (entry == EMPTY) {
        return NOWHERE;
      }
      if ((entry & TAG) == tag && entry > TAG) {
        if (runs.holds(entry >>> TAG_BITS, hash)) {
          return entry >>> TAG_BITS;
        }
        if (laEntry(table, i) != entry) {
          continue;
        }
      }
      i = i + 1 & mask;
    }
  }

  /** {@return where a block is already, or {@link #NOWHERE} if it was put at {@code place}} */
  long putIfAbsent(long hash, long place) {
    long mixed = mix(hash);
    int segment = segment(mixed);
    long[] table = tables[segment];
    int mask = table.length - 1;
    long tag = tag(mixed);
    int free = -1;
    int i = home(tag, mask);
    for (long entry = table[i]; entry != EMPTY; entry = table[i]) {
      if (entry == DEAD) {
        free = free < 0 ? i : free;
      } else if ((entry & TAG) == tag && runs.holds(entry >>> TAG_BITS, hash)) {
        return entry >>> TAG_BITS;
      }
      i = i + 1 & mask;
    }
    live[segment]++;
    size++;
    if (free >= 0) {
      dead[segment]--;
      srEntry(table, free, (place << TAG_BITS) | tag);
    } else {
      srEntry(table, i, (place << TAG_BITS) | tag);
      if ((live[segment] + dead[segment]) * 4L > table.length * 3L) {
        rebuild(segment);
      }
    }
    return NOWHERE;
  }

  /** A block that is at {@code from} is at {@code to} as well, and found there from now on. */
  void move(long hash, long from, long to) {
    long mixed = mix(hash);
    long[] table = tables[segment(mixed)];
    srEntry(table, indexOf(table, mixed, from), (to << TAG_BITS) | tag(mixed));
  }

  /** Forgets a block that is at {@code place}. */
  void remove(long hash, long place) {
    long mixed = mix(hash);
    int segment = segment(mixed);
    long[] table = tables[segment];
    int mask = table.length - 1;
    int i = indexOf(table, mixed, place);
    live[segment]--;
    size--;
    if (table[i + 1 & mask] != EMPTY) {
      srEntry(table, i, DEAD);
      dead[segment]++;
      return;
    }
    srEntry(table, i, EMPTY);
    for (i = i - 1 & mask; table[i] == DEAD; i = i - 1 & mask) {
      srEntry(table, i, EMPTY);
      dead[segment]--;
    }
  }

  /** Brings the homes of some blocks into the cache, all at once instead of one after the other. */
  void touch(long[] hashes, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      long mixed = mix(hashes[i]);
      long[] table = tables[segment(mixed)];
      sum += table[home(tag(mixed), table.length - 1)];
    }
    touched = sum;
  }

  /** {@return blocks here} */
  long size() {
    return size;
  }

  /** {@return entries that there is room for, taken or not} */
  long entries() {
    return entries;
  }

  private int indexOf(long[] table, long mixed, long place) {
    int mask = table.length - 1;
    long entry = (place << TAG_BITS) | tag(mixed);
    int i = home(tag(mixed), mask);
    while (table[i] != entry) {
      assert table[i] != EMPTY : "block is not at place " + place;
      i = i + 1 & mask;
    }
    return i;
  }

  /** Replaces a segment by one without dead entries, twice as large if more than 5/8 of it live. */
  private void rebuild(int segment) {
    long[] old = tables[segment];
    boolean larger = live[segment] * 8L > old.length * 5L && old.length < MAX_ENTRIES;
    long[] fresh = new long[larger ? old.length * 2 : old.length];
    int mask = fresh.length - 1;
    for (long entry : old) {
      if (entry > TAG) {
        int i = home(entry & TAG, mask);
        while (fresh[i] != EMPTY) {
          i = i + 1 & mask;
        }
        fresh[i] = entry;
      }
    }
    dead[segment] = 0;
    entries += fresh.length - old.length;
    counters.growths.increment();
    TABLE.setRelease(tables, segment, fresh);
  }

  static long mix(long hash) {
    return (hash ^ (hash >>> 32)) * SPREAD;
  }

  static int segment(long mixed) {
    return (int) (mixed >>> (Long.SIZE - SEGMENT_BITS));
  }

  static long tag(long mixed) {
    return (mixed >>> (Long.SIZE - SEGMENT_BITS - TAG_BITS)) & TAG;
  }

  private static int home(long tag, int mask) {
    return (int) tag >>> (Integer.numberOfLeadingZeros(mask) - (Integer.SIZE - TAG_BITS));
  }

  private long[] laTable(int segment) {
    return (long[]) TABLE.getAcquire(tables, segment);
  }

  private static long laEntry(long[] table, int i) {
    return (long) ENTRY.getAcquire(table, i);
  }

  private static void srEntry(long[] table, int i, long entry) {
    ENTRY.setRelease(table, i, entry);
  }
}
