/**
 * Chat messages to the one text that the engine tokenizes.
 *
 * <p>Start at {@link io.warmpath.template.ChatTemplate}.
 */
@NullMarked
package io.warmpath.template;

import org.jspecify.annotations.NullMarked;
