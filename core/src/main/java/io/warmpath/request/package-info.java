/**
 * What a client asked for: one pass over a request body of OpenAI or Anthropic.
 *
 * <p>Start at {@link io.warmpath.request.InferenceRequest#parse}.
 */
@NullMarked
package io.warmpath.request;

import org.jspecify.annotations.NullMarked;
