package io.warmpath.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes one {@link Cover} from another. Reuses its memory, so that a change allocates the new cover
 * and nothing else. For the thread that applies changes.
 */
final class CoverEditor {

  private long[] announced = new long[16];
  private int announcedCount;
  private long[] believed = new long[16];
  private int believedCount;

  /** Announced blocks that a removal took, or marks that had ended and were swept. */
  private int taken;

  int taken() {
    return taken;
  }

  /** {@return a cover in which a lease has announced a range; the same one if it had} */
  long[] add(long[] cover, int lease, int from, int to) {
    int announcedEnd = Cover.announcedEnd(cover);
    begin();
    int low = from;
    int high = to;
    int place = 0;
    for (int i = 1; i < announcedEnd; i++) {
      long s = cover[i];
      if (Cover.lease(s) == lease && Cover.from(s) <= high && Cover.to(s) >= low) {
        if (Cover.from(s) <= from && Cover.to(s) >= to) {
          return cover;
        }
        low = Math.min(low, Cover.from(s));
        high = Math.max(high, Cover.to(s));
      } else {
        if (s < Cover.stretch(lease, from, to)) {
          place = announcedCount + 1;
        }
        announce(s);
      }
    }
    long added = Cover.stretch(lease, low, high);
    announce(added);
    System.arraycopy(announced, place, announced, place + 1, announcedCount - 1 - place);
    announced[place] = added;
    return result(cover, announcedEnd);
  }

  /**
   * {@return a cover in which a lease has nothing of a range, announced or believed; the same one if it
   * had nothing}
   */
  long[] remove(long[] cover, int lease, int from, int to, @Nullable MarkAges ages) {
    int announcedEnd = Cover.announcedEnd(cover);
    begin();
    boolean changed = false;
    for (int i = 1; i < announcedEnd; i++) {
      long s = cover[i];
      if (Cover.lease(s) == lease && Cover.from(s) < to && Cover.to(s) > from) {
        changed = true;
        taken += Math.min(to, Cover.to(s)) - Math.max(from, Cover.from(s));
        if (Cover.from(s) < from) {
          announce(Cover.stretch(lease, Cover.from(s), from));
        }
        if (Cover.to(s) > to) {
          announce(Cover.stretch(lease, to, Cover.to(s)));
        }
      } else {
        announce(s);
      }
    }
    for (int i = announcedEnd; i < cover.length; i += 2) {
      long s = cover[i];
      long end = cover[i + 1];
      if (Cover.lease(s) == lease && Cover.from(s) < to && Cover.to(s) > from) {
        changed = true;
        if (ages != null) {
          ages.remove(end, Math.min(to, Cover.to(s)) - Math.max(from, Cover.from(s)));
        }
        if (Cover.from(s) < from) {
          believe(Cover.stretch(lease, Cover.from(s), from), end);
        }
        if (Cover.to(s) > to) {
          believe(Cover.stretch(lease, to, Cover.to(s)), end);
        }
      } else {
        believe(s, end);
      }
    }
    return changed ? result() : cover;
  }

  /**
   * {@return a cover in which a lease believes a range until {@code end}, or longer where it did; the
   * same one, with another end or without, if that is enough}
   */
  long[] believe(long[] cover, int lease, int from, int to, long end, @Nullable MarkAges ages) {
    int announcedEnd = Cover.announcedEnd(cover);
    begin();
    int at = from;
    boolean placed = false;
    for (int i = announcedEnd; i < cover.length; i += 2) {
      long s = cover[i];
      long oldEnd = cover[i + 1];
      if (Cover.lease(s) != lease || Cover.to(s) <= from) {
        if (!placed && Cover.lease(s) > lease) {
          at = believeUpTo(lease, at, to, end, ages);
          placed = true;
        }
        believe(s, oldEnd);
      } else if (oldEnd - end >= 0) {
        if (Cover.from(s) <= from && Cover.to(s) >= to) {
          return cover;
        }
        at = believeUpTo(lease, at, Math.min(to, Cover.from(s)), end, ages);
        believe(s, oldEnd);
        at = Math.max(at, Cover.to(s));
      } else if (Cover.from(s) >= to) {
        at = believeUpTo(lease, at, to, end, ages);
        believe(s, oldEnd);
      } else if (Cover.from(s) == from && Cover.to(s) == to) {
        if (ages != null) {
          ages.remove(oldEnd, to - from);
          ages.add(end, to - from);
        }
        Cover.srEnd(cover, i, end);
        return cover;
      } else {
        if (ages != null) {
          ages.remove(oldEnd, Math.min(to, Cover.to(s)) - Math.max(from, Cover.from(s)));
        }
        if (Cover.from(s) < from) {
          believe(Cover.stretch(lease, Cover.from(s), from), oldEnd);
        }
        if (Cover.to(s) > to) {
          at = believeUpTo(lease, at, to, end, ages);
          believe(Cover.stretch(lease, to, Cover.to(s)), oldEnd);
        }
      }
    }
    if (!placed) {
      believeUpTo(lease, at, to, end, ages);
    }
    for (int i = 1; i < announcedEnd; i++) {
      announce(cover[i]);
    }
    return result();
  }

  /**
   * {@return a cover without stretches of leases that have gone, and without marks that have ended; the
   * same one if there are none}
   */
  long[] sweep(long[] cover, Leases leases, long now) {
    int announcedEnd = Cover.announcedEnd(cover);
    begin();
    boolean changed = false;
    for (int i = 1; i < announcedEnd; i++) {
      if (leases.isGone(Cover.lease(cover[i]))) {
        changed = true;
      } else {
        announce(cover[i]);
      }
    }
    for (int i = announcedEnd; i < cover.length; i += 2) {
      int lease = Cover.lease(cover[i]);
      if (leases.isGone(lease)) {
        changed = true;
      } else if (!leases.isBelieved(lease, cover[i + 1], now)) {
        changed = true;
        if (cover[i + 1] - now <= 0) {
          taken += Cover.to(cover[i]) - Cover.from(cover[i]);
        }
      } else {
        believe(cover[i], cover[i + 1]);
      }
    }
    return changed ? result() : cover;
  }

  /** {@return what a cover says of a range, without leases that have gone, as offsets from {@code base}} */
  long[] slice(long[] cover, Leases leases, int from, int to, int base) {
    int announcedEnd = Cover.announcedEnd(cover);
    begin();
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      long s = cover[i];
      int low = Math.max(from, Cover.from(s));
      int high = Math.min(to, Cover.to(s));
      if (low < high && !leases.isGone(Cover.lease(s))) {
        long cut = Cover.stretch(Cover.lease(s), low - base, high - base);
        if (i < announcedEnd) {
          announce(cut);
        } else {
          believe(cut, cover[i + 1]);
        }
      }
    }
    return result();
  }

  private void begin() {
    announcedCount = 0;
    believedCount = 0;
    taken = 0;
  }

  /** Believes what is left before {@code to}. {@return where to go on} */
  private int believeUpTo(int lease, int at, int to, long end, @Nullable MarkAges ages) {
    if (at < to) {
      believe(Cover.stretch(lease, at, to), end);
      if (ages != null) {
        ages.add(end, to - at);
      }
    }
    return Math.max(at, to);
  }

  private void announce(long stretch) {
    if (announcedCount + 1 >= announced.length) {
      announced = Arrays.copyOf(announced, announced.length * 2);
    }
    announced[announcedCount++] = stretch;
  }

  /** Adds a stretch, to the one before if it goes on with it. */
  private void believe(long s, long end) {
    if (believedCount > 0 && believed[believedCount - 1] == end) {
      long last = believed[believedCount - 2];
      if (Cover.lease(last) == Cover.lease(s) && Cover.to(last) == Cover.from(s)) {
        believed[believedCount - 2] = Cover.stretch(Cover.lease(s), Cover.from(last), Cover.to(s));
        return;
      }
    }
    if (believedCount + 2 > believed.length) {
      believed = Arrays.copyOf(believed, believed.length * 2);
    }
    believed[believedCount++] = s;
    believed[believedCount++] = end;
  }

  private long[] result() {
    if (announcedCount + believedCount == 0) {
      return Cover.EMPTY;
    }
    long[] made = new long[1 + announcedCount + believedCount];
    made[0] = announcedCount;
    System.arraycopy(announced, 0, made, 1, announcedCount);
    System.arraycopy(believed, 0, made, 1 + announcedCount, believedCount);
    return made;
  }

  /** {@return the announced stretches at hand, and what was believed before} */
  private long[] result(long[] cover, int announcedEnd) {
    int rest = cover.length - announcedEnd;
    long[] made = new long[1 + announcedCount + rest];
    made[0] = announcedCount;
    System.arraycopy(announced, 0, made, 1, announcedCount);
    System.arraycopy(cover, announcedEnd, made, 1 + announcedCount, rest);
    return made;
  }
}
