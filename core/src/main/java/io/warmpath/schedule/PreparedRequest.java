package io.warmpath.schedule;

import io.warmpath.request.InferenceRequest;
import java.util.List;

/**
 * A request that is read, rendered, tokenized and hashed: ready for scheduling.
 *
 * @param request what the client sent
 * @param prompts its prompts; more than one only for a list of completions; empty if nothing of them is
 *     known, so that only load counts
 * @param blockSize tokens per block, 0 if not known yet
 * @param approximate whether the prompts' blocks and tokens are made of their bytes, as their tokens are
 *     not known
 * @param byBytes the same prompts made of their bytes too, if a later request that begins alike may have
 *     to be matched so; else empty
 */
public record PreparedRequest(
    InferenceRequest request,
    List<PromptBlocks> prompts,
    int blockSize,
    boolean approximate,
    List<PromptBlocks> byBytes) {

  /** Copies the lists. */
  public PreparedRequest {
    prompts = List.copyOf(prompts);
    byBytes = List.copyOf(byBytes);
  }

  /**
   * Makes a request whose tokens are known.
   *
   * @param request what the client sent
   * @param prompts its prompts
   * @param blockSize tokens per block, 0 if not known yet
   */
  public PreparedRequest(InferenceRequest request, List<PromptBlocks> prompts, int blockSize) {
    this(request, prompts, blockSize, false, List.of());
  }

  /** {@return tokens of all prompts, at least 0} */
  public int promptTokens() {
    int sum = 0;
    for (int i = 0; i < prompts.size(); i++) {
      sum += prompts.get(i).tokens();
    }
    return sum;
  }

  /** {@return full blocks of all prompts, at least 0} */
  public int totalBlocks() {
    int sum = 0;
    for (int i = 0; i < prompts.size(); i++) {
      sum += prompts.get(i).chain().length;
    }
    return sum;
  }
}
