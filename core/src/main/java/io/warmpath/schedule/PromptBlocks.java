package io.warmpath.schedule;

/**
 * One prompt as routing sees it.
 *
 * @param tokens tokens of the prompt, at least 0; 0 if they could not be counted
 * @param chain hashes of its full blocks, first block first; shared, must not change
 * @param reusable leading blocks that an engine can reuse, at most {@code chain.length}: the block of
 *     the last token is always computed anew
 */
public record PromptBlocks(int tokens, long[] chain, int reusable) {

  /** Checks the numbers. */
  public PromptBlocks {
    if (tokens < 0 || reusable < 0 || reusable > chain.length) {
      throw new IllegalArgumentException("prompt: " + tokens + " tokens, " + reusable
          + " reusable of " + chain.length + " blocks");
    }
  }

  /**
   * Makes the blocks of a prompt of known length.
   *
   * @param tokens tokens of the prompt
   * @param chain hashes of its full blocks; shared
   * @param blockSize tokens per block, at least 1
   * @return the prompt
   */
  public static PromptBlocks of(int tokens, long[] chain, int blockSize) {
    return new PromptBlocks(
        tokens, chain, Math.min(chain.length, Math.max(0, tokens - 1) / blockSize));
  }

  @Override
  public String toString() {
    return "PromptBlocks[" + tokens + " tokens, " + chain.length + " blocks]";
  }
}
