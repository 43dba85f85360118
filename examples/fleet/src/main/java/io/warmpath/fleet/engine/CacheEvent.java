package io.warmpath.fleet.engine;

import java.util.Arrays;

/** What a {@link BlockCache} announces; the KV events of vLLM. */
sealed interface CacheEvent {

  /** The whole cache was emptied. */
  record Cleared() implements CacheEvent {}

  /** The block of this hash was evicted; one of its copies, if there were several. */
  record Removed(long hash) implements CacheEvent {}

  /**
   * Consecutive blocks of one sequence were stored. The arrays are the event's own.
   *
   * @param parent hash of the block before the first, if {@code hasParent}
   * @param tokenIds tokens of all blocks
   * @param salt the {@code cache_salt}, if this starts at block 0, or empty
   */
  record Stored(
      long[] hashes, boolean hasParent, long parent, int[] tokenIds, int blockSize, String salt)
      implements CacheEvent {
    @Override
    public String toString() {
      String before = hasParent ? Long.toUnsignedString(parent) : "root";
      return "Stored[" + Arrays.toString(hashes) + " after " + before + ", " + tokenIds.length
          + " tokens]";
    }
  }
}
