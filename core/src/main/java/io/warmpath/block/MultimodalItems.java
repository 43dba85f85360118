package io.warmpath.block;

import java.util.Arrays;

/**
 * The multimodal items of a prompt (images, sounds, videos) and the tokens that stand for them.
 *
 * <p>These tokens are the same for all images, so a block that has any of them is named by the items'
 * identifiers too. A router knows where an item begins and how many tokens it has, and adds it once.
 * An engine's event lists the identifiers by block; there each is added for each of its blocks, with
 * the block's tokens. Both name a block alike: by its tokens and by the identifiers of the items that
 * overlap it, in order of appearance.
 *
 * <p>To be reused: clear, and add again. Not thread-safe. Allocates only when it grows.
 */
public final class MultimodalItems {

  private static final int INITIAL_ITEMS = 8;

  private int[] starts = new int[INITIAL_ITEMS];
  private int[] ends = new int[INITIAL_ITEMS];
  private long[] numbers = new long[INITIAL_ITEMS];
  private int size;

  /** Creates an empty list: plain text. */
  public MultimodalItems() {}

  /** Forgets all items. */
  public void clear() {
    size = 0;
  }

  /** {@return the number of items, at least 0} */
  public int size() {
    return size;
  }

  /**
   * Adds an item, in order of appearance.
   *
   * @param firstToken where its first token is in the array that is hashed; at least that of the item
   *     before
   * @param tokens how many, at least 0; an item without tokens is in no block
   * @param item its identifier as {@link BlockHasher#item} has it
   * @throws IllegalArgumentException if the numbers are negative or the order is another
   */
  public void add(int firstToken, int tokens, long item) {
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens of an item must be at least 0, were " + tokens);
    }
    int least = size == 0 ? 0 : starts[size - 1];
    if (firstToken < least) {
      throw new IllegalArgumentException(
          "items must be added in order: first token must be at least " + least + ", was "
              + firstToken);
    }
    if (tokens == 0) {
      return;
    }
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
      numbers = Arrays.copyOf(numbers, 2 * size);
    }
    starts[size] = firstToken;
    ends[size] = (int) Math.min(Integer.MAX_VALUE, (long) firstToken + tokens);
    numbers[size] = item;
    size++;
  }

  /** {@return the first item from {@code item} on that ends after this token, or the size} */
  int firstEndingAfter(int token, int item) {
    int i = item;
    while (i < size && ends[i] <= token) {
      i++;
    }
    return i;
  }

  /** {@return {@code local} with the items of a block hashed in, of which {@code item} is the first} */
  long hashInto(long local, Xxh3 hash, int item, int first, int end) {
    long named = local;
    for (int i = item; i < size && starts[i] < end; i++) {
      if (ends[i] > first) {
        named = hash.hash(named, numbers[i]);
      }
    }
    return named;
  }
}
