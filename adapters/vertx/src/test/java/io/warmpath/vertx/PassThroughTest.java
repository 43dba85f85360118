package io.warmpath.vertx;

import static io.warmpath.vertx.RunningProxy.CHAT;
import static io.warmpath.vertx.RunningProxy.CHAT_PATH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import io.warmpath.engine.FakeEngine;
import io.warmpath.response.ResponseEnd;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PassThroughTest {

  private static final String WHOLE =
      "{\"id\":\"1\", \"choices\":[{\"message\":{\"content\":\"ja\"}}],"
          + "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":1}}";

  @Test
  void anEndpointMayHaveAnIpv6Address() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, "{}"));
        RunningProxy proxy = RunningProxy.before(engine.ipv6Address())) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(200, response.statusCode());
      assertEquals(
          engine.ipv6Address(),
          response.headers().firstValue("x-warmpath-endpoint").orElse(""));
      assertEquals(engine.ipv6Address(), engine.requests.get(0).headers().get("host"));
    }
  }

  @Test
  void bodiesPassByteForByte() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(200, response.statusCode());
      assertEquals(WHOLE, response.body());
      assertArrayEquals(
          CHAT.getBytes(StandardCharsets.UTF_8), engine.requests.get(0).body());
      assertEquals(ResponseEnd.COMPLETE, proxy.nextEnd());
    }
  }

  @Test
  void aBodyOfManyChunksArrivesWhole() throws Exception {
    String body = "{\"model\": \"m\", \"prompt\": \"" + "x".repeat(3_000_000) + "\"}";
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      assertEquals(200, proxy.send(proxy.post("/v1/completions", body)).statusCode());

      assertEquals(body, engine.requests.get(0).text());
    }
  }

  @Test
  void aLongStreamPassesAReaderThatIsSlow() throws Exception {
    int chunks = 400;
    String chunk = "data: {\"choices\":[{\"text\":\"" + "y".repeat(60_000) + "\"}]}\n\n";
    CountDownLatch written = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          for (int i = 0; i < chunks; i++) {
            to.chunk(chunk);
          }
          to.streamEnd();
          written.countDown();
        });
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpResponse<InputStream> response = proxy.client.send(
          proxy.post(CHAT_PATH, CHAT).build(), HttpResponse.BodyHandlers.ofInputStream());
      boolean heldBack = !written.await(2, TimeUnit.SECONDS);

      long bytes = 0;
      byte[] buffer = new byte[1 << 16];
      for (int n = response.body().read(buffer); n >= 0; n = response.body().read(buffer)) {
        bytes += n;
      }
      assertTrue(heldBack, "24 MB were taken from the engine though nobody read them");
      assertEquals((long) chunks * chunk.length(), bytes);
    }
  }

  @Test
  void theFirstChunkArrivesBeforeTheSecondIsSent() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
          if (seen.await(10, TimeUnit.SECONDS)) {
            to.chunk("data: [DONE]\n\n");
            to.streamEnd();
          }
        });
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpResponse<InputStream> response = proxy.client.send(
          proxy.post(CHAT_PATH, CHAT).build(), HttpResponse.BodyHandlers.ofInputStream());
      String first = new String(response.body().readNBytes(10), StandardCharsets.UTF_8);
      seen.countDown();

      assertEquals("data: {\"ch", first);
      String rest = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(rest.endsWith("data: [DONE]\n\n"), rest);
      assertEquals(ResponseEnd.COMPLETE, proxy.nextEnd());
    }
  }

  @Test
  void endToEndHeadersPassAndOthersDoNot() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.send(
            "HTTP/1.1 201 Created\r\nX-Engine: e\r\nKeep-Alive: timeout=5\r\nConnection: x-hop\r\n"
                + "X-Hop: 1\r\nContent-Length: 2\r\n\r\n{}"));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpResponse<String> response = proxy.send(proxy
          .post("/team/v1/chat/completions?a=b", CHAT)
          .header("Authorization", "Bearer secret")
          .header("X-Request-Id", "req-1")
          .header("TE", "trailers")
          .header("Accept-Encoding", "gzip")
          .header("x-prefiller-host-port", "evil:1"));

      FakeEngine.Request sent = engine.requests.get(0);
      Map<String, String> headers = sent.headers();
      assertEquals("POST /team/v1/chat/completions?a=b HTTP/1.1", sent.line());
      assertEquals("Bearer secret", headers.get("authorization"));
      assertEquals("req-1", headers.get("x-request-id"));
      assertEquals(engine.address(), headers.get("host"));
      assertFalse(headers.containsKey("te"));
      assertFalse(headers.containsKey("accept-encoding"));
      assertNull(headers.get("x-prefiller-host-port"));
      assertEquals(201, response.statusCode());
      assertEquals("e", response.headers().firstValue("x-engine").orElse(""));
      assertEquals("req-1", response.headers().firstValue("x-request-id").orElse(""));
      assertEquals(
          engine.address(), response.headers().firstValue("x-warmpath-endpoint").orElse(""));
      assertTrue(response.headers().firstValue("keep-alive").isEmpty());
      assertTrue(response.headers().firstValue("x-hop").isEmpty());
    }
  }

  @Test
  void aRequestWithoutAnIdGetsOneThatBothSidesSee() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpResponse<String> response = proxy.chat();

      String id = engine.requests.get(0).headers().get("x-request-id");
      assertEquals(36, id.length());
      assertEquals(id, response.headers().firstValue("x-request-id").orElse(""));
      assertTrue(proxy.scores.get(0).contains("\"x-request-id\": \"" + id + "\""));
    }
  }

  @Test
  void anErrorOfTheEnginePassesAsItIs() throws Exception {
    String error = "{\"error\":{\"message\":\"too long\",\"code\":400}}";
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(400, error));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(400, response.statusCode());
      assertEquals(error, response.body());
      assertEquals(ResponseEnd.REJECTED, proxy.nextEnd());
    }
  }

  @Test
  void anUnknownModelIsTheEnginesToRefuse() throws Exception {
    String error = "{\"error\":{\"message\":\"The model `m` does not exist.\","
        + "\"type\":\"NotFoundError\",\"param\":\"model\",\"code\":404}}";
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(404, error));
        FakeEngine other = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(engine.address(), other.address())) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(404, response.statusCode());
      assertEquals(error, response.body());
      assertEquals(
          "application/json", response.headers().firstValue("content-type").orElse(""));
      assertEquals(ResponseEnd.REJECTED, proxy.nextEnd());
      assertEquals(1, proxy.router.stats().rejected());
      assertEquals(0, other.requests.size());
    }
  }

  @Test
  void anErrorInsideAStreamPassesAsItIsAndIsCounted() throws Exception {
    String events = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
        + "data: {\"error\":{\"message\":\"the engine core died\",\"type\":\"InternalServerError\","
        + "\"param\":null,\"code\":500}}\n\ndata: [DONE]\n\n";
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(events);
          to.streamEnd();
        });
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(200, response.statusCode());
      assertEquals(events, response.body());
      assertEquals(ResponseEnd.FAILED, proxy.nextEnd());
      assertEquals(1, proxy.router.stats().failed());
      assertEquals(
          1, new JsonObject(proxy.get("/stats").body()).getJsonObject("router").getLong("failed"));
    }
  }

  @Test
  void anAnswerWithoutABodyEnds() throws Exception {
    try (FakeEngine engine = new FakeEngine(
            (request, to) -> to.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      assertEquals("", proxy.chat().body());
    }
  }

  @Test
  void eachRoutedRequestHasOneScoreLine() throws Exception {
    String prompt = "{\"model\":\"m\",\"prompt\":[" + "7,".repeat(32) + "7]}";
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      proxy.send(proxy.post("/v1/completions", prompt));
      proxy.send(proxy.post("/v1/completions", prompt));

      assertEquals(2, proxy.scores.size());
      assertTrue(proxy.scores.get(0).endsWith("\"scores\": null}"), proxy.scores.get(0));
      assertTrue(
          proxy.scores.get(1).endsWith("\"scores\": {\"" + engine.address() + "\": 2}}"),
          proxy.scores.get(1));
    }
  }

  @Test
  void aScoreReceiverThatThrowsIsCounted() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.with(
            options -> options.scores(line -> {
              throw new IllegalStateException("full");
            }),
            engine.address())) {
      assertEquals(200, proxy.chat().statusCode());

      assertEquals(1, proxy.server.stats().scoreFailures());
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToContinue() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpRequest.Builder request = proxy.post(CHAT_PATH, CHAT).expectContinue(true);

      assertEquals(200, proxy.send(request).statusCode());
      assertFalse(engine.requests.get(0).headers().containsKey("expect"));
    }
  }
}
