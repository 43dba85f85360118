package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonValuesTest {

  private static final JsonFactory JSON = new JsonFactory();

  @Test
  void writesWhatItReads() throws IOException {
    String text =
        "{\"map\":{\"a\":1,\"b\":[]},\"list\":[\"text\",-0.5,123456789012345678901234567890],"
            + "\"yes\":true,\"nothing\":null}";
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();

      assertEquals(text, written(JsonValues.read(parser)));
    }
  }

  @Test
  void writesKeysAsTheirTexts() throws IOException {
    assertEquals("{\"1\":2}", written(Map.of(1, 2)));
  }

  @Test
  void refusesAnythingElse() {
    assertThrows(IllegalStateException.class, () -> written(Map.of("a", new Object())));
  }

  private static String written(Object value) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      JsonValues.write(json, value);
    }
    return text.toString();
  }
}
