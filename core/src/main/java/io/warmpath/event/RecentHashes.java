package io.warmpath.event;

/**
 * A lossy set of engine hashes: some of those added last.
 *
 * <p><b>Bounded:</b> a hash takes the place of another one that falls there. <b>Threads:</b> one at a
 * time.
 */
final class RecentHashes {

  private static final int PLACES = 1 << 12;

  private long[] hashes = {};

  /** Adds hashes; 0 is never kept. */
  void add(long[] added, int count) {
    if (hashes.length == 0) {
      hashes = new long[PLACES];
    }
    for (int i = 0; i < count; i++) {
      hashes[place(added[i])] = added[i];
    }
  }

  /** {@return whether a hash was added and is remembered still} */
  boolean contains(long hash) {
    return hashes.length != 0 && hash != 0 && hashes[place(hash)] == hash;
  }

  private static int place(long hash) {
    return (int) ((hash * HandleMap.SPREAD) >>> 32) & (PLACES - 1);
  }
}
