package io.warmpath.event;

import io.warmpath.block.BlockChain;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.EngineHasher;
import io.warmpath.block.LoraAdapter;
import io.warmpath.block.PromptExtras;
import io.warmpath.block.VllmHash;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether an engine hashes as was said: it tells the tokens of a prompt's first block and what it calls
 * that block, so the scheme can be tried. All blocks after it hang on this one.
 *
 * <p><b>Threads:</b> one at a time. <b>Cost:</b> the scheme's hash of one block, or of two where it
 * looks at tokens behind a block; allocates only for an adapter or a salt.
 */
final class HeadCheck {

  /** Some schemes hash tokens behind the block too; not more than another block's, it is assumed. */
  private static final int MOST_BLOCKS = 2;

  /** Prompts after which those before count half, so that an engine may change. */
  private static final int MEMORY = 64;

  private final EngineHashScheme scheme;
  private final EngineHasher hasher;
  private final Map<String, LoraAdapter> adapters;
  private final BlockChain chain = new BlockChain();
  private int agreed;
  private int differed;

  HeadCheck(EngineHashScheme scheme, Map<String, LoraAdapter> adapters) {
    this.scheme = scheme;
    this.adapters = adapters;
    hasher = scheme.hasher();
  }

  /** An engine announced a prompt's first block, and perhaps more; nothing is said of what it cannot judge. */
  void announced(long hash, int[] tokens, int tokenCount, int tokensPerBlock, BlockExtras told) {
    PromptExtras extras = told.opaque() ? null : extras(told);
    if (extras == null) {
      return;
    }
    chain.start(0);
    if (!(scheme instanceof VllmHash vllm) || tokensPerBlock % vllm.hashesPerBlock() == 0) {
      int most = (int) Math.min(tokenCount, (long) MOST_BLOCKS * tokensPerBlock);
      hasher.append(chain, tokens, 0, most, tokensPerBlock, extras);
      if (chain.length() == 0) {
        return;
      }
    }
    if (chain.length() > 0 && chain.hashes()[0] == hash) {
      agreed++;
    } else {
      differed++;
    }
    if (agreed + differed == MEMORY) {
      agreed /= 2;
      differed /= 2;
    }
  }

  /** {@return what enters the hashes, or null if it is not known here} */
  private @Nullable PromptExtras extras(BlockExtras told) {
    PromptExtras extras = PromptExtras.NONE;
    if (told.adapter() != null) {
      LoraAdapter adapter = adapters.get(told.adapter());
      extras = adapter == null ? null : extras.withAdapter(adapter);
    }
    if (extras != null && told.salt() != null) {
      extras = extras.withSalt(told.salt());
    }
    return extras == null || !scheme.covers(extras) ? null : extras;
  }

  /**
   * {@return whether the engine hashes otherwise: fewer prompts agree than not. Single ones may differ,
   * as old engines do not tell a salt}
   */
  boolean isOther() {
    return differed > agreed;
  }
}
