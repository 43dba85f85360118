package io.warmpath.tokenizers;

import java.io.IOException;
import java.nio.file.Path;

/** The door to tokenizers that are read from files. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * Reads the tokenizer of a model.
   *
   * <p><b>Cost:</b> about a second and, for the time of loading, less than 64 MB for a vocabulary
   * of 150,000 tokens; some 16 MB afterwards.
   *
   * @param directory folder with a {@code tokenizer.json} in the format of Hugging Face tokenizers;
   *     {@code tokenizer_config.json} is not needed for token ids
   * @return the tokenizer, for any number of threads
   * @throws IOException if the file is missing or is not JSON
   * @throws IllegalArgumentException if it asks for something that this reader does not do exactly;
   *     the message names the part of the file and what is supported
   */
  public static BytePairTokenizer load(Path directory) throws IOException {
    return TokenizerJson.read(directory);
  }
}
