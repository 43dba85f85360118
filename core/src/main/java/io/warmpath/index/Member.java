package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One endpoint in an index, from its first mention to its drop: its number, and the version by which
 * look-ups notice that it lost a block.
 *
 * <p>Even: at rest. Odd: one of its holders is being cleared. Negative: dropped, for good.
 */
final class Member {

  private static final VarHandle VERSION;

  static {
    try {
      VERSION = MethodHandles.lookup().findVarHandle(Member.class, "version", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final long DROPPED = Long.MIN_VALUE;

  final int slot;

  @SuppressWarnings("unused") // through VERSION
  private long version;

  Member(int slot) {
    this.slot = slot;
  }

  long laVersion() {
    return (long) VERSION.getAcquire(this);
  }

  /** After a block's removal was published, by the thread that applies changes. */
  void addRemoval() {
    VERSION.getAndAddRelease(this, 2L);
  }

  /** Before and after one of the holders is cleared, by the thread that applies changes. */
  void addHalfClear() {
    VERSION.getAndAdd(this, 1L);
  }

  /** By any thread: nothing of this endpoint is visible from here on. */
  void orDropped() {
    VERSION.getAndBitwiseOr(this, DROPPED);
  }

  boolean isDropped() {
    return laVersion() < 0;
  }

  static boolean isDropped(long version) {
    return version < 0;
  }

  /** Whether nothing was taken from the endpoint while its version stayed at this one. */
  static boolean isSteady(long version) {
    return (version & (DROPPED | 1)) == 0;
  }
}
