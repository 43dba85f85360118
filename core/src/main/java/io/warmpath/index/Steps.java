package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * When endpoints lost blocks: the number of the last loss of each slot, and of the last of all. So that
 * a look-up knows at its end what it may have missed; {@link RunLookup} says why that is enough.
 */
final class Steps {

  /** Instead of a number: the slot is losing many blocks at once, right now. */
  static final long BUSY = Long.MAX_VALUE - 1;

  /** Instead of a number: the slot's endpoint was dropped. */
  static final long DROPPED = Long.MAX_VALUE;

  private static final VarHandle LAST;

  static {
    try {
      LAST = MethodHandles.lookup().findVarHandle(Steps.class, "last", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ChunkedLongs lost = new ChunkedLongs();

  private long last;

  /** Makes room for a slot, before anybody hears of it; by one thread at a time. */
  void ensure(int slot) {
    lost.ensure(slot);
  }

  /** {@return the last loss of all that is known to all} */
  long la() {
    return (long) LAST.getAcquire(this);
  }

  /** Must come between what a look-up has read and the steps that say whether it still holds. */
  void afterReads() {
    VarHandle.acquireFence();
  }

  /** {@return the same as {@link #la(int)}, after {@link #afterReads}} */
  long lo(int slot) {
    return lost.lo(slot);
  }

  /** {@return the last loss of a slot, or one of the words above} */
  long la(int slot) {
    return lost.la(slot);
  }

  /**
   * {@return the last loss of all or of a slot, whichever is later: a thread suspended between the two
   * words holds up nobody}
   */
  long laWith(int slot) {
    long own = la(slot);
    long all = la();
    return own < BUSY ? Math.max(own, all) : all;
  }

  boolean isDropped(int slot) {
    return la(slot) == DROPPED;
  }

  /** A loss of the slot was published; by the thread that applies changes. */
  void addLoss(int slot) {
    long next = last + 1;
    set(slot, next);
    LAST.setRelease(this, next);
  }

  /** The slot is about to lose many blocks at once, which {@link #addLoss} will end. */
  void busy(int slot) {
    set(slot, BUSY);
  }

  /** By any thread: nothing of this slot is visible from here on. */
  void drop(int slot) {
    long before = la(slot);
    while (!lost.cas(slot, before, DROPPED)) {
      before = la(slot);
    }
  }

  /** A slot whose endpoint was dropped may be another's from here on. */
  void renew(int slot) {
    long next = last + 1;
    lost.sr(slot, next);
    LAST.setRelease(this, next);
  }

  private void set(int slot, long word) {
    long before = la(slot);
    while (before != DROPPED && !lost.cas(slot, before, word)) {
      before = la(slot);
    }
  }
}
