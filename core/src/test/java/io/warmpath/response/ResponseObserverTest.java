package io.warmpath.response;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseObserverTest {

  private static final String ROLE =
      "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
  private static final String PIECE = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
  private static final String LAST =
      "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  /** What vLLM 0.32 sends when its engine core is killed. */
  private static final String KILLED =
      "data: {\"error\": {\"message\": \"EngineCore encountered an issue\", \"type\": \"InternalServerError\","
          + " \"param\": null, \"code\": 500}}\n\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"\\u0041\"}}]}",
        "{\"choices\":[{\"delta\":{\"reasoning\":\"x\"}}]}",
        "{\"choices\":[{\"delta\":{\"reasoning_content\":\"x\"}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\"}}]}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{},{\"function\":{\"arguments\":\"{\"}}]}}]}",
        "{\"choices\":[{\"delta\":{}},{\"text\":\"x\"}]}",
        "{\"delta\":{\"type\":\"input_json_delta\"},\"type\":\"content_block_delta\"}",
        "{\"type\":\"response.reasoning_summary_text.delta\",\"delta\":\"x\"}"
      })
  void aGeneratedPieceIsTheFirstToken(String data) {
    assertEquals(1, Feed.stream().body("data: " + data + "\n\n").firstTokens);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":null}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"\"}}]}}]}",
        "{\"choices\":[],\"text\":\"x\",\"content\":\"x\",\"delta\":{\"content\":\"x\"}}",
        "{\"choices\":[{\"logprobs\":{\"content\":\"x\",\"text\":\"x\"}}]}",
        "{\"choices\":[[{\"delta\":{\"content\":\"x\"}}]]}",
        "{\"note\":\"\\\"choices\\\":[{\\\"text\\\":\\\"x\\\"}]\"}",
        "{\"note\":{\"choices\":[{\"text\":\"x\"}]}}",
        "{\"note\":\"\\\\\",\"x\":\"{\"}",
        "[{\"choices\":[{\"text\":\"x\"}]}]",
        "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"text\",\"text\":\"x\"}}",
        "{\"type\":\"response.created\"}"
      })
  void otherTextsAreNoToken(String data) {
    assertEquals(0, Feed.stream().body("data: " + data + "\n\n").firstTokens);
  }

  @Test
  void theFirstTokenIsReportedOnce() {
    assertEquals(
        1, Feed.stream().body(ROLE + PIECE).body(PIECE).body(LAST + DONE).end().firstTokens);
  }

  @Test
  void aCompleteStreamWithoutAPieceReportsTheFirstTokenAtItsEnd() {
    Feed feed = Feed.stream().body(ROLE + LAST + DONE);
    assertEquals(0, feed.firstTokens);

    feed.end();

    assertEquals("COMPLETE " + Usage.UNKNOWN + " firstTokens=1 ends=1", feed.result());
  }

  @Test
  void anErrorInAStreamOf200IsAFailureThoughDoneFollows() {
    assertEquals(ResponseEnd.FAILED, Feed.stream().body(PIECE + KILLED + DONE).end().end);
    assertEquals(
        "FAILED " + Usage.UNKNOWN + " firstTokens=0 ends=1",
        Feed.stream().body(KILLED + DONE).end().result());
  }

  @Test
  void anthropicsErrorEventIsAFailure() {
    String error =
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n";

    assertEquals(ResponseEnd.FAILED, Feed.stream().body(error).end().end);
  }

  /** The event of OpenAI's responses has no error object. */
  @Test
  void anErrorEventOfResponsesIsAFailureAtEveryCut() {
    String text =
        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"error\":null}}\n\n"
            + "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"x\",\"param\":null}\n\n";

    assertEveryCut(text, "FAILED " + Usage.UNKNOWN + " firstTokens=0 ends=1");
  }

  @Test
  void aResponseThatFailsIsAFailureAtEveryCut() {
    assertEveryCut(
        "data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n"
            + "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\"}}}\n\n",
        "FAILED " + Usage.UNKNOWN + " firstTokens=1 ends=1");
  }

  /** In the form of vLLM 0.33 ({@code ResponseUsage}, {@code InputTokensDetails}). */
  @ParameterizedTest
  @ValueSource(strings = {"response.completed", "response.incomplete"})
  void theLastEventOfAResponseHasItsUsageAtEveryCut(String type) {
    assertEveryCut(
        "event: response.function_call_arguments.delta\n"
            + "data: {\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\"}\n\n"
            + "event: " + type
            + "\ndata: {\"response\":{\"output\":[{\"usage\":{\"input_tokens\":9}}],"
            + "\"usage\":{\"input_tokens\":147,\"input_tokens_details\":{\"cached_tokens\":128,"
            + "\"cache_write_tokens\":0,\"cached_tokens_per_turn\":[128]},\"output_tokens\":5,"
            + "\"output_tokens_details\":{\"reasoning_tokens\":4},\"total_tokens\":152}},"
            + "\"sequence_number\":3,\"type\":\"" + type + "\"}\n\n",
        "COMPLETE " + new Usage(147, 128, 5) + " firstTokens=1 ends=1");
  }

  @Test
  void aWholeResponseHasItsUsage() {
    Feed feed = Feed.json()
        .body(
            "{\"object\":\"response\",\"model\":\"m\",\"output\":[{\"type\":\"message\",\"content\":[]}],"
                + "\"status\":\"completed\",\"usage\":{\"input_tokens\":147,"
                + "\"input_tokens_details\":{\"cached_tokens\":128},\"output_tokens\":5}}")
        .end();

    assertEquals("COMPLETE " + new Usage(147, 128, 5) + " firstTokens=1 ends=1", feed.result());
  }

  /** In the form of vLLM 0.33: input tokens without the cached ones in every event. */
  @Test
  void messagesOfAnthropicHaveTheirUsageAtEveryCut() {
    assertEveryCut(
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"c\",\"type\":\"message\","
            + "\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":147,\"output_tokens\":0}}}\n\n"
            + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
            + "\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"a\"}}\n\n"
            + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
            + "\"usage\":{\"input_tokens\":19,\"output_tokens\":5,\"cache_read_input_tokens\":128}}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        "COMPLETE " + new Usage(147, 128, 5) + " firstTokens=1 ends=1");
  }

  private static void assertEveryCut(String text, String result) {
    for (int cut = 0; cut <= text.length(); cut++) {
      Feed feed =
          Feed.stream().body(text.substring(0, cut)).body(text.substring(cut)).end();

      assertEquals(result, feed.result(), "cut at " + cut);
      assertEquals(text, feed.text(), "cut at " + cut);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":null}",
        "{\"error\":\"\"}",
        "{\"choices\":[{\"error\":{\"code\":500}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"{\\\"error\\\":{\\\"code\\\":500}}\"}}]}",
        "{\"x\":\"\\\\\\\"\",\"y\":{\"error\":{}}}"
      })
  void otherErrorsAreNone(String data) {
    assertEquals(
        ResponseEnd.COMPLETE,
        Feed.stream().body("data: " + data + "\n\n" + DONE).end().end);
  }

  @Test
  void aStreamWithoutDoneIsCompleteIfItFinished() {
    assertEquals(ResponseEnd.COMPLETE, Feed.stream().body(PIECE + LAST).end().end);
    assertEquals(
        ResponseEnd.COMPLETE,
        Feed.stream().body("data: {\"type\":\"message_stop\"}\n\n").end().end);
    assertEquals(ResponseEnd.TRUNCATED, Feed.stream().body(PIECE).end().end);
    assertEquals(
        ResponseEnd.TRUNCATED,
        Feed.stream().body("data: {\"choices\":[{\"finish_reason\":null}]}\n\n").end().end);
    assertEquals(ResponseEnd.TRUNCATED, Feed.stream().end().end);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data: [DONE]", "data:[DONE]\n", "data: [DONE] \r\n", "data:  [DONE]\r\r"})
  void doneIsRecognisedInAllItsForms(String done) {
    assertEquals(ResponseEnd.COMPLETE, Feed.stream().body(done).end().end);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE",
        "data: [DONE]x",
        "xdata: [DONE]",
        ": data: [DONE]",
        "event: [DONE]",
        "data [DONE]"
      })
  void whatOnlyLooksLikeDoneIsNot(String text) {
    assertEquals(ResponseEnd.TRUNCATED, Feed.stream().body(text + "\n\n").end().end);
  }

  @ParameterizedTest
  @CsvSource({
    "400, REJECTED",
    "429, REJECTED",
    "499, REJECTED",
    "500, FAILED",
    "503, FAILED",
    "204, COMPLETE",
    "304, COMPLETE"
  })
  void theStatusDecidesTheEndOfAnswersOtherThan200(int status, ResponseEnd end) {
    Feed feed = new Feed(status, "text/event-stream", "mine")
        .body("data: {\"model\":\"m\"}\n\n")
        .end();

    assertEquals(end + " " + Usage.UNKNOWN + " firstTokens=0 ends=1", feed.result());
    assertEquals("data: {\"model\":\"m\"}\n\n", feed.text());
  }

  @Test
  void anEndBeforeTheHeadIsTruncated() {
    Feed feed = Feed.json();
    ResponseObserver headless = new ResponseObserver(feed, null);

    assertEquals(ResponseEnd.TRUNCATED, headless.end(1, (b, o, l) -> {}));
  }

  @Test
  void aDocumentThatIsNotClosedIsTruncated() {
    assertEquals(ResponseEnd.TRUNCATED, Feed.json().body("{\"choices\":[").end().end);
    assertEquals(ResponseEnd.COMPLETE, Feed.json().body("{\"choices\":[]}\n").end().end);
    assertEquals(ResponseEnd.COMPLETE, new Feed(200, null, null).body("pong").end().end);
  }

  @ParameterizedTest
  @ValueSource(strings = {"}", "]", "{[", "\\\"}", "\\\\", "\\\"}}\\\\"})
  void bracketsAndQuotesInSkippedTextsHideNothing(String text) {
    String body =
        "{\"x\":{\"a\":[\"" + text + "\"]},\"y\":\"" + text + "\",\"usage\":{\"prompt_tokens\":2}}";

    for (int cut = 0; cut <= body.length(); cut++) {
      Feed feed =
          Feed.json().body(body.substring(0, cut)).body(body.substring(cut)).end();

      assertEquals(new Usage(2, -1, -1), feed.usage, "cut at " + cut);
    }
  }

  @Test
  void usageIsNotTakenFromTextsOrOtherPlaces() {
    Feed feed = Feed.json()
        .body(
            "{\"choices\":[{\"message\":{\"content\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":9}\","
                + "\"usage\":{\"prompt_tokens\":8}}}],\"prompt_tokens\":7,\"x\":{\"usage\":{\"prompt_tokens\":6}}}");

    assertEquals(Usage.UNKNOWN, feed.end().usage);
  }

  @ParameterizedTest
  @CsvSource({
    "2147483647, 2147483647",
    "2147483648, -1",
    "99999999999999999999999999, -1",
    "-5, -1",
    "1.5, -1",
    "1e3, -1",
    "null, -1"
  })
  void countsThatAreNoCountAreNotReported(String number, int expected) {
    Feed feed = Feed.json()
        .body("{\"usage\":{\"prompt_tokens\": " + number + ",\"completion_tokens\":1\n}}")
        .end();

    assertEquals(new Usage(expected, -1, 1), feed.usage);
  }

  @Test
  void anthropicsThreePartsAddUp() {
    Feed feed = Feed.json()
        .body(
            "{\"usage\":{\"cache_creation_input_tokens\":20,\"cache_read_input_tokens\":300,\"input_tokens\":4,\"output_tokens\":5}}");

    assertEquals(new Usage(324, 300, 5), feed.end().usage);
  }

  @Test
  void aDeltaWithOnlyOutputKeepsThePromptOfTheStart() {
    Feed feed = Feed.stream()
        .body(
            "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":16,\"cache_read_input_tokens\":128}}}\n\n")
        .body("data: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":7}}\n\n");

    assertEquals(new Usage(144, 128, 7), feed.observer.usage());
  }

  @Test
  void lineEndsOfEveryKindPass() {
    for (String lineEnd : new String[] {"\n", "\r\n", "\r"}) {
      String text = (": hello\nevent: x\nid: 1\nretry: 3\n" + ROLE + PIECE + LAST + DONE)
          .replace("\n", lineEnd);

      for (int cut = 0; cut <= text.length(); cut++) {
        Feed feed =
            Feed.stream().body(text.substring(0, cut)).body(text.substring(cut)).end();

        assertEquals("COMPLETE " + Usage.UNKNOWN + " firstTokens=1 ends=1", feed.result());
        assertEquals(text, feed.text());
      }
    }
  }

  @Test
  void aDocumentMayGoOnInTheNextDataLineOfItsEvent() {
    for (String lineEnd : new String[] {"\n", "\r\n"}) {
      String event =
          "data: {\"usage\":\ndata: {\"prompt_tokens\":12\ndata:,\"completion_tokens\":3}}\n\n";

      assertEquals(
          new Usage(12, -1, 3),
          Feed.stream().body(event.replace("\n", lineEnd)).observer.usage());
    }
  }

  @Test
  void abandonedDocumentsDoNotSpoilTheNextEvent() {
    for (String broken : new String[] {
      "{\"a\":",
      "{\"a",
      "{\"a\\",
      "{\"model\":\"x",
      "{\"x\":[\"",
      "nonsense",
      "{]",
      "{\"usage\":{\"a\":1"
    }) {
      Feed feed = Feed.streamRenamed("mine").body("data: " + broken + "\n\n" + PIECE);

      assertEquals(1, feed.firstTokens, broken);
      assertTrue(feed.text().endsWith("\n\n" + PIECE), broken);
    }
  }

  @Test
  void severalEventsInOneSliceAreAllSeen() {
    Feed feed = Feed.stream()
        .body(ROLE + PIECE
            + "data:{\"usage\":{\"prompt_tokens\":1}}\n\ndata:{\"usage\":{\"prompt_tokens\":2}}\n\n"
            + LAST + DONE);

    assertEquals(new Usage(2, -1, -1), feed.end().usage);
    assertEquals(1, feed.writes);
  }

  @Test
  void theHeadOfAFallbackReplacesTheFirst() {
    String error = "{\"model\":\"engine\",\"usage\":{\"prompt_tokens\":5}}";
    Feed feed = Feed.jsonRenamed("mine");

    feed.observer.head(500, "application/json");
    feed.body(error).end();

    assertEquals(error, feed.text());
    assertEquals("FAILED " + Usage.UNKNOWN + " firstTokens=0 ends=1", feed.result());
  }

  @Test
  void aSliceIsPassedOnInOneWriteOfTheSameArray() {
    byte[] bytes = PIECE.getBytes(StandardCharsets.UTF_8);
    ResponseObserver observer = new ResponseObserver(Feed.stream(), null);
    observer.head(200, "text/event-stream");

    observer.body(bytes, 3, 9, 1, (b, offset, length) -> {
      assertArrayEquals(bytes, b);
      assertEquals(3, offset);
      assertEquals(9, length);
    });
  }

  @Test
  void emptySlicesAreNotPassedOn() {
    Feed feed = Feed.json().body("");

    assertEquals(0, feed.writes);
    assertFalse(feed.observer.started());
    assertEquals(0, feed.firstTokens);
    assertEquals(0, feed.observer.lastActivityNanos());
  }

  @Test
  void startedAndLastActivityFollowTheBody() {
    Feed feed = Feed.stream().body(ROLE);

    assertTrue(feed.observer.started());
    assertEquals(ROLE.length(), feed.observer.lastActivityNanos());
  }

  @Test
  void onlyTheModelOfTheDocumentIsRenamed() {
    String body =
        "{\"x\":{\"model\":\"m\"},\"model\" : \"m\\\"\\\\\",\"choices\":[{\"model\":\"m\",\"text\":\"\\\"model\\\":\\\"m\\\"\"}],"
            + "\"message\":{\"model\":\"m\",\"x\":[{\"model\":\"m\"}]},\"mod\\u0065l\":\"m\"}";
    String expected = body.replace("\"m\\\"\\\\\"", "\"n\"")
        .replace("\"message\":{\"model\":\"m\"", "\"message\":{\"model\":\"n\"");

    for (int cut = 0; cut <= body.length(); cut++) {
      assertEquals(
          expected,
          Feed.jsonRenamed("n")
              .body(body.substring(0, cut))
              .body(body.substring(cut))
              .end()
              .text());
    }
  }

  @Test
  void aModelThatIsNoStringStays() {
    assertEquals(
        "{\"model\":null}", Feed.jsonRenamed("n").body("{\"model\":null}").text());
    assertEquals(
        "{\"model\":[\"m\"]}", Feed.jsonRenamed("n").body("{\"model\":[\"m\"]}").text());
  }

  @Test
  void anEmptyNameIsReplacedAndMayReplace() {
    assertEquals(
        "{\"model\":\"n\"}", Feed.jsonRenamed("n").body("{\"model\":\"\"}").text());
    assertEquals(
        "{\"model\":\"\"}", Feed.jsonRenamed("").body("{\"model\":\"m\"}").text());
  }

  @Test
  void aModelNameCutOffByALineBreakDoesNotSwallowTheRest() {
    Feed feed = Feed.streamRenamed("n").body("data: {\"model\":\"m\n\ndata: x\n\n");

    assertEquals("data: {\"model\":\"n\n\ndata: x\n\n", feed.text());
  }

  @ParameterizedTest
  @CsvSource({"CANCELLED", "SILENT", "TRUNCATED"})
  void abortEndsOnceAndBeforeEnd(ResponseEnd why) {
    Feed feed = Feed.stream().body(PIECE);

    feed.observer.abort(why, 5);
    feed.observer.abort(ResponseEnd.SILENT, 6);
    feed.body(LAST + DONE);

    assertEquals(why, feed.observer.end(7, (b, o, l) -> {}));
    assertEquals(why + " " + Usage.UNKNOWN + " firstTokens=1 ends=1", feed.result());
    assertEquals(PIECE + LAST + DONE, feed.text());
  }

  @Test
  void noFirstTokenAfterAnAbort() {
    Feed feed = Feed.stream().body(ROLE);

    feed.observer.abort(ResponseEnd.SILENT, 5);
    feed.body(PIECE + DONE);
    feed.observer.end(9, (b, o, l) -> {});

    assertEquals("SILENT " + Usage.UNKNOWN + " firstTokens=0 ends=1", feed.result());
  }

  @Test
  void aClientThatHangsUpAtDoneHasACompleteResponse() {
    Feed done = Feed.stream().body(PIECE + LAST + DONE);
    Feed failed = Feed.stream().body(PIECE + KILLED + DONE);
    Feed document = Feed.json().body("{\"model\":\"m\"}");

    done.observer.abort(ResponseEnd.CANCELLED, 9);
    failed.observer.abort(ResponseEnd.TRUNCATED, 9);
    document.observer.abort(ResponseEnd.TRUNCATED, 9);

    assertEquals(ResponseEnd.COMPLETE, done.end);
    assertEquals(ResponseEnd.FAILED, failed.end);
    assertEquals(ResponseEnd.COMPLETE, document.end);
  }

  @Test
  void ofEndAndAbortAtTheSameTimeOneCounts() throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      AtomicInteger ends = new AtomicInteger();
      ResponseObserver observer = new ResponseObserver(
          new ResponseListener() {
            @Override
            public void firstToken(long nowNanos) {}

            @Override
            public void ended(ResponseEnd end, Usage usage, long nowNanos) {
              ends.incrementAndGet();
            }
          },
          null);
      observer.head(200, "application/json");
      CountDownLatch both = new CountDownLatch(2);
      Thread aborter = new Thread(() -> {
        both.countDown();
        observer.abort(ResponseEnd.CANCELLED, 1);
      });
      aborter.start();
      both.countDown();
      assertTrue(both.await(10, TimeUnit.SECONDS));

      observer.end(1, (b, o, l) -> {});
      aborter.join(10_000);

      assertEquals(1, ends.get());
    }
  }

  @Test
  void aListenerThatThrowsDoesNotLoseTheSlice() {
    StringBuilder out = new StringBuilder();
    ResponseObserver observer = new ResponseObserver(
        new ResponseListener() {
          @Override
          public void firstToken(long nowNanos) {
            throw new IllegalStateException("mine");
          }

          @Override
          public void ended(ResponseEnd end, Usage usage, long nowNanos) {}
        },
        "n");
    observer.head(200, "text/event-stream");
    byte[] bytes = PIECE.getBytes(StandardCharsets.UTF_8);

    assertThrows(
        IllegalStateException.class,
        () -> observer.body(
            bytes,
            0,
            bytes.length,
            1,
            (b, o, l) -> out.append(new String(b, o, l, StandardCharsets.UTF_8))));

    assertEquals(PIECE, out.toString());
  }
}
