package io.warmpath.jmh;

import io.warmpath.template.ChatTemplate;
import io.warmpath.token.Tokenizer;
import io.warmpath.tokenizers.ChatTemplates;
import io.warmpath.tokenizers.Tokenizers;
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

  /** Reads {@link #OWN}, or the files of a directory. */
  static Model load(String name) throws IOException {
    if (!name.equals(OWN)) {
      return read(Path.of(name));
    }
    Path directory = Files.createTempDirectory("warmpath-jmh");
    try {
      for (String file : FILES) {
        try (InputStream in = Model.class.getResourceAsStream("tokenizer/" + file)) {
          Files.copy(Objects.requireNonNull(in, file), directory.resolve(file));
        }
      }
      return read(directory);
    } finally {
      for (String file : FILES) {
        Files.deleteIfExists(directory.resolve(file));
      }
      Files.delete(directory);
    }
  }

  private static Model read(Path directory) throws IOException {
    return new Model(Tokenizers.load(directory), ChatTemplates.load(directory));
  }
}
