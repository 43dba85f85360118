package io.warmpath.token;

import java.util.Arrays;
import java.util.Objects;

/**
 * A growing array of token ids that is reused from prompt to prompt, with marks at places where a
 * longer prompt that begins alike has the same ids before it.
 *
 * <p>A mark says: the ids before this place are those of a text of this 128-bit hash. So equal marks of
 * two prompts mean equal ids before them, and what was computed of these once, such as block hashes,
 * need not be computed again. A tokenizer that cuts texts sets them; others set none.
 *
 * <p>Not thread-safe. Allocates only when it grows.
 */
public final class TokenBuffer {

  private static final int INITIAL_TOKENS = 1024;
  private static final int INITIAL_MARKS = 32;

  private int[] ids = new int[INITIAL_TOKENS];
  private int size;

  private int[] markSizes = new int[INITIAL_MARKS];
  private long[] markHashes = new long[2 * INITIAL_MARKS];
  private int marks;

  /** Creates an empty buffer. */
  public TokenBuffer() {}

  /**
   * Returns the ids themselves; valid until the next call that adds.
   *
   * @return shared array; entries {@code 0 .. size() - 1} are valid, the rest is arbitrary
   */
  public int[] ids() {
    return ids;
  }

  /** {@return the number of ids held, at least 0} */
  public int size() {
    return size;
  }

  /** Forgets all ids and marks, and keeps the memory. */
  public void clear() {
    size = 0;
    marks = 0;
  }

  /**
   * Marks the place behind the last id.
   *
   * @param high the upper half of the hash of all that the ids so far depend on
   * @param low its lower half
   */
  public void mark(long high, long low) {
    if (marks == markSizes.length) {
      markSizes = Arrays.copyOf(markSizes, 2 * marks);
      markHashes = Arrays.copyOf(markHashes, 4 * marks);
    }
    markSizes[marks] = size;
    markHashes[2 * marks] = high;
    markHashes[2 * marks + 1] = low;
    marks++;
  }

  /** {@return the number of marks, at least 0} */
  public int marks() {
    return marks;
  }

  /**
   * {@return how many ids are before a mark, at least as many as before the one before}
   *
   * @param mark from 0 to {@code marks() - 1}
   */
  public int markedSize(int mark) {
    return markSizes[Objects.checkIndex(mark, marks)];
  }

  /**
   * {@return the upper half of a mark's hash}
   *
   * @param mark from 0 to {@code marks() - 1}
   */
  public long markHigh(int mark) {
    return markHashes[2 * Objects.checkIndex(mark, marks)];
  }

  /**
   * {@return the lower half of a mark's hash}
   *
   * @param mark from 0 to {@code marks() - 1}
   */
  public long markLow(int mark) {
    return markHashes[2 * Objects.checkIndex(mark, marks) + 1];
  }

  /**
   * Appends one id.
   *
   * @param id token id
   */
  public void add(int id) {
    if (size == ids.length) {
      grow(size + 1);
    }
    ids[size++] = id;
  }

  /**
   * Appends {@code count} ids of {@code source}.
   *
   * @param source read only, not kept
   * @param from first index, at least 0
   * @param count ids to copy, at least 0
   */
  public void add(int[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    if (size + count > ids.length) {
      grow(size + count);
    }
    System.arraycopy(source, from, ids, size, count);
    size += count;
  }

  /**
   * Forgets all ids but the first.
   *
   * @param count how many to keep, from 0 to {@code size()}
   */
  public void keepFirst(int count) {
    size = Objects.checkFromToIndex(0, count, size) + count;
    while (marks > 0 && markSizes[marks - 1] > size) {
      marks--;
    }
  }

  /**
   * Forgets all ids but the last, and all marks.
   *
   * @param count how many to keep, from 0 to {@code size()}
   */
  public void keepLast(int count) {
    Objects.checkFromToIndex(0, count, size);
    System.arraycopy(ids, size - count, ids, 0, count);
    size = count;
    marks = 0;
  }

  /** {@return a copy of the ids, {@code size()} long} */
  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  private void grow(int needed) {
    ids = Arrays.copyOf(ids, Math.max(needed, ids.length * 2));
  }
}
