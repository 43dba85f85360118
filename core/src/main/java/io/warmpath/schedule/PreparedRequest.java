package io.warmpath.schedule;

import io.warmpath.request.InferenceRequest;
import java.util.List;

/**
 * A request that is read, rendered, tokenized and hashed: ready for scheduling.
 *
 * @param request what the client sent
 * @param prompts its prompts; more than one only for a list of completions; empty if they could not
 *     be tokenized, so that only load counts
 * @param blockSize tokens per block, 0 if not known yet
 */
public record PreparedRequest(InferenceRequest request, List<PromptBlocks> prompts, int blockSize) {

  /** Copies the list. */
  public PreparedRequest {
    prompts = List.copyOf(prompts);
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
