/**
 * The text side of a model, read from the files that its engines read: token ids from {@code
 * tokenizer.json}, prompts from the chat template beside it.
 *
 * <p>Start at {@link io.warmpath.tokenizers.Tokenizers} and {@link
 * io.warmpath.tokenizers.ChatTemplates}. A <i>word</i> is what the pre-tokenizer cuts a text into;
 * byte pairs are merged within a word, never across two. Everything loaded is safe for any number
 * of threads.
 */
@NullMarked
package io.warmpath.tokenizers;

import org.jspecify.annotations.NullMarked;
