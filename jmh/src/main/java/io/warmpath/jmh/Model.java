package io.warmpath.jmh;

import io.warmpath.template.ChatTemplate;
import io.warmpath.token.Tokenizer;
import io.warmpath.tokenizers.ChatTemplates;
import io.warmpath.tokenizers.Tokenizers;
import io.warmpath.tokenizers.djl.DjlTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A model's tokenizer and chat template.
 *
 * @param tokenizer turns text into ids
 * @param template turns chats into text
 */
record Model(Tokenizer tokenizer, ChatTemplate template) {

  /** Our own, of 1,873 tokens and the form of Llama 3; it comes with the jar. */
  static final String OWN = "own";

  private static final List<String> FILES = List.of("tokenizer.json", "tokenizer_config.json");

  /** What is read from a directory. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(Path directory) throws IOException;
  }

  /** Reads {@link #OWN}, or the files of a directory. */
  static Model load(String name) throws IOException {
    return read(
        name, directory -> new Model(Tokenizers.load(directory), ChatTemplates.load(directory)));
  }

  /** Reads only the tokenizer. */
  static Tokenizer tokenizer(String name) throws IOException {
    return read(name, Tokenizers::load);
  }

  /** Reads a tokenizer that remembers words, but no texts. */
  static Tokenizer ofWords(String name) throws IOException {
    return read(name, directory -> Tokenizers.read(directory, 0).tokenizer());
  }

  /** Reads the tokenizer with the native code of Hugging Face tokenizers, called through DJL. */
  static Tokenizer djl(String name) throws IOException {
    return read(name, DjlTokenizer::load);
  }

  private static <T> T read(String name, Reader<T> reader) throws IOException {
    if (!name.equals(OWN)) {
      return reader.read(Path.of(name));
    }
    Path directory = Files.createTempDirectory("warmpath-jmh");
    try {
      for (String file : FILES) {
        try (InputStream in = Model.class.getResourceAsStream("tokenizer/" + file)) {
          Files.copy(Objects.requireNonNull(in, file), directory.resolve(file));
        }
      }
      return reader.read(directory);
    } finally {
      for (String file : FILES) {
        Files.deleteIfExists(directory.resolve(file));
      }
      Files.delete(directory);
    }
  }
}
