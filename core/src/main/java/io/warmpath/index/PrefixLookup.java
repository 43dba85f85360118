package io.warmpath.index;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.MultimodalItems;

/**
 * From a prompt's tokens to how much of it each endpoint has: hashes a window of blocks, looks it up,
 * and goes on only while some endpoint has all of it. So a prompt that nobody knows costs one window,
 * whatever its length.
 *
 * <p><b>Threads:</b> safe for any number, each with a chain and a match of its own. <b>Cost:</b> as
 * {@link BlockHasher#appendNext} and {@link KvBlockIndex#match} for the blocks that are held, and one
 * window more; allocates only what chain and match need to grow.
 */
public final class PrefixLookup {

  private final BlockHasher hasher;
  private final KvBlockIndex index;

  /**
   * Creates a look-up.
   *
   * @param hasher names the blocks, as it named those in the index
   * @param index who has them
   */
  public PrefixLookup(BlockHasher hasher, KvBlockIndex index) {
    this.hasher = hasher;
    this.index = index;
  }

  /**
   * Looks up the leading blocks of a prompt. Afterwards the chain has the blocks that were hashed: at
   * least all that anybody has; {@link #finish} hashes the rest.
   *
   * @param chain {@linkplain BlockChain#start started} with the prompt's root, and with the blocks that
   *     are hashed already, if there are any
   * @param tokens of the prompt, from its first on; read only
   * @param count entries used
   * @param blockSize tokens per block, at least 1
   * @param items the prompt's multimodal items
   * @param most blocks looked up at most: those that an engine can reuse
   * @param match receives the result
   */
  public void find(
      BlockChain chain,
      int[] tokens,
      int count,
      int blockSize,
      MultimodalItems items,
      int most,
      PrefixMatch match) {
    int looked = 0;
    boolean open = true;
    while (open) {
      int window = Math.max(0, looked + BlockHasher.WINDOW_BLOCKS - chain.length());
      hasher.appendNext(chain, tokens, 0, count, blockSize, items, window);
      int end = Math.min(most, chain.length());
      if (end == looked && looked > 0) {
        return;
      }
      index.match(chain.hashes(), looked, end, match);
      open = match.open() && end < most;
      looked = end;
    }
  }

  /**
   * Hashes what is left of a prompt: off the critical path, for {@link KvBlockIndex#expect}.
   *
   * @param chain as {@link #find} left it
   * @param tokens the same
   * @param count the same
   * @param blockSize the same
   * @param items the same
   */
  public void finish(
      BlockChain chain, int[] tokens, int count, int blockSize, MultimodalItems items) {
    hasher.appendNext(chain, tokens, 0, count, blockSize, items, Integer.MAX_VALUE);
  }
}
