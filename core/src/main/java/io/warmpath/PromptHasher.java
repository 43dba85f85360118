package io.warmpath;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.LoraAdapter;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.TokenizedPrompt.MediaSpan;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Names the blocks of prompts as the pool's KV events are named: by Warmpath's own hashes, or by those
 * of the engines. What is known of a prompt's beginning is not hashed again.
 *
 * <p><b>Threads:</b> one at a time; each {@link Workspace} has its own.
 */
abstract sealed class PromptHasher permits OwnPromptHasher, EnginePromptHasher {

  private final ChainCache known;

  PromptHasher(ChainCache known) {
    this.known = known;
  }

  /**
   * Writes the hash of every full block to an emptied chain.
   *
   * @param tokens the prompt; read only
   * @param media images and the like among them, by first token
   * @param blockSize tokens per block, at least 1
   * @param adapter name of the LoRA adapter, or null
   * @param salt the request's {@code cache_salt}, or null
   */
  final void hash(
      BlockChain chain,
      TokenBuffer tokens,
      List<MediaSpan> media,
      int blockSize,
      @Nullable String adapter,
      @Nullable String salt) {
    long root = start(chain, adapter, salt);
    if (!media.isEmpty()) {
      appendMixed(chain, tokens, media, blockSize);
      return;
    }
    for (int mark = 0; mark < tokens.marks(); mark++) {
      int first = chain.length();
      ChainCache.Entry entry = known.find(tokens, mark, root, blockSize, first);
      if (entry != null) {
        chain.add(entry.hashes(), entry.hashes().length);
        known(entry);
      } else {
        append(chain, tokens, tokens.markedSize(mark), blockSize);
        known.put(tokens, mark, root, blockSize, chain, first, lastDigest());
      }
    }
    append(chain, tokens, tokens.size(), blockSize);
  }

  /**
   * Begins a prompt.
   *
   * @return what tells it from others of the same tokens
   */
  abstract long start(BlockChain chain, @Nullable String adapter, @Nullable String salt);

  /** Goes on behind blocks that were not hashed here. */
  abstract void known(ChainCache.Entry last);

  /** Appends the blocks behind those of the chain that are full before the token {@code to}. */
  abstract void append(BlockChain chain, TokenBuffer tokens, int to, int blockSize);

  /** Appends all blocks of a prompt with images and the like. */
  abstract void appendMixed(
      BlockChain chain, TokenBuffer tokens, List<MediaSpan> media, int blockSize);

  /** {@return what {@link #known} needs of the last block beside its hash; null if nothing} */
  abstract byte @Nullable [] lastDigest();

  /** Hashes by Warmpath's scheme. */
  static Supplier<PromptHasher> own(BlockHasher hasher) {
    ChainCache known = new ChainCache();
    return () -> new OwnPromptHasher(known, hasher);
  }

  /**
   * Hashes as the engines do, to the 64 bits that their events carry.
   *
   * @param adapters by name; all {@linkplain EngineHashScheme#covers covered} by the scheme
   */
  static Supplier<PromptHasher> engines(
      EngineHashScheme scheme, Map<String, LoraAdapter> adapters) {
    ChainCache known = new ChainCache();
    BlockHasher roots = BlockHasher.keyed(0);
    return () -> new EnginePromptHasher(known, scheme, roots, adapters);
  }
}
