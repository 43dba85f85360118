package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.warmpath.Router;
import io.warmpath.RouterBuilder;
import io.warmpath.RouterObserver;
import io.warmpath.RouterStats;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.request.InferenceRequest;
import io.warmpath.response.ResponseEnd;
import io.warmpath.response.Usage;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A proxy that prefers endpoints in the order given. Closing it checks that every routed request has
 * come to its end.
 */
final class RunningProxy implements AutoCloseable {

  static final String CHAT =
      "{\"model\": \"m\",  \"messages\": [{\"role\": \"user\", \"content\": \"안녕 \\ud83d\\ude00\"}]}";
  static final String CHAT_PATH = "/v1/chat/completions";

  private static final long SECONDS = 20;

  final Vertx vertx = Vertx.vertx();
  final Router router;
  final ProxyServer server;
  final List<String> scores = new CopyOnWriteArrayList<>();
  final BlockingQueue<ResponseEnd> ends = new LinkedBlockingQueue<>();
  final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private long endsSeen;

  private RunningProxy(
      UnaryOperator<ProxyOptions.Builder> options,
      UnaryOperator<RouterBuilder> routing,
      List<String> addresses)
      throws Exception {
    router = routing
        .apply(Router.builder())
        .blockSize(16)
        .profile(
            "decode",
            profile -> profile.picker((cycle, sums, ranked, wanted) -> {
              for (int i = 0; i < wanted; i++) {
                ranked[i] = i;
              }
              return wanted;
            }))
        .observer(new RouterObserver() {
          @Override
          public void ended(
              InferenceRequest request,
              Endpoint endpoint,
              ResponseEnd end,
              Usage usage,
              long elapsedNanos) {
            ends.add(end);
          }
        })
        .build();
    addresses.forEach(address -> router.endpoints().add(Endpoint.of(address)));
    server = ProxyServer.start(
            vertx,
            router,
            options.apply(ProxyOptions.builder().scores(scores::add)).build())
        .toCompletionStage()
        .toCompletableFuture()
        .get(SECONDS, TimeUnit.SECONDS);
  }

  static RunningProxy before(String... addresses) throws Exception {
    return new RunningProxy(options -> options, routing -> routing, List.of(addresses));
  }

  static RunningProxy with(UnaryOperator<ProxyOptions.Builder> options, String... addresses)
      throws Exception {
    return new RunningProxy(options, routing -> routing, List.of(addresses));
  }

  static RunningProxy routing(UnaryOperator<RouterBuilder> routing, String... addresses)
      throws Exception {
    return new RunningProxy(options -> options, routing, List.of(addresses));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  HttpRequest.Builder post(String path, String body) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(SECONDS))
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> chat() throws IOException, InterruptedException {
    return send(post(CHAT_PATH, CHAT));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(SECONDS)));
  }

  /** A connection on which the chat was sent and nothing read. */
  Socket openChat() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SECONDS));
    byte[] body = CHAT.getBytes(StandardCharsets.UTF_8);
    socket
        .getOutputStream()
        .write(("POST " + CHAT_PATH + " HTTP/1.1\r\nHost: proxy\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    return socket;
  }

  /** Waits for the next request to end. */
  ResponseEnd nextEnd() throws InterruptedException {
    ResponseEnd end = ends.poll(SECONDS, TimeUnit.SECONDS);
    assertNotNull(end, "no request ended");
    endsSeen++;
    return end;
  }

  /** Waits for what comes about on other threads; each look is cheap. */
  static void await(String what, BooleanSupplier fact) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS); !fact.getAsBoolean(); ) {
      assertTrue(System.nanoTime() < end, what + " not within " + SECONDS + " s");
      assertFalse(never.await(5, TimeUnit.MILLISECONDS));
    }
  }

  @Override
  public void close() {
    try {
      while (endsSeen < router.stats().routed()) {
        nextEnd();
      }
      RouterStats stats = router.stats();
      assertEquals(0, stats.inFlight(), "requests in flight");
      assertEquals(
          stats.routed(),
          stats.completed()
              + stats.rejected()
              + stats.failed()
              + stats.truncated()
              + stats.silent()
              + stats.cancelled(),
          "requests that ended: " + stats);
      for (EndpointState state : router.endpoints().states()) {
        assertEquals(0, state.load().requests(), "requests at " + state);
        assertEquals(0, state.load().promptTokens(), "prompt tokens at " + state);
        assertEquals(0, state.load().prefillTokens(), "tokens to prefill at " + state);
      }
      assertEquals(0, server.stats().internalErrors(), "internal errors");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(SECONDS, TimeUnit.SECONDS)
          .join();
    }
  }
}
