package io.warmpath;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.BlockSize;
import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.MediaPart;
import io.warmpath.request.Prompt;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.PromptBlocks;
import io.warmpath.schedule.RareWarning;
import io.warmpath.template.ChatTemplate;
import io.warmpath.template.TemplateException;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.TokenizedPrompt;
import io.warmpath.token.TokenizedPrompt.MediaSpan;
import io.warmpath.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Request to block hashes: render, tokenize, hash. Where the tokens cannot be had, to hashes of its bytes.
 *
 * <p>A prompt is hashed whole before it is looked up, and not a window at a time as far as somebody has it,
 * as {@link io.warmpath.index.PrefixLookup} does: the router marks the whole chain where it sends the
 * request, so the rest would only be hashed later. And for later the tokens would have to be kept, a copy
 * of 4 bytes a token that lives as long as the choice of a pod: 128 kB where hashing takes some 30 µs (32,000
 * tokens, {@code docs/performance.md}).
 */
final class RequestPreparer {

  /**
   * Tokens of four bytes in a block of bytes, where the pool's block size is not known; the least of the
   * Kubernetes endpoint picker's approximate prefix plugin.
   */
  static final int BYTE_BLOCK_TOKENS = 64;

  /** Fewer in a block of bytes would make its hash cost more than it can save. */
  private static final int LEAST_BYTE_BLOCK_TOKENS = 16;

  /** No limit to what is tokenized. */
  static final int ALL = Integer.MAX_VALUE;

  /** Keeps the names of blocks of bytes apart from those of tokens. */
  private static final long BYTES = 0xB17E_5B17_E5B1_7E5BL;

  private final @Nullable Tokenizer tokenizer;
  private final @Nullable ChatTemplate template;
  private final MediaPlaceholders placeholders;
  private final Set<String> adapters;
  private final BlockSize blockSize;
  private final BlockHasher byteHasher;
  private final RouterCounters counters;
  private final RareWarning failed;

  RequestPreparer(
      @Nullable Tokenizer tokenizer,
      @Nullable ChatTemplate template,
      Set<String> adapters,
      BlockSize blockSize,
      BlockHasher byteHasher,
      RouterCounters counters,
      RareWarning failed) {
    this.tokenizer = tokenizer;
    this.template = template;
    placeholders = new MediaPlaceholders(tokenizer);
    this.adapters = Set.copyOf(adapters);
    this.blockSize = blockSize;
    this.byteHasher = byteHasher;
    this.counters = counters;
    this.failed = failed;
  }

  /** Returns whether reading may wait for something else than the processor. */
  boolean blocks() {
    return tokenizer != null && tokenizer.blocks();
  }

  /** {@return whether all prompts are given as token ids, so that nothing has to be tokenized} */
  static boolean isTokenized(InferenceRequest request) {
    for (Prompt prompt : request.prompts()) {
      if (!(prompt instanceof Prompt.Tokens)) {
        return false;
      }
    }
    return !request.prompts().isEmpty();
  }

  /**
   * Reads a request with the local tokenizer, by its bytes if that fails or there is none.
   *
   * @param mostNew characters that may be tokenized here, for a caller that must not be held
   * @return null if there are more
   * @throws BadRequestException if the chat template refuses the conversation
   */
  @Nullable
  PreparedRequest prepare(
      InferenceRequest request, Workspace workspace, long nowNanos, int mostNew) {
    int tokensPerBlock = blockSize.tokens();
    boolean canTokenize =
        tokenizer != null && (request.api() == Api.COMPLETIONS || canRender(request));
    List<MediaPart> media = canTokenize ? request.media() : List.of();
    // Media need placeholders to be named by.
    canTokenize &= placeholders.cover(media);
    if (tokensPerBlock == 0 || !(canTokenize || isTokenized(request))) {
      return byBytes(request, workspace);
    }
    try {
      List<PromptBlocks> prompts = request.api() == Api.COMPLETIONS
          ? completions(request, workspace, tokensPerBlock, mostNew)
          : chat(request, media, workspace, tokensPerBlock, mostNew);
      return prompts == null ? null : new PreparedRequest(request, prompts, tokensPerBlock);
    } catch (TemplateException e) {
      if (e.isRefusal()) {
        throw new BadRequestException(String.valueOf(e.getMessage()), null);
      }
      return failed(e, request, workspace, nowNanos);
    } catch (RuntimeException e) {
      return failed(e, request, workspace, nowNanos);
    }
  }

  /** A response before this one, and what is no text or known media, is known to the engine alone. */
  private boolean canRender(InferenceRequest request) {
    return template != null && request.previousResponseId() == null && !request.hasOpaqueContent();
  }

  /** Reads all of a request with the local tokenizer, and its bytes too. */
  PreparedRequest prepareAll(InferenceRequest request, Workspace workspace, long nowNanos) {
    PreparedRequest prepared =
        Objects.requireNonNull(prepare(request, workspace, nowNanos, ALL), "no limit was given");
    return prepared.approximate()
        ? prepared
        : withBytes(request, prepared.prompts(), workspace, prepared.blockSize());
  }

  /** Notes that a request could not be tokenized, and reads its bytes instead. */
  PreparedRequest failed(
      Throwable cause, InferenceRequest request, Workspace workspace, long nowNanos) {
    counters.promptFailures.increment();
    failed.log(cause, nowNanos);
    return byBytes(request, workspace);
  }

  /** Takes tokens that somebody else made, with the request's bytes for when they are not to be had. */
  PreparedRequest remote(
      InferenceRequest request, List<TokenizedPrompt> tokenized, Workspace workspace) {
    int tokensPerBlock = blockSize.tokens();
    if (tokensPerBlock == 0) {
      return byBytes(request, workspace);
    }
    List<PromptBlocks> prompts = new ArrayList<>(tokenized.size());
    for (TokenizedPrompt prompt : tokenized) {
      TokenBuffer tokens = workspace.tokens;
      tokens.clear();
      tokens.add(prompt.ids(), 0, prompt.ids().length);
      prompts.add(blocks(request, prompt.media(), workspace, tokensPerBlock));
    }
    return withBytes(request, prompts, workspace, tokensPerBlock);
  }

  private PreparedRequest withBytes(
      InferenceRequest request,
      List<PromptBlocks> prompts,
      Workspace workspace,
      int tokensPerBlock) {
    List<PromptBlocks> bytes = bytes(request, workspace, wordsPerBlock(tokensPerBlock));
    return new PreparedRequest(request, prompts, tokensPerBlock, false, bytes);
  }

  /** Reads a request's bytes. */
  PreparedRequest byBytes(InferenceRequest request, Workspace workspace) {
    counters.approximate.increment();
    int wordsPerBlock = wordsPerBlock(blockSize.tokens());
    return new PreparedRequest(
        request, bytes(request, workspace, wordsPerBlock), wordsPerBlock, true, List.of());
  }

  private static int wordsPerBlock(int tokensPerBlock) {
    return tokensPerBlock == 0
        ? BYTE_BLOCK_TOKENS
        : Math.max(LEAST_BYTE_BLOCK_TOKENS, tokensPerBlock);
  }

  /** Ids of tokens count as they are. */
  private List<PromptBlocks> bytes(
      InferenceRequest request, Workspace workspace, int wordsPerBlock) {
    TokenBuffer words = workspace.tokens;
    PromptBytes reader = new PromptBytes(words);
    if (request.api() != Api.COMPLETIONS) {
      words.clear();
      reader.chat(request);
      return List.of(byteBlocks(request, workspace, wordsPerBlock));
    }
    List<PromptBlocks> prompts = new ArrayList<>(request.prompts().size());
    for (Prompt prompt : request.prompts()) {
      words.clear();
      if (prompt instanceof Prompt.Text text) {
        reader.prompt(text.text());
      } else if (prompt instanceof Prompt.Tokens tokens) {
        words.add(tokens.ids(), 0, tokens.ids().length);
      }
      prompts.add(byteBlocks(request, workspace, wordsPerBlock));
    }
    return prompts;
  }

  private @Nullable List<PromptBlocks> chat(
      InferenceRequest request,
      List<MediaPart> media,
      Workspace workspace,
      int tokensPerBlock,
      int mostNew) {
    StringBuilder text = workspace.text();
    if (template != null) {
      template.render(request, text);
    }
    if (!encode(request, text, workspace, mostNew)) {
      return null;
    }
    List<MediaSpan> spans =
        media.isEmpty() ? List.of() : placeholders.find(media, workspace.tokens);
    if (spans == null) {
      throw new TemplateException("the template wrote not as many placeholders as there are media");
    }
    return List.of(blocks(request, spans, workspace, tokensPerBlock));
  }

  private @Nullable List<PromptBlocks> completions(
      InferenceRequest request, Workspace workspace, int tokensPerBlock, int mostNew) {
    List<PromptBlocks> prompts = new ArrayList<>(request.prompts().size());
    int left = mostNew;
    for (Prompt prompt : request.prompts()) {
      if (prompt instanceof Prompt.Tokens tokens) {
        workspace.tokens.clear();
        workspace.tokens.add(tokens.ids(), 0, tokens.ids().length);
      } else if (prompt instanceof Prompt.Text text) {
        if (!encode(request, text.text(), workspace, left)) {
          return null;
        }
        left = mostNew == ALL ? ALL : Math.max(0, left - text.text().length());
      }
      prompts.add(blocks(request, List.of(), workspace, tokensPerBlock));
    }
    return prompts;
  }

  private boolean encode(
      InferenceRequest request, CharSequence text, Workspace workspace, int mostNew) {
    workspace.tokens.clear();
    return tokenizer != null
        && tokenizer.encodeIfQuick(text, request.addSpecialTokens(), mostNew, workspace.tokens);
  }

  private PromptBlocks blocks(
      InferenceRequest request, List<MediaSpan> media, Workspace workspace, int tokensPerBlock) {
    BlockChain chain = workspace.chain;
    TokenBuffer tokens = workspace.tokens;
    truncate(request, tokens);
    workspace.hasher.hash(
        chain, tokens, media, tokensPerBlock, adapter(request), request.cacheSalt());
    return PromptBlocks.of(tokens.size(), chain.toArray(), tokensPerBlock);
  }

  /**
   * Cuts as vLLM does: off the beginning, unless the request names the other side (vLLM 0.32, {@code
   * resolve_tokenizer_args} in {@code vllm/tokenizers/registry.py}). Special tokens that a tokenizer puts
   * before a text are cut off with it, although an engine keeps them where no side is named.
   */
  private static void truncate(InferenceRequest request, TokenBuffer tokens) {
    Integer kept = request.truncatePromptTokens();
    if (kept != null && kept >= 0 && kept < tokens.size()) {
      if ("right".equals(request.truncationSide())) {
        tokens.keepFirst(kept);
      } else {
        tokens.keepLast(kept);
      }
    }
  }

  private PromptBlocks byteBlocks(
      InferenceRequest request, Workspace workspace, int wordsPerBlock) {
    BlockChain chain = workspace.chain;
    TokenBuffer words = workspace.tokens;
    chain.start(byteHasher.root(adapter(request), request.cacheSalt()) ^ BYTES);
    byteHasher.append(chain, words.ids(), 0, words.size(), wordsPerBlock);
    return PromptBlocks.of(words.size(), chain.toArray(), wordsPerBlock);
  }

  private @Nullable String adapter(InferenceRequest request) {
    return adapters.contains(request.model()) ? request.model() : null;
  }
}
