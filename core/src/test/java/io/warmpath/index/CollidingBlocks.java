package io.warmpath.index;

/**
 * Block hashes that never repeat and often meet in a {@link BlockMap}: in its first and last segment,
 * at the first and the last home of it, and half of them with a tag that others have too. 0 and -1 are
 * among the first.
 */
final class CollidingBlocks {

  private static final long[] FIRST = {0, -1};
  private static final long[] TAGS = {0, BlockMap.TAG, 1, BlockMap.TAG - 1};
  private static final int TAG_SHIFT = Long.SIZE - BlockMap.SEGMENT_BITS - BlockMap.TAG_BITS;

  private int next;

  long next() {
    int n = next++;
    return n < FIRST.length ? FIRST[n] : block(n);
  }

  /** {@return the block of a number from 2 on; another for each} */
  static long block(int n) {
    long segment = n % 8 == 7 ? (1L << BlockMap.SEGMENT_BITS) - 1 : 0;
    long tag = n % 2 == 0 ? TAGS[n / 2 % TAGS.length] : n & BlockMap.TAG;
    return unmix((((segment << BlockMap.TAG_BITS) | tag) << TAG_SHIFT) | n);
  }

  /** The inverse of {@link BlockMap#mix}. */
  private static long unmix(long mixed) {
    long inverse = BlockMap.SPREAD;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - BlockMap.SPREAD * inverse; // Newton: twice as many bits are right each time
    }
    long folded = mixed * inverse;
    return folded ^ (folded >>> 32);
  }
}
