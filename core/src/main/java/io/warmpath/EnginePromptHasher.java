package io.warmpath;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.EngineHasher;
import io.warmpath.block.LoraAdapter;
import io.warmpath.block.MediaItem;
import io.warmpath.block.PromptExtras;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.TokenizedPrompt.MediaSpan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names blocks as the engines do, where the next block hangs on the last one's whole digest. What enters
 * the hashes of an adapter's prompts is put together once; for a salt, with every prompt.
 */
final class EnginePromptHasher extends PromptHasher {

  private final EngineHashScheme scheme;
  private final EngineHasher hasher;
  private final BlockHasher roots;
  private final Map<String, PromptExtras> adapters = new HashMap<>();
  private PromptExtras extras = PromptExtras.NONE;
  private byte @Nullable [] digest;
  private boolean hasAppended;

  EnginePromptHasher(
      ChainCache known,
      EngineHashScheme scheme,
      BlockHasher roots,
      Map<String, LoraAdapter> adapters) {
    super(known);
    this.scheme = scheme;
    this.hasher = scheme.hasher();
    this.roots = roots;
    adapters.forEach(
        (name, adapter) -> this.adapters.put(name, PromptExtras.NONE.withAdapter(adapter)));
  }

  @Override
  long start(BlockChain chain, @Nullable String adapter, @Nullable String salt) {
    PromptExtras named =
        adapter == null ? PromptExtras.NONE : adapters.getOrDefault(adapter, PromptExtras.NONE);
    extras = salt == null ? named : named.withSalt(salt);
    digest = null;
    hasAppended = false;
    chain.start(0);
    return roots.root(adapter, salt);
  }

  @Override
  void known(ChainCache.Entry last) {
    digest = last.digest();
  }

  @Override
  void append(BlockChain chain, TokenBuffer tokens, int to, int blockSize) {
    int from = chain.length() * blockSize;
    hasAppended = to - from >= blockSize;
    if (hasAppended) {
      byte[] before = digest;
      if (before != null && before != extras.parent()) {
        extras = extras.after(before);
      }
      hasher.append(chain, tokens.ids(), from, to, blockSize, extras);
    }
  }

  @Override
  void appendMixed(BlockChain chain, TokenBuffer tokens, List<MediaSpan> media, int blockSize) {
    PromptExtras mixed = extras.withMedia(media.stream()
        .map(span -> new MediaItem(span.identifier(), span.firstToken(), span.tokens()))
        .toList());
    if (scheme.covers(mixed)) {
      hasher.append(chain, tokens.ids(), 0, tokens.size(), blockSize, mixed);
    } else {
      append(chain, tokens, media.get(0).firstToken(), blockSize);
    }
  }

  @Override
  byte @Nullable [] lastDigest() {
    if (hasAppended) {
      hasAppended = false;
      byte[] last = hasher.lastDigest();
      digest = last == null ? digest : last;
    }
    return digest;
  }
}
