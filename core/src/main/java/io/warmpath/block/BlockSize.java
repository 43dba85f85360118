package io.warmpath.block;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The tokens per block of a pool: given at the start, or learned from the first engine that tells.
 *
 * <p>Once known it never changes, because all block hashes depend on it.
 *
 * <p><b>Threads:</b> safe for any number.
 */
public final class BlockSize {

  private static final int UNKNOWN = 0;

  private final AtomicInteger tokens = new AtomicInteger(UNKNOWN);

  private BlockSize() {}

  /** {@return a block size that the first call of {@link #agree} settles} */
  public static BlockSize learned() {
    return new BlockSize();
  }

  /**
   * Makes a known block size.
   *
   * @param tokens tokens per block, at least 1
   * @return the block size
   */
  public static BlockSize of(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("blockSize must be at least 1 token, was " + tokens);
    }
    BlockSize size = new BlockSize();
    size.tokens.set(tokens);
    return size;
  }

  /** {@return tokens per block, or 0 while nobody has told} */
  public int tokens() {
    return tokens.get();
  }

  /**
   * Hears an engine's block size.
   *
   * @param told tokens per block, at least 1
   * @return whether it is the pool's, which it becomes if none was known
   */
  public boolean agree(int told) {
    int known = tokens.get();
    if (known == UNKNOWN && tokens.compareAndSet(UNKNOWN, told)) {
      return true;
    }
    return tokens.get() == told;
  }
}
