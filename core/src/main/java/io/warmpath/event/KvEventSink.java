package io.warmpath.event;

import io.warmpath.index.Tier;

/**
 * Takes the KV events of one source: one rank of one endpoint.
 *
 * <p>The arrays belong to the caller, may be longer than their valid part and are reused after the
 * call. Engine hashes are opaque 64-bit names: the decoder folds longer ones to their last 8 bytes.
 *
 * <p><b>Threads:</b> one at a time for each source, in the order of the engine's sequence numbers; a
 * batch that was applied is not given again.
 */
public interface KvEventSink {

  /**
   * Blocks became available.
   *
   * @param hashes engine hashes, in prompt order
   * @param count valid entries of {@code hashes}
   * @param hasParent whether a block comes before the first; false at the start of a prompt
   * @param parent engine hash of the block before the first
   * @param tokens tokens of all these blocks, or none if the engine only says that known blocks are
   *     on another tier as well
   * @param tokenCount valid entries of {@code tokens}
   * @param blockSize tokens per block; 0 where the engine gives no tokens
   * @param tier where the blocks are
   * @param group KV cache group, at least 0
   * @param extras what else names the blocks
   */
  void stored(
      long[] hashes,
      int count,
      boolean hasParent,
      long parent,
      int[] tokens,
      int tokenCount,
      int blockSize,
      Tier tier,
      int group,
      BlockExtras extras);

  /**
   * One copy of each of these blocks was evicted.
   *
   * @param hashes engine hashes, in any order
   * @param count valid entries of {@code hashes}
   * @param tier where the blocks were
   * @param group KV cache group, at least 0
   */
  void removed(long[] hashes, int count, Tier tier, int group);

  /** The engine emptied its device cache, all groups; other tiers keep theirs. */
  void cleared();

  /**
   * What is known of the source is not to be trusted any more: it restarted, or events were lost and
   * cannot be had again. Everything is forgotten and learned anew.
   */
  void reset();
}
