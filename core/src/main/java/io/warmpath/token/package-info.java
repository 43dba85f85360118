/**
 * Text to token ids.
 *
 * <p>Start at {@link io.warmpath.token.Tokenizer}, the interface that tokenizer adapters implement.
 */
@NullMarked
package io.warmpath.token;

import org.jspecify.annotations.NullMarked;
