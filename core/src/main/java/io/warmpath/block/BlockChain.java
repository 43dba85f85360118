package io.warmpath.block;

import java.util.Arrays;

/**
 * A growing array of block hashes, reused from prompt to prompt: the chain that a
 * {@link BlockHasher} writes.
 *
 * <p>Not thread-safe. Allocates only when it grows.
 */
public final class BlockChain {

  private static final int INITIAL_BLOCKS = 256;

  /** Scratch of {@link BlockHasher}: the two words that a block's hash is made of. */
  final long[] link = new long[2];

  private long[] hashes = new long[INITIAL_BLOCKS];
  private int length;
  private long last;

  /** Creates an empty chain that starts at root 0. */
  public BlockChain() {}

  /**
   * Empties the chain and sets what its first block hangs on.
   *
   * @param parent a root from {@link BlockHasher#root}, or the hash of the block before
   */
  public void start(long parent) {
    length = 0;
    last = parent;
  }

  /**
   * Returns the hashes themselves; valid until the next call that adds.
   *
   * @return shared array; entries {@code 0 .. length() - 1} are valid, the rest is arbitrary
   */
  public long[] hashes() {
    return hashes;
  }

  /** {@return the number of blocks, at least 0} */
  public int length() {
    return length;
  }

  /** {@return the hash that the next block hangs on: the last block's, or the start's} */
  public long last() {
    return last;
  }

  /**
   * Appends a block.
   *
   * @param hash any value
   */
  public void add(long hash) {
    if (length == hashes.length) {
      hashes = Arrays.copyOf(hashes, length * 2);
    }
    hashes[length++] = hash;
    last = hash;
  }

  /** {@return a copy of the hashes, {@code length()} long} */
  public long[] toArray() {
    return Arrays.copyOf(hashes, length);
  }
}
