package io.warmpath.index;

/** One holder of an index, from its first mention to the drop of its endpoint. */
final class Holder {

  final int number;
  final HolderKey key;
  final Member member;

  /** Touched only by the thread that applies changes. */
  private Lease lease;

  Holder(int number, HolderKey key, Member member) {
    this.number = number;
    this.key = key;
    this.member = member;
    lease = new Lease(member, key.tier());
  }

  Lease lease() {
    return lease;
  }

  /** Starts a new lease and returns the old one, not ended yet. */
  Lease renew() {
    Lease old = lease;
    lease = new Lease(member, key.tier());
    return old;
  }
}
