package io.warmpath;

import io.warmpath.request.InferenceRequest;
import io.warmpath.token.TokenizedPrompt;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Has somebody else, such as an engine, read a whole request: rendered, tokenized, images expanded. For
 * models whose tokenizer or template is not at hand.
 *
 * <p><b>Threads:</b> implementations are safe for use by any number of threads.
 */
@FunctionalInterface
public interface RemoteTokenizer {

  /**
   * Asks for the token ids of a request's prompts. This call itself must not wait.
   *
   * @param request any request with a prompt that is not given as token ids
   * @return completes with the prompts in the request's order, on any thread; fails with {@link
   *     io.warmpath.request.BadRequestException} if the request was refused, with anything else if the
   *     prompts could not be had. The router gives up waiting after {@link
   *     RouterBuilder#tokenizationLimit}, but takes an answer that comes later too
   */
  CompletionStage<List<TokenizedPrompt>> tokenize(InferenceRequest request);
}
