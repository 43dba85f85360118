package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Who has which blocks of a run, as one array of longs that is never changed, but for ends of marks,
 * which only become later.
 *
 * <pre>
 *   [0]                 n, the number of stretches that were announced
 *   [1 .. n]            a stretch each: lease &lt;&lt; 32 | from &lt;&lt; 16 | to
 *   [n+1, n+2], ...     a stretch that is believed, and its end in nanoseconds
 * </pre>
 *
 * <p>Both parts are in ascending order. Stretches of one lease do not overlap within a part; those that
 * touch are one, if they are announced. So one array is one instant of a run.
 */
final class Cover {

  /** Nobody has anything. */
  static final long[] EMPTY = {0};

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private Cover() {}

  static long stretch(int lease, int from, int to) {
    return ((long) lease << 32) | ((long) from << 16) | to;
  }

  static int lease(long stretch) {
    return (int) (stretch >>> 32);
  }

  static int from(long stretch) {
    return (int) (stretch >>> 16) & 0xFFFF;
  }

  static int to(long stretch) {
    return (int) stretch & 0xFFFF;
  }

  static boolean has(long stretch, int offset) {
    return from(stretch) <= offset && offset < to(stretch);
  }

  /** {@return the only stretch, if there is just one and it was announced; else 0} */
  static long only(long[] cover) {
    return cover.length == 2 ? cover[1] : 0;
  }

  /** {@return where the announced stretches end and the believed ones begin} */
  static int announcedEnd(long[] cover) {
    return (int) cover[0] + 1;
  }

  /** {@return how far from one entry to the next} */
  static int step(int i, int announcedEnd) {
    return i < announcedEnd ? 1 : 2;
  }

  static boolean isEmpty(long[] cover) {
    return cover.length == 1;
  }

  /** {@return the end of the believed stretch at {@code i}} */
  static long laEnd(long[] cover, int i) {
    return (long) WORD.getAcquire(cover, i + 1);
  }

  /** Makes the believed stretch at {@code i} end later. */
  static void srEnd(long[] cover, int i, long end) {
    WORD.setRelease(cover, i + 1, end);
  }

  /** {@return the lowest offset that somebody has; only if the cover is not empty} */
  static int lowest(long[] cover) {
    int lowest = Integer.MAX_VALUE;
    int announcedEnd = announcedEnd(cover);
    for (int i = 1; i < cover.length; i += step(i, announcedEnd)) {
      lowest = Math.min(lowest, from(cover[i]));
    }
    return lowest;
  }

  /** {@return the end of what somebody has} */
  static int highest(long[] cover) {
    int highest = 0;
    int announcedEnd = announcedEnd(cover);
    for (int i = 1; i < cover.length; i += step(i, announcedEnd)) {
      highest = Math.max(highest, to(cover[i]));
    }
    return highest;
  }

  /** {@return whether somebody has an offset} */
  static boolean isHeld(long[] cover, int offset) {
    int announcedEnd = announcedEnd(cover);
    for (int i = 1; i < cover.length; i += step(i, announcedEnd)) {
      if (has(cover[i], offset)) {
        return true;
      }
    }
    return false;
  }

  /** {@return the first offset from {@code from} on that nobody has} */
  static int heldEnd(long[] cover, int from) {
    int announcedEnd = announcedEnd(cover);
    int end = from;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int i = 1; i < cover.length; i += step(i, announcedEnd)) {
        if (has(cover[i], end)) {
          end = to(cover[i]);
          moved = true;
        }
      }
    }
    return end;
  }

  /** {@return the first offset from {@code from} on that somebody has, or {@code end}} */
  static int gapEnd(long[] cover, int from, int end) {
    int announcedEnd = announcedEnd(cover);
    int next = end;
    for (int i = 1; i < cover.length; i += step(i, announcedEnd)) {
      if (to(cover[i]) > from) {
        next = Math.min(next, Math.max(from, from(cover[i])));
      }
    }
    return next;
  }

  /** {@return how many offsets of a range nobody has} */
  static int dead(long[] cover, int from, int end) {
    int dead = 0;
    int at = heldEnd(cover, from);
    while (at < end) {
      int next = gapEnd(cover, at, end);
      dead += next - at;
      at = heldEnd(cover, next);
    }
    return dead;
  }
}
