package io.warmpath.tokenizers;

import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A reader of tokenizers that {@link Tokenizers} asks where the pure Java one refuses a file.
 *
 * <p>Found with {@link java.util.ServiceLoader}: a jar names its implementation in {@code
 * META-INF/services/io.warmpath.tokenizers.TokenizerProvider}. {@code
 * io.warmpath:warmpath-tokenizers-djl} is one.
 */
public interface TokenizerProvider {

  /** {@return what this reader is called in {@link LoadedTokenizer#reader()} and in messages} */
  String name();

  /**
   * Reads the tokenizer of a model, id by id as its engines do.
   *
   * @param directory folder with a {@code tokenizer.json}
   * @return the tokenizer, for any number of threads
   * @throws IOException if the file, or something that this reader itself needs, cannot be read
   * @throws IllegalArgumentException if the file asks for something that this reader does not do
   */
  Tokenizer load(Path directory) throws IOException;
}
