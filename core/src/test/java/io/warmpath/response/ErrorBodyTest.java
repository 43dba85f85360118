package io.warmpath.response;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorBodyTest {

  @Test
  void itIsByteForByteWhatVllmAnswers() {
    GoldenResponse answer = GoldenResponse.read("err_unknown_model");

    byte[] body = ErrorBody.openAi(
        404, "The model `nope` does not exist. Valid aliases: tiny-qwen3.", null, "model");

    assertArrayEquals(answer.body(), body);
  }

  @ParameterizedTest
  @CsvSource({
    "400, BadRequestError",
    "404, NotFoundError",
    "413, BadRequestError",
    "500, InternalServerError",
    "502, BadGatewayError",
    "503, ServiceUnavailableError"
  })
  void theTypeFollowsTheStatus(int status, String type) {
    assertEquals(
        "{\"error\":{\"message\":\"m\",\"type\":\"" + type + "\",\"param\":null,\"code\":" + status
            + "}}",
        text(status, "m", null, null));
  }

  @Test
  void textsAreEscapedAndHalfASurrogatePairDoesNoHarm() {
    assertEquals(
        "{\"error\":{\"message\":\"\\\"a\\\\\\n\\u0001é?\",\"type\":\"t\\\"\",\"param\":\"p\\\"\",\"code\":400}}",
        text(400, "\"a\\\n\u0001é\ud800", "t\"", "p\""));
  }

  private static String text(
      int status, String message, @Nullable String type, @Nullable String param) {
    return new String(ErrorBody.openAi(status, message, type, param), StandardCharsets.UTF_8);
  }
}
