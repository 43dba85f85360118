package io.warmpath.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.warmpath.request.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The small files of a model's folder, such as {@code tokenizer_config.json}. */
final class JsonFile {

  private static final JsonFactory JSON = new JsonFactory();

  private JsonFile() {}

  /**
   * Returns the members of a file's object, as {@link JsonValues} has them; none if there is no such file.
   *
   * @throws IllegalArgumentException if the file holds something else than an object
   */
  static Map<?, ?> members(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Map.of();
    }
    try (JsonParser json = JSON.createParser(file.toFile())) {
      if (json.nextToken() == JsonToken.START_OBJECT
          && JsonValues.read(json) instanceof Map<?, ?> members) {
        return members;
      }
    }
    throw new IllegalArgumentException(file + ": must be an object");
  }
}
