package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.Router;
import io.warmpath.RouterObserver;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A picker that prefers endpoints in the order given, behind a real Envoy. Closing it checks that every
 * routed request and every call of Envoy's has come to its end.
 */
final class RunningPicker implements AutoCloseable {

  static final String CHAT =
      "{\"model\": \"m\",  \"messages\": [{\"role\": \"user\", \"content\": \"안녕 \\ud83d\\ude00\"}]}";
  static final String CHAT_PATH = "/v1/chat/completions";

  private static final long SECONDS = 20;

  final Router router;
  final PickerServer server;
  final RealEnvoy envoy;
  final List<String> scores = new CopyOnWriteArrayList<>();
  final BlockingQueue<ResponseEnd> ends = new LinkedBlockingQueue<>();
  final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private long endsSeen;

  private RunningPicker(
      String configuration,
      UnaryOperator<String> change,
      UnaryOperator<PickerOptions.Builder> options,
      String... addresses)
      throws Exception {
    RealEnvoy.program();
    router = Router.builder()
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
    for (String address : addresses) {
      router.endpoints().add(Endpoint.of(address));
    }
    server = PickerServer.start(
        router,
        new PickerAddress("127.0.0.1", 0, 0, 0),
        options.apply(PickerOptions.builder().scores(scores::add)).build(),
        Map::of);
    List<Integer> ports =
        Arrays.stream(addresses).map(address -> Endpoint.of(address).port()).toList();
    try {
      envoy = RealEnvoy.start(configuration, server.address().port(), ports, change);
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      server.close(Duration.ZERO);
      throw e;
    }
  }

  /** Envoy takes one endpoint's address. */
  static RunningPicker before(String... addresses) throws Exception {
    return new RunningPicker("original-dst", yaml -> yaml, options -> options, addresses);
  }

  static RunningPicker with(UnaryOperator<PickerOptions.Builder> options, String... addresses)
      throws Exception {
    return new RunningPicker("original-dst", yaml -> yaml, options, addresses);
  }

  static RunningPicker configured(UnaryOperator<String> change, String... addresses)
      throws Exception {
    return new RunningPicker("original-dst", change, options -> options, addresses);
  }

  /** Envoy goes down a list of endpoints. */
  static RunningPicker withFallbacks(String... addresses) throws Exception {
    return withFallbacks(yaml -> yaml, addresses);
  }

  static RunningPicker withFallbacks(UnaryOperator<String> change, String... addresses)
      throws Exception {
    return new RunningPicker(
        "override-host", change, options -> options.maxEndpoints(3), addresses);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + envoy.port() + path);
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

  /** A connection to Envoy on which this was sent and nothing read. */
  Socket open(String... parts) throws IOException {
    Socket socket = new Socket("127.0.0.1", envoy.port());
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SECONDS));
    for (String part : parts) {
      socket.getOutputStream().write(part.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }
    return socket;
  }

  /** The head of a chat request. */
  static String head(long contentLength) {
    return "POST " + CHAT_PATH + " HTTP/1.1\r\nHost: envoy\r\nContent-Type: application/json\r\n"
        + (contentLength < 0
            ? "Transfer-Encoding: chunked\r\n\r\n"
            : "Content-Length: " + contentLength + "\r\n\r\n");
  }

  Socket openChat() throws IOException {
    return open(head(CHAT.getBytes(StandardCharsets.UTF_8).length), CHAT);
  }

  /** Waits for the next request to end. */
  ResponseEnd nextEnd() throws InterruptedException {
    ResponseEnd end = ends.poll(SECONDS, TimeUnit.SECONDS);
    assertNotNull(end, "no request ended");
    endsSeen++;
    return end;
  }

  static void await(BooleanSupplier condition, String what) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, what);
      never.await(5, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    try {
      while (endsSeen < router.stats().routed()) {
        nextEnd();
      }
      assertEquals(0, router.stats().inFlight(), "requests in flight");
      for (EndpointState state : router.endpoints().states()) {
        assertEquals(0, state.load().requests(), "requests at " + state);
        assertEquals(0, state.load().promptTokens(), "prompt tokens at " + state);
      }
      assertEquals(0, server.stats().internalErrors(), "internal errors");
      await(() -> server.stats().openCalls() == 0, "calls of Envoy's stay open");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      envoy.close();
      server.close(Duration.ZERO);
    }
  }
}
