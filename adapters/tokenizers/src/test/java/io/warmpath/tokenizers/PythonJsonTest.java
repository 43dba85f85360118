package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The expected texts are what {@code json.dumps(json.loads(text), ensure_ascii=False)} gives. */
final class PythonJsonTest {

  @Test
  void separatorsAreThoseOfPython() throws IOException {
    assertEquals(
        "{\"b\": [1, {}, []], \"a\": null, \"t\": true}",
        dumps("{\"b\":[1,{},[]],\"a\":null,\"t\":true}"));
  }

  @Test
  void onlyControlCharactersAndQuotesAreEscaped() throws IOException {
    assertEquals(
        "\"\\u0001\\u001f\\n\\t\\r\\b\\f\\\"\\\\/<>&'\u007F\u2028\uD55C\"",
        dumps("\"\\u0001\\u001F\\n\\t\\r\\b\\f\\\"\\\\\\/<>&'\u007F\u2028\uD55C\""));
  }

  @Test
  void numbersAreWrittenAsPythonRepresentsThem() throws IOException {
    assertEquals(
        "[1, -0.0, 0.5, 1000.0, 1e+16, 1000000000000000.0, 0.0001, 1e-05, 1.5e-07, 2e-323, 2e+23,"
            + " 123456789012345678901234567890, -1.7976931348623157e+308, 0.1]",
        dumps("[1,-0.0,0.5,1e3,1e16,1e15,1e-4,1e-5,1.5e-7,2e-323,2e23,"
            + "123456789012345678901234567890,-1.7976931348623157e308,0.1]"));
  }

  private static String dumps(String json) throws IOException {
    StringBuilder out = new StringBuilder();
    PythonJson.write(Golden.parse(json), out);
    return out.toString();
  }
}
