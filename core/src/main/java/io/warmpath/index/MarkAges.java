package io.warmpath.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many marks one approximate holder has, by the time they end, so that the oldest can go when
 * there are too many. Everything that ends at or before the {@link #horizon} has gone.
 *
 * <p>Ends are rounded up to 1/1024 of a mark's life, so that some thousand counts are enough whatever
 * the rate of requests. Not thread-safe.
 */
final class MarkAges {

  private static final int STEPS_LOG2 = 10;

  final int capacityBlocks;
  final long lifeNanos;
  private final long grain;

  /** A ring: counts[i] marks end at ends[i], from the oldest on. */
  private long[] ends = new long[16];

  private int[] counts = new int[16];
  private int first;
  private int used;
  private long total;
  private long horizon;

  MarkAges(int capacityBlocks, long lifeNanos, long now) {
    this.capacityBlocks = capacityBlocks;
    this.lifeNanos = lifeNanos;
    grain = Long.highestOneBit(Math.max(1, lifeNanos >> STEPS_LOG2));
    horizon = now;
  }

  /** {@return counts that start anew; what had gone by those before stays so} */
  static MarkAges after(@Nullable MarkAges before, int capacityBlocks, long lifeNanos, long now) {
    MarkAges made = new MarkAges(capacityBlocks, lifeNanos, now);
    if (before != null && before.horizon - now > 0) {
      made.horizon = before.horizon;
    }
    return made;
  }

  /** {@return the end of a mark that is made now; never before that of the one before, nor gone} */
  long end(long now) {
    long end = (now + lifeNanos + grain - 1) & -grain;
    long least = used > 0 ? ends[last()] : horizon + 1;
    return least - end > 0 ? least : end;
  }

  /** {@return the end up to which everything has gone} */
  long horizon() {
    return horizon;
  }

  /** Counts marks that have just been made; their end is the latest of all. */
  void add(long end, int marks) {
    while (used > 0 && counts[first] == 0 && ends[first] != end) {
      forgetFirst();
    }
    if (used > 0 && ends[last()] == end) {
      counts[last()] += marks;
    } else {
      if (used == ends.length) {
        grow();
      }
      used++;
      ends[last()] = end;
      counts[last()] = marks;
    }
    total += marks;
  }

  /** Counts marks out; nothing if they had gone by the horizon. */
  void remove(long end, int marks) {
    int low = 0;
    int high = used - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long compared = ends[place(middle)] - end;
      if (compared == 0) {
        counts[place(middle)] -= marks;
        total -= marks;
        return;
      } else if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
  }

  /** {@return whether there are more marks than may be} */
  boolean isOver() {
    return total > capacityBlocks;
  }

  /** Lets the oldest go until there are no more than may be. {@return how many had not ended} */
  long forgetOldest(long now) {
    while (used > 0 && ends[first] - now <= 0) {
      forgetFirst();
    }
    long gone = 0;
    while (isOver()) {
      gone += counts[first];
      forgetFirst();
    }
    return gone;
  }

  private void forgetFirst() {
    horizon = ends[first];
    total -= counts[first];
    first = (first + 1) & (ends.length - 1);
    used--;
  }

  private int place(int i) {
    return (first + i) & (ends.length - 1);
  }

  private int last() {
    return place(used - 1);
  }

  private void grow() {
    long[] oldEnds = ends;
    int[] oldCounts = counts;
    ends = Arrays.copyOf(oldEnds, used * 2);
    counts = Arrays.copyOf(oldCounts, used * 2);
    for (int i = 0; i < used; i++) {
      ends[i] = oldEnds[(first + i) & (oldEnds.length - 1)];
      counts[i] = oldCounts[(first + i) & (oldCounts.length - 1)];
    }
    first = 0;
  }
}
