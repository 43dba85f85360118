/**
 * What a client asked for: one pass over an OpenAI request body.
 *
 * <p>Start at {@link io.warmpath.request.InferenceRequest#parse}.
 */
@NullMarked
package io.warmpath.request;

import org.jspecify.annotations.NullMarked;
