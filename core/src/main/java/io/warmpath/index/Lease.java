package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a holder's blocks refer to, from one clear to the next: ending it takes all of them away at
 * once, and whoever still sees an old reference sees that it has ended.
 */
final class Lease {

  private static final VarHandle ENDED;

  static {
    try {
      ENDED = MethodHandles.lookup().findVarHandle(Lease.class, "ended", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Member member;
  final Tier tier;

  /** The block that only this holder has, once, without a mark: most blocks; shared by all of them. */
  final Holdings alone;

  @SuppressWarnings("unused") // through ENDED
  private boolean ended;

  Lease(Member member, Tier tier) {
    this.member = member;
    this.tier = tier;
    alone = new Holdings(new Lease[] {this}, null, null);
  }

  boolean laEnded() {
    return (boolean) ENDED.getAcquire(this);
  }

  void srEnded() {
    ENDED.setRelease(this, true);
  }

  /** Whether the holder was cleared or its endpoint dropped. */
  boolean isGone() {
    return laEnded() || member.isDropped();
  }
}
