package io.warmpath.index;

import java.util.Objects;

/** The arguments that every index checks alike. */
final class IndexArguments {

  /** Half of what a long can hold, 146 years: ends stay comparable. */
  private static final long LONGEST_LIFE = Long.MAX_VALUE >> 1;

  private IndexArguments() {}

  static long life(long lifeNanos) {
    if (lifeNanos < 0) {
      throw new IllegalArgumentException("life must be at least 0 ns, was " + lifeNanos);
    }
    return Math.min(lifeNanos, LONGEST_LIFE);
  }

  static void group(int group, int needBlocks) {
    if (group < 0 || group > HolderKey.MAX_GROUP) {
      throw new IllegalArgumentException("group must be in [0, 65535], was " + group);
    }
    if (needBlocks < 1) {
      throw new IllegalArgumentException(
          "group " + group + ": need must be at least 1 block, was " + needBlocks);
    }
  }

  static void approximate(int capacityBlocks, long lifeNanos) {
    if (capacityBlocks < 1 || lifeNanos < 1) {
      throw new IllegalArgumentException("approximate: capacity must be at least 1 block and life "
          + "at least 1 ns, were " + capacityBlocks + " and " + lifeNanos);
    }
  }

  static void range(long[] chain, int from, int length, PrefixMatch match) {
    Objects.checkFromToIndex(from, length, chain.length);
    if (from > 0 && from != match.length()) {
      throw new IllegalArgumentException(
          "match: from must be 0 or " + match.length() + ", where the match ended, was " + from);
    }
  }
}
