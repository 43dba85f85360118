package io.warmpath;

import io.warmpath.template.ChatTemplate;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a model's own tokenizer and chat template: what stands behind {@link
 * RouterBuilder#tokenizer(Path)}. Found by {@link java.util.ServiceLoader}; warmpath-tokenizers has one.
 */
public interface ModelReader {

  /**
   * Reads the tokenizer.
   *
   * @param directory the model's files, {@code tokenizer.json} among them
   * @return exact for this model, or none
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if a file asks for what cannot be done exactly; the message names the
   *     part
   */
  Tokenizer tokenizer(Path directory) throws IOException;

  /**
   * Reads the chat template.
   *
   * @param directory the model's files
   * @return the template, or empty if the files have none, as those of a model that does not chat
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if the template cannot be read; the message says where
   */
  Optional<ChatTemplate> template(Path directory) throws IOException;
}
