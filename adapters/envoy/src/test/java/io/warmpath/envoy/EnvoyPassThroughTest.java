package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.engine.FakeEngine;
import io.warmpath.response.ResponseEnd;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests and answers that are as they should be, through a real Envoy. */
@Timeout(120)
class EnvoyPassThroughTest {

  private static final String WHOLE = "{\"choices\":[{\"message\":{\"content\":\"b\"}}]}";

  @Test
  void aChatGoesToTheChosenEndpointByteForByte() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.before(engine.address())) {
      HttpResponse<String> response = picker.send(picker
          .post(RunningPicker.CHAT_PATH, RunningPicker.CHAT)
          .header("x-request-id", "r-1")
          .header("accept-encoding", "gzip")
          .header("x-prefiller-host-port", "10.6.6.6:1")
          .header("x-gateway-destination-endpoint", FakeEngine.REFUSING));

      assertEquals(200, response.statusCode());
      assertEquals(WHOLE, response.body());
      Map<String, String> headers = engine.requests.get(0).headers();
      assertEquals(RunningPicker.CHAT, engine.requests.get(0).text());
      assertEquals(engine.address(), headers.get("x-gateway-destination-endpoint"));
      assertEquals("r-1", headers.get("x-request-id"));
      assertNull(headers.get("accept-encoding"), "answers are read on their way");
      assertNull(headers.get("x-prefiller-host-port"), "not for clients to say");
      assertEquals(
          engine.address(), response.headers().firstValue("x-warmpath-endpoint").orElse(""));
      assertEquals("r-1", response.headers().firstValue("x-request-id").orElse(""));
      assertEquals(ResponseEnd.COMPLETE, picker.nextEnd());
      assertTrue(
          picker
              .scores
              .get(0)
              .startsWith("Got pod scores {\"x-request-id\": \"r-1\", \"model\": \"m\""),
          picker.scores.get(0));
    }
  }

  @Test
  void aStreamComesChunkByChunk() throws Exception {
    CountDownLatch firstRead = new CountDownLatch(1);
    String first = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(first);
          assertTrue(firstRead.await(20, TimeUnit.SECONDS), "the first chunk did not pass");
          to.chunk("data: [DONE]\n\n");
          to.streamEnd();
        });
        RunningPicker picker = RunningPicker.before(engine.address());
        Socket client = picker.openChat()) {
      BufferedReader in = new BufferedReader(
          new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      while (!line.equals(first.trim())) {
        line = in.readLine();
      }
      firstRead.countDown();
      while (!line.equals("data: [DONE]")) {
        line = in.readLine();
      }

      assertEquals(ResponseEnd.COMPLETE, picker.nextEnd());
    }
  }

  @Test
  void bodiesOf300KilobytesPassUnchangedInBothDirections() throws Exception {
    String content = "0123456789abcdef".repeat(300 * 64);
    String chat =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}";
    String answer = "{\"choices\":[{\"message\":{\"content\":\"" + content + "\"}}]}";
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, answer));
        RunningPicker picker = RunningPicker.before(engine.address())) {
      HttpResponse<String> response = picker.send(picker.post(RunningPicker.CHAT_PATH, chat));

      assertEquals(answer, response.body());
      assertArrayEquals(
          chat.getBytes(StandardCharsets.UTF_8), engine.requests.get(0).body());
    }
  }

  @Test
  void aGetGoesToAnyEndpoint() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, "{\"data\":[]}"));
        RunningPicker picker = RunningPicker.before(engine.address())) {
      assertEquals("{\"data\":[]}", picker.get("/v1/models").body());
      assertEquals("GET /v1/models HTTP/1.1", engine.requests.get(0).line());
      assertEquals(1, picker.server.stats().passedOn());
      assertEquals(0, picker.server.stats().requests());
      assertEquals(0, picker.router.stats().routed());
    }
  }

  @Test
  void requestsThatAreNoCompletionsPassUnread() throws Exception {
    String body = "not JSON ".repeat(30_000);
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.before(engine.address())) {
      assertEquals(WHOLE, picker.send(picker.post("/v1/embeddings", body)).body());
      assertEquals(body, engine.requests.get(0).text());
      assertEquals(1, picker.server.stats().passedOn());
      assertEquals(0, picker.router.stats().routed());
    }
  }

  @Test
  void aBodyWithTrailersIsWholeBehindThem() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.configured(
            yaml -> yaml.replace(
                "stat_prefix: openai",
                "stat_prefix: openai\n                http_protocol_options: { enable_trailers: true }"),
            engine.address());
        Socket client = picker.open(
            RunningPicker.head(-1),
            Integer.toHexString(RunningPicker.CHAT.getBytes(StandardCharsets.UTF_8).length) + "\r\n"
                + RunningPicker.CHAT + "\r\n0\r\nx-checksum: 7\r\n\r\n")) {
      BufferedReader in = new BufferedReader(
          new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));

      assertEquals("HTTP/1.1 200 OK", in.readLine());
      assertEquals(ResponseEnd.COMPLETE, picker.nextEnd());
    }
  }

  @Test
  void aSecondRequestMatchesWhatTheFirstLeftBehind() throws Exception {
    String prompt = "{\"model\":\"m\",\"prompt\":[" + "1,".repeat(64) + "1]}";
    try (FakeEngine first = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.before(first.address())) {
      picker.send(picker.post("/v1/completions", prompt));
      picker.nextEnd();
      picker.send(picker.post("/v1/completions", prompt));

      assertTrue(picker.scores.get(0).endsWith("\"scores\": null}"), picker.scores.get(0));
      assertTrue(
          picker.scores.get(1).endsWith("\"scores\": {\"" + first.address() + "\": 4}}"),
          picker.scores.get(1));
    }
  }

  @Test
  void manyRequestsAtOnceAllComeBack() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.before(engine.address())) {
      List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 200)
          .mapToObj(i -> picker.client.sendAsync(
              picker.post(RunningPicker.CHAT_PATH, RunningPicker.CHAT).build(),
              HttpResponse.BodyHandlers.ofString()))
          .toList();
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertEquals(WHOLE, answer.get(60, TimeUnit.SECONDS).body());
      }
      assertEquals(200, picker.server.stats().requests());
      assertFalse(picker.envoy.log().contains("[error]"), picker.envoy.log());
    }
  }
}
