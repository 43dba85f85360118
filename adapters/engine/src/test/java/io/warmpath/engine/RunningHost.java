package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
 * A host on a free port for the tests of hosts: its router prefers endpoints in the order given, and in the end
 * every routed request must have come to its end.
 */
public abstract class RunningHost implements AutoCloseable {

  public static final String CHAT =
      "{\"model\": \"m\",  \"messages\": [{\"role\": \"user\", \"content\": \"안녕 \\ud83d\\ude00\"}]}";
  public static final String CHAT_PATH = "/v1/chat/completions";

  /** Longer than anything takes that does not hang. */
  protected static final long SECONDS = 20;

  public final Router router;
  public final List<String> scores = new CopyOnWriteArrayList<>();
  public final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final BlockingQueue<ResponseEnd> ends = new LinkedBlockingQueue<>();
  private long endsSeen;

  protected RunningHost(UnaryOperator<RouterBuilder> routing, List<String> addresses) {
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
  }

  /** Where clients connect to, on 127.0.0.1. */
  protected abstract int port();

  /** How many requests the host itself has answered 400 to 499. */
  public abstract long badRequests();

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  public HttpRequest.Builder post(String path, String body) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(Duration.ofSeconds(SECONDS))
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  public HttpResponse<String> chat() throws IOException, InterruptedException {
    return send(post(CHAT_PATH, CHAT));
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(SECONDS)));
  }

  /** A connection on which this was sent and nothing read. */
  public Socket open(String... parts) throws IOException {
    Socket socket = new Socket("127.0.0.1", port());
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SECONDS));
    for (String part : parts) {
      socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }
    return socket;
  }

  /** The head of a chat request; chunked if the length is negative. */
  public static String head(long contentLength) {
    return "POST " + CHAT_PATH + " HTTP/1.1\r\nHost: warmpath\r\nContent-Type: application/json\r\n"
        + (contentLength < 0
            ? "Transfer-Encoding: chunked\r\n\r\n"
            : "Content-Length: " + contentLength + "\r\n\r\n");
  }

  /** A connection on which the chat was sent and nothing read. */
  public Socket openChat() throws IOException {
    return open(head(CHAT.getBytes(StandardCharsets.UTF_8).length) + CHAT);
  }

  /** Waits for the next request to end. */
  public ResponseEnd nextEnd() throws InterruptedException {
    ResponseEnd end = ends.poll(SECONDS, TimeUnit.SECONDS);
    assertNotNull(end, "no request ended");
    endsSeen++;
    return end;
  }

  /** Waits for what comes about on other threads; each look is cheap. */
  public static void await(String what, BooleanSupplier fact) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS); !fact.getAsBoolean(); ) {
      assertTrue(System.nanoTime() < end, what + " not within " + SECONDS + " s");
      assertFalse(never.await(5, TimeUnit.MILLISECONDS));
    }
  }

  /** Waits for every routed request to end, and checks that nothing is left of any. */
  protected void checkThatAllEnded() throws InterruptedException {
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
  }

  @Override
  public abstract void close();
}
