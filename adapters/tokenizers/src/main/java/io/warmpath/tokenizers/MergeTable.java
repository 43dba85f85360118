package io.warmpath.tokenizers;

/**
 * The merges of a byte-pair vocabulary: for a pair of neighbouring tokens, its rank and what it
 * becomes.
 *
 * <p>Open addressing over one {@code long} a slot, so a look-up that hits or fails at once touches
 * one line of memory: left id (21 bits), right id (21), rank plus one (22); 0 is an empty slot. At
 * most half full. Read-only once built.
 */
final class MergeTable {

  /** The rank of a pair that is never merged; above every rank. */
  static final int NO_MERGE = Integer.MAX_VALUE;

  /** Ids from here on do not fit. */
  static final int MAX_IDS = 1 << 21;

  /** How many merges fit. */
  static final int MAX_MERGES = (1 << 22) - 2;

  private static final int RANK_BITS = 22;
  private static final int ID_BITS = 21;
  private static final long RANKS = (1L << RANK_BITS) - 1;

  private final long[] slots;
  private final int[] merged;
  private final int shift;
  private int merges;

  /**
   * @param merges how many will be added, at most {@link #MAX_MERGES}
   */
  MergeTable(int merges) {
    int bits = 33 - Integer.numberOfLeadingZeros(Math.max(8, merges));
    slots = new long[1 << bits];
    merged = new int[merges];
    shift = Long.SIZE - bits;
  }

  /** Adds the merge of the next rank; the last of two equal pairs counts, as in the original. */
  void add(int left, int right, int result) {
    long pair = pair(left, right);
    int slot = first(pair);
    while (slots[slot] != 0 && (slots[slot] ^ pair) >>> RANK_BITS != 0) {
      slot = slot + 1 & slots.length - 1;
    }
    merged[merges++] = result;
    slots[slot] = pair | merges;
  }

  /** {@return the rank of the pair, 0 is merged first; or {@link #NO_MERGE}} */
  int rank(int left, int right) {
    long[] slots = this.slots;
    long pair = pair(left, right);
    int slot = first(pair);
    while (true) {
      long found = slots[slot];
      if ((found ^ pair) >>> RANK_BITS == 0 && found != 0) {
        return (int) (found & RANKS) - 1;
      }
      if (found == 0) {
        return NO_MERGE;
      }
      slot = slot + 1 & slots.length - 1;
    }
  }

  /** {@return the token that the merge of this rank makes} */
  int merged(int rank) {
    return merged[rank];
  }

  private int first(long pair) {
    return (int) ((pair * 0x9E37_79B9_7F4A_7C15L) >>> shift);
  }

  private static long pair(int left, int right) {
    return (((long) left << ID_BITS) | right) << RANK_BITS;
  }
}
