package io.warmpath.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
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
   * @throws IOException if it cannot be read or is not JSON; the message names the file and the line
   * @throws IllegalArgumentException if it holds something else than an object
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
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new IOException(file + ": is not JSON" + where + ": " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException(file + ": must be an object");
  }
}
