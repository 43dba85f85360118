/**
 * Tokenizers that the pure Java reader leaves to others: every other {@code tokenizer.json} through
 * the native code of Hugging Face tokenizers, and tiktoken files.
 *
 * <p>With this module on the class path {@link io.warmpath.tokenizers.Tokenizers} finds {@link
 * io.warmpath.tokenizers.djl.DjlTokenizers} by itself. Start at {@link
 * io.warmpath.tokenizers.djl.TiktokenTokenizer} for tiktoken files. Everything loaded is safe for
 * any number of threads.
 */
@NullMarked
package io.warmpath.tokenizers.djl;

import org.jspecify.annotations.NullMarked;
