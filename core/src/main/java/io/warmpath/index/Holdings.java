package io.warmpath.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who has one block: for each lease the copies, and the end of its mark if there is one. Never empty,
 * never changed: a change makes another one.
 */
final class Holdings {

  /** No mark; a real end of this value is moved by a nanosecond. */
  static final long NO_MARK = Long.MIN_VALUE;

  private final Lease[] leases;
  private final int @Nullable [] copies;
  private final long @Nullable [] ends;

  /**
   * Wraps the arrays.
   *
   * @param leases who has the block; not empty
   * @param copies entry i belongs to lease i, 0 if it has only a mark; null if all are 1
   * @param ends entry i belongs to lease i; null if there is no mark
   */
  Holdings(Lease[] leases, int @Nullable [] copies, long @Nullable [] ends) {
    this.leases = leases;
    this.copies = copies;
    this.ends = ends;
  }

  int size() {
    return leases.length;
  }

  Lease lease(int i) {
    return leases[i];
  }

  int copies(int i) {
    return copies == null ? 1 : copies[i];
  }

  long end(int i) {
    return ends == null ? NO_MARK : ends[i];
  }

  boolean isMarked(int i, long now) {
    long end = end(i);
    return end != NO_MARK && now - end < 0;
  }

  boolean isExpired(int i, long now) {
    long end = end(i);
    return end != NO_MARK && now - end >= 0;
  }

  /** Whether lease i has the block, as long as its endpoint is not dropped. */
  boolean isVisible(int i, long now) {
    return (copies(i) > 0 || isMarked(i, now)) && !leases[i].laEnded();
  }

  boolean has(Member member, long now) {
    for (int i = 0; i < leases.length; i++) {
      if (leases[i].member == member && isVisible(i, now)) {
        return true;
      }
    }
    return false;
  }

  /** {@return the place of the lease, or -1} */
  int indexOf(Lease lease) {
    for (int i = 0; i < leases.length; i++) {
      if (leases[i] == lease) {
        return i;
      }
    }
    return -1;
  }

  int marks() {
    int marks = 0;
    for (int i = 0; ends != null && i < ends.length; i++) {
      marks += ends[i] == NO_MARK ? 0 : 1;
    }
    return marks;
  }

  static Holdings marked(Lease lease, long end) {
    return new Holdings(new Lease[] {lease}, new int[] {0}, new long[] {end});
  }

  /** {@return these with {@code copies} and {@code end} for a lease, which may be new here} */
  Holdings with(Lease lease, int copies, long end) {
    int at = indexOf(lease);
    int size = at < 0 ? leases.length + 1 : leases.length;
    int place = at < 0 ? leases.length : at;
    if (size == 1 && copies == 1 && end == NO_MARK) {
      return lease.alone;
    }
    Lease[] all = leases;
    if (at < 0) {
      all = Arrays.copyOf(leases, size);
      all[place] = lease;
    }
    return new Holdings(all, withCopies(size, place, copies), withEnd(size, place, end));
  }

  /** {@return these without lease i, or null if it was the only one} */
  @Nullable
  Holdings without(int i) {
    int last = leases.length - 1;
    if (last == 0) {
      return null;
    }
    if (last == 1 && copies(1 - i) == 1 && end(1 - i) == NO_MARK) {
      return leases[1 - i].alone;
    }
    Lease[] rest = Arrays.copyOf(leases, last);
    int @Nullable [] restCopies = copies == null ? null : Arrays.copyOf(copies, last);
    long @Nullable [] restEnds = ends == null ? null : Arrays.copyOf(ends, last);
    if (i < last) {
      rest[i] = leases[last];
      if (restCopies != null) {
        restCopies[i] = copies(last);
      }
      if (restEnds != null) {
        restEnds[i] = end(last);
      }
    }
    return new Holdings(rest, restCopies, restEnds);
  }

  private int @Nullable [] withCopies(int size, int place, int value) {
    if (copies == null && value == 1) {
      return null;
    }
    int[] all = new int[size];
    for (int i = 0; i < size; i++) {
      all[i] = i == place ? value : copies(i);
    }
    return all;
  }

  private long @Nullable [] withEnd(int size, int place, long value) {
    if (ends == null && value == NO_MARK) {
      return null;
    }
    long[] all = new long[size];
    for (int i = 0; i < size; i++) {
      all[i] = i == place ? value : end(i);
    }
    return all;
  }
}
