package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;
import java.util.Arrays;

/**
 * Byte-pair encoding of one word: again and again, of all neighbouring pairs, the one of the lowest
 * rank (the leftmost of equals) becomes one token (Sennrich et al. 2016, "Neural Machine
 * Translation of Rare Words with Subword Units", algorithm 1).
 *
 * <p>Short words look at all pairs at each step. Long ones keep the tokens as a linked list and the
 * pairs in a heap: O(n log n), so that a word of a megabyte is no attack. A pair in the heap is out
 * of date when the rank noted for its place is another by now; it is skipped then.
 *
 * <p>Not thread-safe; reusable.
 */
final class WordMerger {

  /** Up to this many tokens, looking at all of them is faster than the heap. */
  private static final int SHORT_WORD = 48;

  private static final int NONE = -1;

  private final MergeTable table;
  private int[] tokens = new int[SHORT_WORD];
  private int[] ranks = new int[SHORT_WORD];
  private int[] previous = {};
  private int[] next = {};
  private long[] heap = {};
  private int heapSize;

  WordMerger(MergeTable table) {
    this.table = table;
  }

  /**
   * Appends the tokens of a word to {@code out}.
   *
   * @param word one token a byte; read only
   * @param length how many of them count
   */
  void merge(int[] word, int length, TokenBuffer out) {
    if (length > tokens.length) {
      tokens = new int[length];
      ranks = new int[length];
    }
    System.arraycopy(word, 0, tokens, 0, length);
    for (int i = 0; i + 1 < length; i++) {
      ranks[i] = table.rank(tokens[i], tokens[i + 1]);
    }
    if (length <= SHORT_WORD) {
      mergeShort(length, out);
    } else {
      mergeLong(length, out);
    }
  }

  private void mergeShort(int length, TokenBuffer out) {
    int size = length;
    while (size > 1) {
      int best = 0;
      for (int i = 1; i < size - 1; i++) {
        if (ranks[i] < ranks[best]) {
          best = i;
        }
      }
      if (ranks[best] == MergeTable.NO_MERGE) {
        break;
      }
      tokens[best] = table.merged(ranks[best]);
      System.arraycopy(tokens, best + 2, tokens, best + 1, size - best - 2);
      System.arraycopy(ranks, best + 1, ranks, best, size - best - 2);
      size--;
      if (best > 0) {
        ranks[best - 1] = table.rank(tokens[best - 1], tokens[best]);
      }
      if (best < size - 1) {
        ranks[best] = table.rank(tokens[best], tokens[best + 1]);
      }
    }
    out.add(tokens, 0, size);
  }

  private void mergeLong(int length, TokenBuffer out) {
    link(length);
    while (heapSize > 0) {
      long top = pop();
      int at = (int) top;
      int rank = (int) (top >>> 32);
      if (ranks[at] != rank) {
        continue;
      }
      int right = next[at];
      tokens[at] = table.merged(rank);
      ranks[right] = MergeTable.NO_MERGE;
      next[at] = next[right];
      if (next[at] != NONE) {
        previous[next[at]] = at;
      }
      rankAgain(at);
      if (previous[at] != NONE) {
        rankAgain(previous[at]);
      }
    }
    for (int at = 0; at != NONE; at = next[at]) {
      out.add(tokens[at]);
    }
  }

  private void link(int length) {
    if (length > next.length) {
      next = new int[length];
      previous = new int[length];
      heap = new long[length];
    }
    heapSize = 0;
    for (int i = 0; i < length; i++) {
      previous[i] = i - 1;
      next[i] = i + 1 < length ? i + 1 : NONE;
    }
    ranks[length - 1] = MergeTable.NO_MERGE;
    for (int i = 0; i + 1 < length; i++) {
      push(i);
    }
  }

  private void rankAgain(int at) {
    int right = next[at];
    ranks[at] = right == NONE ? MergeTable.NO_MERGE : table.rank(tokens[at], tokens[right]);
    push(at);
  }

  private void push(int at) {
    if (ranks[at] == MergeTable.NO_MERGE) {
      return;
    }
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, heapSize * 2);
    }
    long entry = (long) ranks[at] << 32 | at;
    int hole = heapSize++;
    while (hole > 0 && heap[(hole - 1) >>> 1] > entry) {
      heap[hole] = heap[(hole - 1) >>> 1];
      hole = (hole - 1) >>> 1;
    }
    heap[hole] = entry;
  }

  private long pop() {
    long top = heap[0];
    long last = heap[--heapSize];
    int hole = 0;
    int child = 1;
    while (child < heapSize) {
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
      child = 2 * hole + 1;
    }
    heap[hole] = last;
    return top;
  }
}
