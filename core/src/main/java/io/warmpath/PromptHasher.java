package io.warmpath;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.EngineHasher;
import io.warmpath.block.LoraAdapter;
import io.warmpath.block.PromptExtras;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Names the blocks of prompts as the pool's KV events are named: by Warmpath's own hashes, or by those
 * of the engines.
 *
 * <p><b>Threads:</b> one at a time; each {@link Workspace} has its own.
 */
interface PromptHasher {

  /**
   * Writes the hash of every full block to an emptied chain.
   *
   * @param tokens read only; the first {@code count} are the prompt
   * @param blockSize tokens per block, at least 1
   * @param adapter name of the LoRA adapter, or null
   * @param salt the request's {@code cache_salt}, or null
   */
  void hash(
      BlockChain chain,
      int[] tokens,
      int count,
      int blockSize,
      @Nullable String adapter,
      @Nullable String salt);

  /** Hashes by Warmpath's scheme, which keeps nothing of a prompt: all share one. */
  static Supplier<PromptHasher> own(BlockHasher hasher) {
    PromptHasher shared = (chain, tokens, count, blockSize, adapter, salt) -> {
      chain.start(hasher.root(adapter, salt));
      hasher.append(chain, tokens, 0, count, blockSize);
    };
    return () -> shared;
  }

  /**
   * Hashes as the engines do, to the 64 bits that their events carry. What enters the hashes of an
   * adapter's prompts is put together once; for a salt, with every prompt.
   *
   * @param adapters by name; all {@linkplain EngineHashScheme#covers covered} by the scheme
   */
  static Supplier<PromptHasher> engines(
      EngineHashScheme scheme, Map<String, LoraAdapter> adapters) {
    Map<String, PromptExtras> extras = new HashMap<>();
    adapters.forEach((name, adapter) -> extras.put(name, PromptExtras.NONE.withAdapter(adapter)));
    return () -> {
      EngineHasher hasher = scheme.hasher();
      return (chain, tokens, count, blockSize, adapter, salt) -> {
        PromptExtras named =
            adapter == null ? PromptExtras.NONE : extras.getOrDefault(adapter, PromptExtras.NONE);
        chain.start(0);
        hasher.append(
            chain, tokens, 0, count, blockSize, salt == null ? named : named.withSalt(salt));
      };
    };
  }
}
