package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.engine.EndpointSpec;
import io.warmpath.engine.FakeEngine;
import io.warmpath.engine.PoolWiring;
import io.warmpath.response.ResponseEnd;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** What clients and engines can do wrong, through a real Envoy. */
@Timeout(120)
class EnvoyBadInputTest {

  private static final String TOKEN = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

  private static FakeEngine unreached() throws IOException {
    return new FakeEngine((request, to) -> to.json(200, "{}"));
  }

  private static void assertError(HttpResponse<String> response, int status, String message) {
    assertEquals(status, response.statusCode(), response.body());
    assertEquals(
        "application/json", response.headers().firstValue("content-type").orElse(""));
    assertTrue(response.body().startsWith("{\"error\":{\"message\":\""), response.body());
    assertTrue(response.body().contains(message), response.body());
    assertTrue(response.body().endsWith(",\"code\":" + status + "}}"), response.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":                        | the body is not valid JSON | null",
        "[]                                 | must be a JSON object      | null",
        "''                                 | the body is empty          | null",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | model  | \"model\"",
        "{\"model\":\"m\"}                  | messages                   | \"messages\"",
      })
  void anImpossibleRequestIsAnswered400(String body, String message, String param)
      throws Exception {
    try (FakeEngine engine = unreached();
        RunningPicker picker = RunningPicker.before(engine.address())) {
      HttpResponse<String> response = picker.send(picker.post(RunningPicker.CHAT_PATH, body));

      assertError(response, 400, message);
      assertTrue(response.body().contains("\"param\":" + param), response.body());
      assertEquals(1, picker.server.stats().badRequests());
      assertEquals(0, engine.requests.size());
    }
  }

  @Test
  void aModelThatTheEngineDoesNotKnowIsItsOwnAnswer() throws Exception {
    String answer = "{\"error\":{\"message\":\"The model `m` does not exist.\","
        + "\"type\":\"NotFoundError\",\"param\":\"model\",\"code\":404}}";
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(404, answer));
        RunningPicker picker = RunningPicker.before(engine.address())) {
      HttpResponse<String> response = picker.chat();

      assertEquals(404, response.statusCode());
      assertEquals(answer, response.body());
      assertEquals(ResponseEnd.REJECTED, picker.nextEnd());
    }
  }

  @Test
  void aBodyThatIsAnnouncedTooLongIsAnswered413() throws Exception {
    try (FakeEngine engine = unreached();
        RunningPicker picker =
            RunningPicker.with(options -> options.maxBodyBytes(100), engine.address())) {
      assertError(
          picker.send(picker.post(RunningPicker.CHAT_PATH, "x".repeat(101))), 413, "100 bytes");
      assertEquals(1, picker.server.stats().badRequests());
    }
  }

  @Test
  void aBodyOfMoreThan16MebibytesIsAnswered413() throws Exception {
    try (FakeEngine engine = unreached();
        RunningPicker picker = RunningPicker.before(engine.address());
        Socket client = picker.open(RunningPicker.head((16 << 20) + 1), "{")) {
      assertEquals("HTTP/1.1 413", status(client));
      assertEquals(1, picker.server.stats().badRequests());
    }
  }

  private static String status(Socket client) throws IOException {
    return new String(
        client.getInputStream().readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
  }

  @Test
  void aBodyThatGrowsTooLongIsAnswered413() throws Exception {
    try (FakeEngine engine = unreached();
        RunningPicker picker =
            RunningPicker.with(options -> options.maxBodyBytes(100), engine.address());
        Socket client = picker.open(RunningPicker.head(-1), "65\r\n" + "x".repeat(101) + "\r\n")) {
      assertEquals("HTTP/1.1 413", status(client));
      assertEquals(1, picker.server.stats().badRequests());
    }
  }

  @Test
  void aBodyThatStopsComingIsAnswered408() throws Exception {
    try (FakeEngine engine = unreached();
        RunningPicker picker = RunningPicker.with(
            options -> options.idleTimeout(Duration.ofMillis(200)), engine.address());
        Socket client = picker.open(RunningPicker.head(100), "{")) {
      assertEquals("HTTP/1.1 408", status(client));
      assertEquals(1, picker.server.stats().badRequests());
    }
  }

  @Test
  void withoutEndpointsTheAnswerIs503() throws Exception {
    try (RunningPicker picker = RunningPicker.before()) {
      HttpResponse<String> response = picker.chat();

      assertError(response, 503, "no endpoint is registered");
      assertEquals(
          "rejected-no-endpoints",
          response.headers().firstValue("x-llm-d-request-dropped-reason").orElse(""));
      assertError(picker.get("/v1/models"), 503, "no endpoint is registered");
      assertEquals(2, picker.server.stats().unroutable());
    }
  }

  @Test
  void anEngineThatDiesInTheMiddleBreaksTheAnswerOff() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(TOKEN);
          begun.await(20, TimeUnit.SECONDS);
          to.reset();
        });
        RunningPicker picker = RunningPicker.before(engine.address());
        Socket client = picker.openChat()) {
      int read = client.getInputStream().read();
      while (read != '{') {
        read = client.getInputStream().read();
      }
      begun.countDown();

      assertFalse(readToTheEnd(client).endsWith("0\r\n\r\n"), "the answer passes for a whole one");
      assertEquals(ResponseEnd.CANCELLED, picker.nextEnd(), "Envoy does not say who broke off");
      assertEquals(1, picker.server.stats().cancelled());
    }
  }

  /** What comes until the connection is closed or reset. */
  private static String readToTheEnd(Socket client) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (int b = client.getInputStream().read();
          b >= 0;
          b = client.getInputStream().read()) {
        text.append((char) b);
      }
    } catch (SocketException e) {
      // A reset is an end, too.
    }
    return text.toString();
  }

  @Test
  void anErrorInsideAStreamOfStatus200IsAFailure() throws Exception {
    String error = "data: {\"error\":{\"message\":\"EngineCore encountered an issue.\","
        + "\"type\":\"InternalServerError\",\"param\":null,\"code\":500}}\n\n";
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(TOKEN);
          to.chunk(error);
          to.chunk("data: [DONE]\n\n");
          to.streamEnd();
        });
        RunningPicker picker = RunningPicker.before(engine.address())) {
      HttpResponse<String> response = picker.chat();

      assertEquals(200, response.statusCode());
      assertEquals(TOKEN + error + "data: [DONE]\n\n", response.body());
      assertEquals(ResponseEnd.FAILED, picker.nextEnd());
    }
  }

  @Test
  void anEngineThatDoesNotBeginIsAnswered504() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.awaitClose());
        RunningPicker picker = RunningPicker.with(
            options -> options.firstByteTimeout(Duration.ofMillis(300)), engine.address())) {
      assertError(picker.chat(), 504, engine.address() + " sent nothing");
      assertEquals(ResponseEnd.SILENT, picker.nextEnd());
      assertEquals(1, picker.server.stats().silent());
    }
  }

  @Test
  void aHeadWithoutABodyIsNoBeginning() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.awaitClose();
        });
        RunningPicker picker = RunningPicker.with(
            options -> options.firstByteTimeout(Duration.ofMillis(300)), engine.address())) {
      assertThrows(IOException.class, picker::chat);

      assertEquals(ResponseEnd.SILENT, picker.nextEnd());
    }
  }

  @Test
  void aStreamThatFallsSilentIsBrokenOff() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(TOKEN);
          to.awaitClose();
          closed.countDown();
        });
        RunningPicker picker = RunningPicker.with(
            options -> options.idleTimeout(Duration.ofMillis(300)), engine.address())) {
      assertThrows(IOException.class, picker::chat);

      assertEquals(ResponseEnd.SILENT, picker.nextEnd());
      assertEquals(1, picker.server.stats().silent());
      assertTrue(closed.await(20, TimeUnit.SECONDS), "the engine still computes");
    }
  }

  @Test
  void aModeThatCannotWorkIsSaidToBeWrong() throws Exception {
    try (FakeEngine engine = unreached();
        RunningPicker picker = RunningPicker.configured(
            yaml -> yaml.replace("FULL_DUPLEX_STREAMED", "BUFFERED"), engine.address())) {
      assertError(picker.chat(), 500, "request_body_mode");
      assertEquals(1, picker.server.stats().misconfigured());
    }
  }

  @Test
  void aPageThatIsNotMetricsAndEventsThatAreNoneAreCountedAndTheEngineIsServed() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) ->
            to.json(200, request.path().equals("/metrics") ? "<html>no metrics</html>" : "{}"));
        RunningPicker picker = RunningPicker.before();
        PoolWiring wiring = new PoolWiring(picker.router);
        ZContext zmq = new ZContext()) {
      ZMQ.Socket events = zmq.createSocket(SocketType.PUB);
      int port = events.bindToRandomPort("tcp://127.0.0.1");
      wiring.add(
          EndpointSpec.parse("http://" + engine.address() + ",kv-events=tcp://127.0.0.1:" + port));
      RunningPicker.await("a counted event", () -> {
        ZMsg message = new ZMsg();
        message.add("kv");
        message.add(new byte[8]);
        message.add("not MessagePack");
        message.send(events);
        return count(wiring, "kvEvents", "rejectedBatches") > 0;
      });
      RunningPicker.await("a counted page", () -> count(wiring, "metrics", "failures") > 0);

      assertEquals(200, picker.chat().statusCode());
    }
  }

  private static long count(PoolWiring wiring, String source, String counter) {
    Map<?, ?> counters = (Map<?, ?>) wiring.stats().get(source);
    return ((Number) counters.get(counter)).longValue();
  }
}
