package io.warmpath;

import io.warmpath.block.BlockChain;
import io.warmpath.token.TokenBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Block hashes of prompts' beginnings, by the marks that a tokenizer set in their ids: a conversation
 * that grew hashes only what is behind its last known mark.
 *
 * <p>An entry has the hashes of the blocks that a mark completes, those since the mark before it. A fixed
 * array of {@value #SLOTS} places; an entry has two to choose from and replaces what is there. Entries of
 * more than {@value #MAX_BLOCKS} blocks are not kept, so it never takes more than 64 MiB; where a
 * tokenizer cuts texts into pieces of a thousand tokens, full it takes a tenth of that.
 *
 * <p><b>Threads:</b> any number, without locks. An entry is immutable with final fields, so a thread that
 * sees one at all sees all of it (JLS 17.5); a lost or late write costs hashing again and nothing else.
 */
final class ChainCache {

  private static final int SLOTS = 1 << 14;

  /** Most blocks of an entry. */
  private static final int MAX_BLOCKS = 512;

  private final @Nullable Entry[] entries = new Entry[SLOTS];

  /**
   * What is known of a prompt.
   *
   * @param high the mark's hash, upper half, mixed with what else names the blocks
   * @param low its lower half
   * @param blockSize tokens per block
   * @param first number of the first block here
   * @param hashes of the blocks; never changed
   * @param digest whole digest of the last block, where the hash in the chain is only a part of it; never
   *     changed
   */
  record Entry(
      long high, long low, int blockSize, int first, long[] hashes, byte @Nullable [] digest) {}

  /**
   * {@return the blocks that a mark completes, or null if they are not known}
   *
   * @param root of the prompt: its adapter, its salt
   * @param first number of blocks before them
   */
  @Nullable
  Entry find(TokenBuffer tokens, int mark, long root, int blockSize, int first) {
    long high = high(tokens, mark, root);
    long low = tokens.markLow(mark);
    int slot = slot(high, low);
    Entry entry = entries[slot];
    if (entry == null || !is(entry, high, low, blockSize, first)) {
      entry = entries[slot ^ 1];
      if (entry == null || !is(entry, high, low, blockSize, first)) {
        return null;
      }
    }
    return entry;
  }

  /** Keeps the blocks of a chain from {@code first} on; the entry in its first place moves to the second. */
  void put(
      TokenBuffer tokens,
      int mark,
      long root,
      int blockSize,
      BlockChain chain,
      int first,
      byte @Nullable [] digest) {
    if (chain.length() - first > MAX_BLOCKS) {
      return;
    }
    long high = high(tokens, mark, root);
    long low = tokens.markLow(mark);
    int slot = slot(high, low);
    Entry before = entries[slot];
    if (before != null) {
      entries[slot ^ 1] = before;
    }
    long[] hashes = Arrays.copyOfRange(chain.hashes(), first, chain.length());
    entries[slot] = new Entry(high, low, blockSize, first, hashes, digest);
  }

  private static boolean is(Entry entry, long high, long low, int blockSize, int first) {
    return entry.high == high
        && entry.low == low
        && entry.blockSize == blockSize
        && entry.first == first;
  }

  private static long high(TokenBuffer tokens, int mark, long root) {
    return tokens.markHigh(mark) ^ root;
  }

  private static int slot(long high, long low) {
    return (int) ((high ^ low) >>> 32) & (SLOTS - 1);
  }
}
