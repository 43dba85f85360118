package io.warmpath.template;

import io.warmpath.request.InferenceRequest;

/**
 * Renders the messages of a chat request as the engines of a pool do, character by character.
 *
 * <p><b>Threads:</b> implementations are safe for use by any number of threads.
 */
@FunctionalInterface
public interface ChatTemplate {

  /**
   * Appends the prompt of {@code request} to {@code out}.
   *
   * @param request a chat request, with at least one message
   * @param out receives the text; owned by the calling thread
   * @throws TemplateException if this template refuses the conversation; engines answer 400 then
   */
  void render(InferenceRequest request, StringBuilder out);
}
