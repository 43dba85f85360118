package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another model name is spliced in, and every other byte stays. */
class ModelSpliceTest {

  private static final String BOM = "\ufeff";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m','prompt':'x'}                            | {'model':'NEW','prompt':'x'}",
        "{ 'prompt' : '한국어 😀 \\ud83d\\ude00 é' , 'model' : 'm' } | { 'prompt' : '한국어 😀 \\ud83d\\ude00 é' , 'model' : 'NEW' }",
        "{'prompt':'\\'model\\':\\'m\\'','model':'m'}          | {'prompt':'\\'model\\':\\'m\\'','model':'NEW'}",
        "{'x':{'model':'m'},'prompt':'x','model':'m'}          | {'x':{'model':'m'},'prompt':'x','model':'NEW'}",
        "{'prompt':'x','mod\\u0065l':'\\u006d\\'é'}            | {'prompt':'x','mod\\u0065l':'NEW'}",
        "{'model':'a','prompt':'x','model':'b','y':1}          | {'model':'a','prompt':'x','model':'NEW','y':1}",
        "{'model':null,'prompt':'x','model':'b'}               | {'model':null,'prompt':'x','model':'NEW'}",
        "{'prompt':[1,2],'모델':'é','model'  :  '모델'  }        | {'prompt':[1,2],'모델':'é','model'  :  'NEW'  }"
      })
  void onlyTheModelChanges(String body, String expected) {
    assertEquals(quoted(expected), spliced(quoted(body), "NEW"));
    assertEquals(BOM + quoted(expected), spliced(BOM + quoted(body), "NEW"));
  }

  @Test
  void longTextsBeforeTheModelDoNotMoveIt() {
    for (int length = 1; length < 70_000; length = length * 3 + 1) {
      String prompt = "é\\n한😀x".repeat(length);
      String body =
          "{\"prompt\":\"" + prompt + "\",\"stop\":[\"" + prompt + "\"],\"model\":\"m\",\"n\":1}";

      assertEquals(body.replace("\"m\"", "\"NEW\""), spliced(body, "NEW"));
    }
  }

  @Test
  void theNewNameIsEscaped() {
    String body = "{\"model\":\"m\",\"prompt\":\"x\"}";

    assertEquals(
        "{\"model\":\"a\\\"\\\\\\n\\u0001é모😀?\",\"prompt\":\"x\"}",
        spliced(body, "a\"\\\n\u0001é모😀\ud800"));
    assertEquals("{\"model\":\"\",\"prompt\":\"x\"}", spliced(body, ""));
  }

  @Test
  void theSameNameKeepsTheArray() {
    InferenceRequest request = parse("{\"model\":\"\\u006d\",\"prompt\":\"x\"}");

    assertSame(request.body(), request.bodyWithModel("m"));
  }

  private static String spliced(String body, String model) {
    return new String(parse(body).bodyWithModel(model), StandardCharsets.UTF_8);
  }

  private static InferenceRequest parse(String body) {
    return InferenceRequest.parse(
        Api.COMPLETIONS, body.getBytes(StandardCharsets.UTF_8), RequestHeaders.NONE);
  }

  private static String quoted(String body) {
    return body.replace('\'', '"');
  }
}
