package io.warmpath;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockSize;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.Prompt;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.PromptBlocks;
import io.warmpath.schedule.RareWarning;
import io.warmpath.template.ChatTemplate;
import io.warmpath.template.TemplateException;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Request to block hashes: render, tokenize, hash.
 *
 * <p>A prompt is hashed whole before it is looked up, and not a window at a time as far as somebody has it,
 * as {@link io.warmpath.index.PrefixLookup} does: the router marks the whole chain where it sends the
 * request, so the rest would only be hashed later. And for later the tokens would have to be kept, a copy
 * of 4 bytes a token that lives as long as the choice of a pod: 128 kB where hashing takes some 30 µs (32,000
 * tokens, {@code docs/performance.md}).
 */
final class RequestPreparer {

  private final @Nullable Tokenizer tokenizer;
  private final @Nullable ChatTemplate template;
  private final Set<String> adapters;
  private final BlockSize blockSize;
  private final RouterCounters counters;
  private final RareWarning failed;

  RequestPreparer(
      @Nullable Tokenizer tokenizer,
      @Nullable ChatTemplate template,
      Set<String> adapters,
      BlockSize blockSize,
      RouterCounters counters,
      RareWarning failed) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.adapters = Set.copyOf(adapters);
    this.blockSize = blockSize;
    this.counters = counters;
    this.failed = failed;
  }

  /** Returns whether reading may wait for something else than the processor. */
  boolean blocks() {
    return tokenizer != null && tokenizer.blocks();
  }

  PreparedRequest prepare(InferenceRequest request, Workspace workspace, long nowNanos) {
    int tokensPerBlock = blockSize.tokens();
    List<PromptBlocks> prompts;
    try {
      prompts = request.api() == Api.CHAT_COMPLETIONS
          ? chat(request, workspace, tokensPerBlock)
          : completions(request, workspace, tokensPerBlock);
    } catch (TemplateException e) {
      // The engine will answer what is wrong with it, in its own words.
      counters.promptFailures.increment();
      return new PreparedRequest(request, List.of(), tokensPerBlock);
    } catch (RuntimeException e) {
      counters.promptFailures.increment();
      failed.log(e, nowNanos);
      return new PreparedRequest(request, List.of(), tokensPerBlock);
    }
    if (prompts.isEmpty() || tokensPerBlock == 0) {
      counters.untokenized.increment();
    }
    return new PreparedRequest(request, prompts, tokensPerBlock);
  }

  private List<PromptBlocks> chat(
      InferenceRequest request, Workspace workspace, int tokensPerBlock) {
    if (template == null || tokenizer == null || request.hasOpaqueContent()) {
      return List.of();
    }
    StringBuilder text = workspace.text();
    template.render(request, text);
    return List.of(text(request, text, workspace, tokensPerBlock));
  }

  private List<PromptBlocks> completions(
      InferenceRequest request, Workspace workspace, int tokensPerBlock) {
    List<PromptBlocks> prompts = new ArrayList<>(request.prompts().size());
    for (Prompt prompt : request.prompts()) {
      if (prompt instanceof Prompt.Tokens tokens) {
        prompts.add(blocks(request, tokens.ids(), tokens.ids().length, workspace, tokensPerBlock));
      } else if (prompt instanceof Prompt.Text text && tokenizer != null) {
        prompts.add(text(request, text.text(), workspace, tokensPerBlock));
      }
    }
    return prompts;
  }

  private PromptBlocks text(
      InferenceRequest request, CharSequence text, Workspace workspace, int tokensPerBlock) {
    TokenBuffer tokens = workspace.tokens;
    tokens.clear();
    if (tokenizer != null) {
      tokenizer.encode(text, request.addSpecialTokens(), tokens);
    }
    return blocks(request, tokens.ids(), tokens.size(), workspace, tokensPerBlock);
  }

  private PromptBlocks blocks(
      InferenceRequest request, int[] tokens, int count, Workspace workspace, int tokensPerBlock) {
    if (tokensPerBlock == 0) {
      return new PromptBlocks(count, new long[0], 0);
    }
    BlockChain chain = workspace.chain;
    String adapter = adapters.contains(request.model()) ? request.model() : null;
    workspace.hasher.hash(chain, tokens, count, tokensPerBlock, adapter, request.cacheSalt());
    return PromptBlocks.of(count, chain.toArray(), tokensPerBlock);
  }
}
