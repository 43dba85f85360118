package io.warmpath.vertx;

import static io.warmpath.vertx.RunningProxy.CHAT;
import static io.warmpath.vertx.RunningProxy.CHAT_PATH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import io.warmpath.engine.FakeEngine;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalTest {

  private static JsonObject error(HttpResponse<String> response) {
    assertEquals(
        "application/json", response.headers().firstValue("content-type").orElse(""));
    return new JsonObject(response.body()).getJsonObject("error");
  }

  @Test
  void aBodyThatIsNotJsonIsRefused() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      HttpResponse<String> response = proxy.send(proxy.post(CHAT_PATH, "{\"model\": "));

      assertEquals(400, response.statusCode());
      assertEquals(400, error(response).getInteger("code"));
      assertEquals(0, proxy.router.stats().routed());
      assertEquals(1, proxy.server.stats().badRequests());
    }
  }

  @Test
  void aFieldAtFaultIsNamed() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      HttpResponse<String> response =
          proxy.send(proxy.post(CHAT_PATH, "{\"model\":\"m\",\"messages\":7}"));

      assertEquals(400, response.statusCode());
      assertEquals("messages", error(response).getString("param"));
    }
  }

  @Test
  void aBodyWithoutAModelIsRefused() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      HttpResponse<String> response = proxy.send(
          proxy.post(CHAT_PATH, "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"));

      assertEquals(400, response.statusCode());
      assertEquals("model", error(response).getString("param"));
      assertEquals("BadRequestError", error(response).getString("type"));
      assertEquals(0, proxy.router.stats().routed());
      assertEquals(1, proxy.server.stats().badRequests());
    }
  }

  @Test
  void aBodyAnnouncedBeyondTheDefaultOf16MebibytesIsRefusedUnread() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING);
        Socket socket = new Socket("127.0.0.1", proxy.server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(("POST " + CHAT_PATH + " HTTP/1.1\r\nHost: p\r\nContent-Length: "
                  + ((16 << 20) + 1) + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));

      String answer = new String(socket.getInputStream().readNBytes(200), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
      assertTrue(answer.contains("longer than the 16777216 bytes allowed"), answer);
      assertEquals(1, proxy.server.stats().badRequests());
    }
  }

  @Test
  void aLargeBodyThatIsNotJsonIsRefusedToo() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      HttpResponse<String> response =
          proxy.send(proxy.post(CHAT_PATH, "{\"model\":\"" + "m".repeat(400_000)));

      assertEquals(400, response.statusCode());
    }
  }

  @Test
  void aBodyAnnouncedTooLongIsRefused() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.with(options -> options.maxBodyBytes(1000), FakeEngine.REFUSING)) {
      HttpResponse<String> response = proxy.send(proxy.post(CHAT_PATH, " ".repeat(500_000)));

      assertEquals(413, response.statusCode());
      assertTrue(error(response).getString("message").contains("1000 bytes"), response.body());
    }
  }

  @Test
  void aBodyThatGrowsTooLongIsRefused() throws Exception {
    try (RunningProxy proxy =
        RunningProxy.with(options -> options.maxBodyBytes(1000), FakeEngine.REFUSING)) {
      HttpRequest.Builder unannounced = HttpRequest.newBuilder(proxy.uri(CHAT_PATH))
          .timeout(Duration.ofSeconds(20))
          .POST(HttpRequest.BodyPublishers.ofInputStream(
              () -> new ByteArrayInputStream(new byte[500_000])));

      assertEquals(413, proxy.send(unannounced).statusCode());
      assertEquals(1, proxy.server.stats().badRequests());
    }
  }

  @Test
  void aBodyOfTheGreatestLengthIsTaken() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, "{}"));
        RunningProxy proxy = RunningProxy.with(
            options -> options.maxBodyBytes(CHAT.getBytes(StandardCharsets.UTF_8).length),
            engine.address())) {
      assertEquals(200, proxy.chat().statusCode());
    }
  }

  @Test
  void aBodyThatNeverEndsIsRefused() throws Exception {
    try (RunningProxy proxy = RunningProxy.with(
            options -> options.idleTimeout(Duration.ofMillis(200)), FakeEngine.REFUSING);
        Socket socket = new Socket("127.0.0.1", proxy.server.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(("POST " + CHAT_PATH + " HTTP/1.1\r\nHost: p\r\nContent-Length: 100\r\n\r\n{")
              .getBytes(StandardCharsets.US_ASCII));

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
    }
  }

  @Test
  void anUnknownRouteIs404() throws Exception {
    try (RunningProxy proxy = RunningProxy.before()) {
      HttpResponse<String> response = proxy.send(proxy.post("/v1/embeddings", CHAT));

      assertEquals(404, response.statusCode());
      assertTrue(error(response).getString("message").contains("POST /v1/embeddings"));
    }
  }

  @Test
  void aGetOfAPostRouteIs405() throws Exception {
    try (RunningProxy proxy = RunningProxy.before()) {
      HttpResponse<String> response = proxy.get(CHAT_PATH);

      assertEquals(405, response.statusCode());
      assertEquals("POST", response.headers().firstValue("allow").orElse(""));
      assertEquals(405, error(response).getInteger("code"));
    }
  }

  @Test
  void aHeadOfAGetRouteIsAllowed() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      HttpResponse<String> response = proxy.send(HttpRequest.newBuilder(proxy.uri("/health"))
          .timeout(Duration.ofSeconds(20))
          .method("HEAD", HttpRequest.BodyPublishers.noBody()));

      assertEquals(200, response.statusCode());
      assertEquals("", response.body());
    }
  }

  @Test
  void aPostToAGetRouteIs405() throws Exception {
    try (RunningProxy proxy = RunningProxy.before()) {
      assertEquals(405, proxy.send(proxy.post("/v1/models", "{}")).statusCode());
    }
  }
}
