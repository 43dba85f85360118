package io.warmpath.event;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Engine hash to our own block hash, for all sources of one hash domain: those whose engine hashes
 * mean the same blocks.
 *
 * <p>Engines with the same seed and algorithm announce one hash for one block, so they share its
 * entry. Engines with random seeds announce different ones for the same block; those stand side by
 * side and do not meet. Nobody counts who uses an entry: it is dead when the index has its block no
 * more, and goes when room is needed. So the handle of a removed block stays for a while, which helps
 * children that come late.
 *
 * <p><b>Bounded</b> by the entries given; a new one that finds no room is refused. <b>Threads:</b>
 * safe for any number. Each call holds the monitor of one of the segments for some nanoseconds, or,
 * seldom, for the time that a look at all its entries takes; only threads that apply events come here,
 * never look-ups. <b>Cost:</b> one cache miss or two; allocates when a segment grows. 16 bytes and a
 * bit for each of a segment's places, of which at most three quarters are taken.
 */
final class HandleMap {

  /*
   * A segment is a table of (key, value) pairs with linear probing and backward-shift deletion [1]:
   * no tombstones. A place is free when its key is 0; the entry of key 0 stands beside the table, so
   * that every long is a legal key.
   *
   * When a segment is full to three quarters it looks for dead entries, and doubles only if more than
   * half of what may be taken is alive. A block that another thread is just storing is not in the
   * index yet, or only in its queue, though its handle may be here already. So the newest entries are
   * spared: a bit marks each place that was filled since the table was full to one sixteenth less.
   *
   * [1] Knuth, The Art of Computer Programming 3, 6.4, Algorithm R.
   */

  /** {@link #put}: the entry was made, or was there already with this value, or with that of a dead block. */
  static final int KEPT = 0;

  /** {@link #put}: the key stands for another block, which the index has. Nothing was changed. */
  static final int TAKEN = 1;

  /** {@link #put}: there is no room. */
  static final int FULL = 2;

  /** Segments of a map that many threads use. */
  static final int SHARED_SEGMENTS = 64;

  private static final int FIRST_PLACES = 256;

  /** Tables below this size just grow: looking for dead entries pays later. */
  private static final int SWEEP_FROM_PLACES = 1 << 12;

  /** 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4): engines' hashes may be small numbers. */
  static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Segment[] segments;
  private final int segmentShift;

  /**
   * Creates an empty map.
   *
   * @param segments a power of two, at least 1
   * @param maxEntries most entries, spread over the segments; rounded up to 192 a segment
   * @param alive says whether the index has a block; called with a monitor held
   */
  HandleMap(int segments, int maxEntries, LongPredicate alive) {
    this.segments = new Segment[segments];
    int most = Math.max(limit(FIRST_PLACES), (maxEntries - 1) / segments + 1);
    for (int i = 0; i < segments; i++) {
      this.segments[i] = new Segment(most, alive);
    }
    segmentShift = Long.SIZE - Integer.numberOfTrailingZeros(segments);
  }

  /**
   * Looks a key up.
   *
   * @param key engine hash, any value
   * @param out receives our block hash in its first place, if there is one
   * @return whether there is one
   */
  boolean get(long key, long[] out) {
    long mixed = key * SPREAD;
    Segment segment = segment(mixed);
    synchronized (segment) {
      return segment.get(key, mixed, out);
    }
  }

  /**
   * Makes an entry.
   *
   * @param key engine hash, any value
   * @param value our block hash, any value
   * @param replace whether the latest value wins, whatever the key stands for
   * @return {@link #KEPT}, {@link #FULL}, or {@link #TAKEN} unless {@code replace}
   */
  int put(long key, long value, boolean replace) {
    long mixed = key * SPREAD;
    Segment segment = segment(mixed);
    synchronized (segment) {
      return segment.put(key, mixed, value, replace);
    }
  }

  /** Empties the map; its memory stays. */
  void clear() {
    for (Segment segment : segments) {
      synchronized (segment) {
        segment.clear();
      }
    }
  }

  /** {@return entries now, dead ones included} */
  long size() {
    long sum = 0;
    for (Segment segment : segments) {
      synchronized (segment) {
        sum += segment.size + (segment.hasZero ? 1 : 0);
      }
    }
    return sum;
  }

  /** {@return memory of the tables, in bytes} */
  long bytes() {
    long sum = 0;
    for (Segment segment : segments) {
      synchronized (segment) {
        sum += (long) Long.BYTES * (segment.table.length + segment.fresh.length);
      }
    }
    return sum;
  }

  /** The top bits choose the segment, those below them the place. */
  private Segment segment(long mixed) {
    return segments[segments.length == 1 ? 0 : (int) (mixed >>> segmentShift)];
  }

  private static int limit(int places) {
    return places - places / 4;
  }

  /** A table of its own; whoever touches it holds its monitor. */
  private static final class Segment {
    private final int mostEntries;
    private final LongPredicate alive;

    /** Key and value of place {@code i} at {@code 2 i}. */
    private long[] table = new long[2 * FIRST_PLACES];

    /** A bit for each place that was filled lately. */
    private long[] fresh = new long[FIRST_PLACES / Long.SIZE];

    private int size;
    private boolean hasZero;
    private long zeroValue;

    /** Entries that will be refused for want of room before dead ones are looked for again. */
    private int refusals;

    Segment(int mostEntries, LongPredicate alive) {
      this.mostEntries = mostEntries;
      this.alive = alive;
    }

    boolean get(long key, long mixed, long[] out) {
      if (key == 0) {
        out[0] = zeroValue;
        return hasZero;
      }
      int place = probe(key, mixed);
      out[0] = table[2 * place + 1];
      return table[2 * place] != 0;
    }

    int put(long key, long mixed, long value, boolean replace) {
      if (key == 0) {
        if (hasZero && zeroValue != value && !replace && alive.test(zeroValue)) {
          return TAKEN;
        }
        hasZero = true;
        zeroValue = value;
        return KEPT;
      }
      int place = probe(key, mixed);
      if (table[2 * place] != 0) {
        long known = table[2 * place + 1];
        if (known != value && !replace && alive.test(known)) {
          return TAKEN;
        }
        table[2 * place + 1] = value;
        setFresh(place, true);
        return KEPT;
      }
      int most = Math.min(mostEntries, limit(places()));
      if (size == most) {
        if (!makeRoom()) {
          return FULL;
        }
        place = probe(key, mixed);
      } else if (size == most - places() / 16) {
        Arrays.fill(fresh, 0);
      }
      table[2 * place] = key;
      table[2 * place + 1] = value;
      setFresh(place, true);
      size++;
      return KEPT;
    }

    void clear() {
      Arrays.fill(table, 0);
      Arrays.fill(fresh, 0);
      size = 0;
      hasZero = false;
      refusals = 0;
    }

    private int places() {
      return table.length / 2;
    }

    private int home(long mixed) {
      return (int) (mixed >>> 26) & (places() - 1);
    }

    /** {@return where a key is, or the free place where it belongs} */
    private int probe(long key, long mixed) {
      int mask = places() - 1;
      int place = home(mixed);
      while (table[2 * place] != 0 && table[2 * place] != key) {
        place = (place + 1) & mask;
      }
      return place;
    }

    /** Drops the dead or doubles the table. {@return whether there is room for one more} */
    private boolean makeRoom() {
      int most = limit(places());
      boolean last = most >= mostEntries;
      if (last && refusals > 0) {
        refusals--;
        return false;
      }
      if (last || places() >= SWEEP_FROM_PLACES) {
        sweep();
      }
      if (size > most / 2 && !last) {
        grow();
      }
      int room = Math.min(mostEntries, limit(places())) - size;
      refusals = room < most / 16 ? most / 16 : 0;
      return room > 0;
    }

    private void sweep() {
      int mask = places() - 1;
      int first = 0;
      while (table[2 * first] != 0) {
        first++; // there is a free place: at most three quarters are taken
      }
      // From behind a free place on, nothing that is shifted back crosses the start.
      for (int i = 1; i <= mask; i++) {
        int place = (first + i) & mask;
        while (table[2 * place] != 0 && !isFresh(place) && !alive.test(table[2 * place + 1])) {
          closeGap(place);
          size--;
        }
      }
      Arrays.fill(fresh, 0);
    }

    private void closeGap(int gap) {
      int mask = places() - 1;
      int hole = gap;
      for (int place = (gap + 1) & mask; table[2 * place] != 0; place = (place + 1) & mask) {
        int home = home(table[2 * place] * SPREAD);
        if (((place - home) & mask) >= ((place - hole) & mask)) {
          table[2 * hole] = table[2 * place];
          table[2 * hole + 1] = table[2 * place + 1];
          setFresh(hole, isFresh(place));
          hole = place;
        }
      }
      table[2 * hole] = 0;
      table[2 * hole + 1] = 0;
      setFresh(hole, false);
    }

    private void grow() {
      long[] old = table;
      table = new long[2 * old.length];
      fresh = new long[2 * fresh.length];
      for (int i = 0; i < old.length; i += 2) {
        if (old[i] != 0) {
          int place = probe(old[i], old[i] * SPREAD);
          table[2 * place] = old[i];
          table[2 * place + 1] = old[i + 1];
        }
      }
    }

    private boolean isFresh(int place) {
      return ((fresh[place >> 6] >>> place) & 1) != 0;
    }

    private void setFresh(int place, boolean isFresh) {
      long bit = 1L << place;
      fresh[place >> 6] = isFresh ? fresh[place >> 6] | bit : fresh[place >> 6] & ~bit;
    }
  }
}
