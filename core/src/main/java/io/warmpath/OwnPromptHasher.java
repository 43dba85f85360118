package io.warmpath;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.MultimodalItems;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.TokenizedPrompt.MediaSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names blocks by Warmpath's own scheme, where a block's hash is all that the next one hangs on. */
final class OwnPromptHasher extends PromptHasher {

  private final BlockHasher hasher;
  private final MultimodalItems items = new MultimodalItems();

  OwnPromptHasher(ChainCache known, BlockHasher hasher) {
    super(known);
    this.hasher = hasher;
  }

  @Override
  long start(BlockChain chain, @Nullable String adapter, @Nullable String salt) {
    long root = hasher.root(adapter, salt);
    chain.start(root);
    return root;
  }

  @Override
  void known(ChainCache.Entry last) {}

  @Override
  void append(BlockChain chain, TokenBuffer tokens, int to, int blockSize) {
    hasher.append(chain, tokens.ids(), chain.length() * blockSize, to, blockSize);
  }

  @Override
  void appendMixed(BlockChain chain, TokenBuffer tokens, List<MediaSpan> media, int blockSize) {
    items.clear();
    for (MediaSpan span : media) {
      items.add(span.firstToken(), span.tokens(), hasher.item(span.identifier()));
    }
    hasher.append(chain, tokens.ids(), 0, tokens.size(), blockSize, items);
  }

  @Override
  byte @Nullable [] lastDigest() {
    return null;
  }
}
