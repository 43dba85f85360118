package io.warmpath.block;

import java.util.Arrays;
import java.util.Objects;

/**
 * A growing array of block hashes, reused from prompt to prompt: the chain that a
 * {@link BlockHasher} writes.
 *
 * <p>Not thread-safe. Allocates only when it grows.
 */
public final class BlockChain {

  private static final int INITIAL_BLOCKS = 256;

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
   * Starts the chain with blocks whose hashes are known already, so that hashing goes on behind them.
   *
   * @param parent what the first block hangs on; matters only if none is known
   * @param known hashes of the chain's first blocks; copied
   * @param count how many of {@code known}, at least 0
   * @throws IndexOutOfBoundsException if {@code known} has fewer
   */
  public void start(long parent, long[] known, int count) {
    start(parent);
    add(known, count);
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
    room(1)[length] = hash;
    added(1, hash);
  }

  /**
   * Appends blocks whose hashes are known already, so that hashing goes on behind them.
   *
   * @param known their hashes; copied
   * @param count how many of {@code known}, at least 0
   * @throws IndexOutOfBoundsException if {@code known} has fewer
   */
  public void add(long[] known, int count) {
    Objects.checkFromIndexSize(0, count, known.length);
    if (count > 0) {
      System.arraycopy(known, 0, room(count), length, count);
      added(count, known[count - 1]);
    }
  }

  /** {@return a copy of the hashes, {@code length()} long} */
  public long[] toArray() {
    return Arrays.copyOf(hashes, length);
  }

  /** {@return the hashes, with room for {@code blocks} more from {@code length()} on} */
  long[] room(int blocks) {
    if (blocks > hashes.length - length) {
      hashes = Arrays.copyOf(hashes, Math.max(length + blocks, 2 * hashes.length));
    }
    return hashes;
  }

  /** Counts what was written to the {@link #room}. */
  void added(int blocks, long lastHash) {
    length += blocks;
    last = lastHash;
  }
}
