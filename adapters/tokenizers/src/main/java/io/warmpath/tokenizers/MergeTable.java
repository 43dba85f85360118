package io.warmpath.tokenizers;

import java.util.Arrays;

/**
 * The merges of a byte-pair vocabulary: for a pair of neighbouring tokens, its rank and what it
 * becomes.
 *
 * <p>Open addressing over primitive arrays, at most half full: 12 bytes a slot and 4 a merge
 * instead of some 100 in a {@code HashMap}. Read-only once built.
 */
final class MergeTable {

  /** The rank of a pair that is never merged; above every rank. */
  static final int NO_MERGE = Integer.MAX_VALUE;

  private static final long EMPTY = -1;

  private final long[] pairs;
  private final int[] ranks;
  private final int[] merged;
  private final int mask;
  private int merges;

  /**
   * @param merges how many will be added
   */
  MergeTable(int merges) {
    int slots = Integer.highestOneBit(Math.max(8, merges)) * 4;
    pairs = new long[slots];
    Arrays.fill(pairs, EMPTY);
    ranks = new int[slots];
    merged = new int[merges];
    mask = slots - 1;
  }

  /** Adds the merge of the next rank; the last of two equal pairs counts, as in the original. */
  void add(int left, int right, int result) {
    int slot = slot(left, right);
    pairs[slot] = pair(left, right);
    ranks[slot] = merges;
    merged[merges++] = result;
  }

  /** {@return the rank of the pair, 0 is merged first; or {@link #NO_MERGE}} */
  int rank(int left, int right) {
    int slot = slot(left, right);
    return pairs[slot] == EMPTY ? NO_MERGE : ranks[slot];
  }

  /** {@return the token that the merge of this rank makes} */
  int merged(int rank) {
    return merged[rank];
  }

  private int slot(int left, int right) {
    long pair = pair(left, right);
    long mixed = pair * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & mask;
    while (pairs[slot] != EMPTY && pairs[slot] != pair) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }
}
