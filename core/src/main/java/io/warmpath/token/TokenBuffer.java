package io.warmpath.token;

import java.util.Arrays;
import java.util.Objects;

/**
 * A growing array of token ids that is reused from prompt to prompt.
 *
 * <p>Not thread-safe. Allocates only when it grows.
 */
public final class TokenBuffer {

  private static final int INITIAL_TOKENS = 1024;

  private int[] ids = new int[INITIAL_TOKENS];
  private int size;

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

  /** Forgets all ids and keeps the memory. */
  public void clear() {
    size = 0;
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

  /** {@return a copy of the ids, {@code size()} long} */
  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  private void grow(int needed) {
    ids = Arrays.copyOf(ids, Math.max(needed, ids.length * 2));
  }
}
