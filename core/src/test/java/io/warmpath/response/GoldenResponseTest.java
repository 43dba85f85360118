package io.warmpath.response;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real engine answers, cut in every way. */
class GoldenResponseTest {

  private static final List<String> NAMES = List.of(
      "sse_chat_plain",
      "sse_chat_usage",
      "sse_chat_usage_continuous",
      "sse_chat_return_token_ids",
      "sse_completion_usage",
      "sse_completion_n2",
      "sse_anthropic_messages",
      "sse_responses",
      "json_chat",
      "json_chat_token_ids",
      "json_completion",
      "json_anthropic_messages",
      "inference_generate",
      "err_bad_role",
      "err_unknown_model",
      "err_too_long_stream",
      "err_method",
      "err_content-type_text");

  static Stream<GoldenResponse> answers() {
    return NAMES.stream().map(GoldenResponse::read);
  }

  static Stream<GoldenResponse> streams() {
    return answers().filter(a -> a.name().startsWith("sse_"));
  }

  @ParameterizedTest
  @CsvSource({
    "sse_chat_plain, COMPLETE, -1, -1, -1",
    "sse_chat_usage, COMPLETE, 147, 128, 4",
    "sse_chat_usage_continuous, COMPLETE, 147, 128, 3",
    "sse_chat_return_token_ids, COMPLETE, 147, 128, 3",
    "sse_completion_usage, COMPLETE, 152, 128, 4",
    "sse_completion_n2, COMPLETE, 152, 128, 4",
    "sse_anthropic_messages, COMPLETE, 144, 128, 4",
    "sse_responses, COMPLETE, 163, 0, 4",
    "json_chat, COMPLETE, 147, 128, 4",
    "json_chat_token_ids, COMPLETE, 147, 128, 4",
    "json_completion, COMPLETE, 152, 128, 4",
    "json_anthropic_messages, COMPLETE, 144, 128, 4",
    "inference_generate, COMPLETE, 100, 96, 2",
    "err_bad_role, COMPLETE, 3, 0, 1",
    "err_unknown_model, REJECTED, -1, -1, -1",
    "err_too_long_stream, REJECTED, -1, -1, -1",
    "err_method, REJECTED, -1, -1, -1",
    "err_content-type_text, REJECTED, -1, -1, -1"
  })
  void endAndUsageAreThoseOfTheEngine(
      String name, ResponseEnd end, int prompt, int cached, int output) {
    Feed feed = whole(GoldenResponse.read(name), null);

    assertEquals(end, feed.end);
    assertEquals(new Usage(prompt, cached, output), feed.usage);
    assertEquals(end == ResponseEnd.COMPLETE ? 1 : 0, feed.firstTokens);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void everySplitGivesTheSameResultAndTheSameBytes(GoldenResponse answer) {
    String expected = whole(answer, null).result();

    for (int cut = 0; cut <= answer.body().length; cut++) {
      Feed feed = cut(answer, cut, null);

      assertEquals(expected, feed.result(), "cut at " + cut);
      assertArrayEquals(answer.body(), feed.out.toByteArray(), "cut at " + cut);
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void byteByByteGivesTheSameResultAndTheSameBytes(GoldenResponse answer) {
    Feed feed = byteByByte(answer, null);

    assertEquals(whole(answer, null).result(), feed.result());
    assertArrayEquals(answer.body(), feed.out.toByteArray());
  }

  @ParameterizedTest
  @MethodSource("answers")
  void everySplitWritesTheClientsModelNameAndNothingElse(GoldenResponse answer) {
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    String expected = answer.status() == 200
        ? body.replace("\"model\":\"tiny-qwen3\"", "\"model\":\"my \\\"큰\\\" model\"")
        : body;

    for (int cut = 0; cut <= answer.body().length; cut++) {
      Feed feed = cut(answer, cut, "my \"큰\" model");

      assertEquals(expected, feed.text(), "cut at " + cut);
    }
    assertEquals(expected, byteByByte(answer, "my \"큰\" model").text());
  }

  @ParameterizedTest
  @MethodSource("streams")
  void theFirstTokenIsTheFirstByteOfTheFirstPiece(GoldenResponse answer) {
    String latin = new String(answer.body(), StandardCharsets.ISO_8859_1);
    Matcher piece = Pattern.compile(
            answer.name().contains("responses")
                ? "\"type\":\"response.output_text.delta\""
                : answer.name().contains("anthropic")
                    ? "\"type\":\"content_block_delta\""
                    : "\"(content|text)\":\"[^\"]")
        .matcher(latin);
    piece.find();

    Feed feed = byteByByte(answer, null);

    assertEquals(piece.end(), feed.firstTokenAt);
  }

  @Test
  void aWholeDocumentReportsTheFirstTokenWithItsFirstByte() {
    Feed feed = byteByByte(GoldenResponse.read("json_chat"), null);

    assertEquals(1, feed.firstTokenAt);
  }

  private static Feed whole(GoldenResponse answer, @Nullable String clientModel) {
    return cut(answer, 0, clientModel);
  }

  private static Feed cut(GoldenResponse answer, int cut, @Nullable String clientModel) {
    Feed feed = new Feed(answer.status(), answer.contentType(), clientModel);
    return feed.body(answer.body(), 0, cut)
        .body(answer.body(), cut, answer.body().length)
        .end();
  }

  private static Feed byteByByte(GoldenResponse answer, @Nullable String clientModel) {
    Feed feed = new Feed(answer.status(), answer.contentType(), clientModel);
    for (int i = 0; i < answer.body().length; i++) {
      feed.body(answer.body(), i, i + 1);
    }
    return feed.end();
  }
}
