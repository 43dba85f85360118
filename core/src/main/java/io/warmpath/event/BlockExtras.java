package io.warmpath.event;

import org.jspecify.annotations.Nullable;

/**
 * What tells apart blocks of equal tokens, and what kind of cache they are in.
 *
 * @param adapter name of the LoRA adapter, or null
 * @param salt the request's {@code cache_salt}, or null; engines announce it with a prompt's first
 *     block
 * @param opaque whether the blocks depend on something else too (an image, prompt embeddings), so that
 *     their tokens alone do not name them
 * @param reused whether the engine says that it had these blocks already and reports them once more:
 *     no new copy of them was made
 * @param reach how many tokens before the end of a prefix must be cached for the prefix to be reused:
 *     {@link #WHOLE_PREFIX} for full attention, the window less one for a sliding window, 1 for a
 *     state space; {@link #NOT_REUSABLE}, or {@link #UNTOLD}
 */
public record BlockExtras(
    @Nullable String adapter, @Nullable String salt, boolean opaque, boolean reused, int reach) {

  /** The reach of full attention: every block of a prefix. */
  public static final int WHOLE_PREFIX = Integer.MAX_VALUE;

  /** The reach of a cache whose blocks cannot be reused for a prefix, or by rules not known here. */
  public static final int NOT_REUSABLE = 0;

  /** The reach where the engine does not say: the blocks are kept, and limit no other cache group. */
  public static final int UNTOLD = -1;

  /** Plain text of the base model, in a cache of a kind that the engine does not tell. */
  public static final BlockExtras NONE = new BlockExtras(null, null, false, false, UNTOLD);

  /** Checks the reach. */
  public BlockExtras {
    if (reach < UNTOLD) {
      throw new IllegalArgumentException(
          "block extras: reach must be at least -1 token, was " + reach);
    }
  }

  /**
   * Makes extras of text that only adapter and salt name, in a cache of a kind that the engine does
   * not tell.
   *
   * @param adapter name of the LoRA adapter, or null
   * @param salt the request's {@code cache_salt}, or null
   * @return the extras
   */
  public static BlockExtras of(@Nullable String adapter, @Nullable String salt) {
    return new BlockExtras(adapter, salt, false, false, UNTOLD);
  }

  /**
   * Returns how many blocks before the end of a prefix must be cached.
   *
   * @param blockSize tokens per block, at least 1
   * @return at least 1, {@link #WHOLE_PREFIX} for all; meaningless if the reach is below 1
   */
  int needBlocks(int blockSize) {
    return reach == WHOLE_PREFIX ? WHOLE_PREFIX : (reach - 1) / blockSize + 1;
  }
}
