package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.envoy.proto.HeaderMap;
import io.warmpath.envoy.proto.HeaderValue;
import io.warmpath.envoy.proto.HealthCheckRequest;
import io.warmpath.envoy.proto.HealthCheckResponse.ServingStatus;
import io.warmpath.envoy.proto.HttpBody;
import io.warmpath.envoy.proto.HttpHeaders;
import io.warmpath.envoy.proto.HttpTrailers;
import io.warmpath.envoy.proto.ProcessingRequest;
import io.warmpath.envoy.proto.ProcessingResponse;
import io.warmpath.envoy.proto.StatusCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The picker as a gRPC server: what Envoy never does, and what gateways ask beside it. */
@Timeout(60)
class PickerServerTest {

  private final Router router = Router.builder()
      .blockSize(16)
      .profile(
          "decode",
          profile -> profile.picker((cycle, sums, ranked, wanted) -> {
            ranked[0] = 0;
            return 1;
          }))
      .build();
  private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
  private PickerServer server;
  private ManagedChannel channel;

  private StreamObserver<ProcessingRequest> call(UnaryOperator<PickerOptions.Builder> options)
      throws IOException {
    server = PickerServer.start(
        router,
        new PickerAddress("127.0.0.1", 0, 0, 0),
        options.apply(PickerOptions.builder()).build(),
        Map::of);
    channel = channel(server.address().port());
    return ClientCalls.asyncBidiStreamingCall(
        channel.newCall(ExtProc.PROCESS, CallOptions.DEFAULT), new StreamObserver<>() {
          @Override
          public void onNext(ProcessingResponse answer) {
            answers.add(answer);
          }

          @Override
          public void onError(Throwable cause) {
            answers.add(Status.fromThrowable(cause));
          }

          @Override
          public void onCompleted() {
            answers.add("completed");
          }
        });
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (channel != null) {
      channel.shutdownNow();
      RunningPicker.await("the end of all calls", () -> server.stats().openCalls() == 0);
      assertEquals(0, router.stats().inFlight());
      server.close(Duration.ZERO);
    }
  }

  private static ProcessingRequest head(String method, String path, boolean end) {
    HeaderMap.Builder headers = HeaderMap.newBuilder();
    Map.of(":method", method, ":path", path)
        .forEach((name, value) -> headers.addHeaders(
            HeaderValue.newBuilder().setKey(name).setRawValue(ByteString.copyFromUtf8(value))));
    return ProcessingRequest.newBuilder()
        .setRequestHeaders(HttpHeaders.newBuilder().setHeaders(headers).setEndOfStream(end))
        .build();
  }

  private static ProcessingRequest body(String text, boolean end) {
    return ProcessingRequest.newBuilder()
        .setRequestBody(
            HttpBody.newBuilder().setBody(ByteString.copyFromUtf8(text)).setEndOfStream(end))
        .build();
  }

  private ProcessingResponse next() throws InterruptedException {
    Object answer = answers.poll(20, TimeUnit.SECONDS);
    return assertType(answer);
  }

  private static ProcessingResponse assertType(Object answer) {
    assertTrue(answer instanceof ProcessingResponse, String.valueOf(answer));
    return (ProcessingResponse) answer;
  }

  @Test
  void aBodyInPiecesIsAnsweredWhenItIsWhole() throws Exception {
    router.endpoints().add(Endpoint.of("10.0.0.1:8000"));
    StreamObserver<ProcessingRequest> envoy = call(options -> options);
    envoy.onNext(head("POST", "/prefix/v1/completions?a=b", false));
    envoy.onNext(body("{\"model\":\"m\",", false));
    envoy.onNext(body("\"prompt\":[1]}", false));
    envoy.onNext(body("", true));

    assertTrue(next().hasRequestHeaders());
    assertEquals(
        "{\"model\":\"m\",\"prompt\":[1]}",
        next()
            .getRequestBody()
            .getResponse()
            .getBodyMutation()
            .getStreamedResponse()
            .getBody()
            .toStringUtf8());
    envoy.onCompleted();
    assertEquals("completed", answers.poll(20, TimeUnit.SECONDS));
    assertEquals(1, server.stats().cancelled(), "the answer never came");
  }

  @Test
  void anAnswerWithTrailersEndsBehindThem() throws Exception {
    router.endpoints().add(Endpoint.of("10.0.0.1:8000"));
    StreamObserver<ProcessingRequest> envoy = call(options -> options);
    envoy.onNext(head("POST", "/v1/completions", false));
    envoy.onNext(body("{\"model\":\"m\",\"prompt\":[1]}", true));
    assertTrue(next().hasRequestHeaders());
    assertTrue(next().hasRequestBody());
    envoy.onNext(ProcessingRequest.newBuilder()
        .setResponseHeaders(HttpHeaders.newBuilder()
            .setHeaders(HeaderMap.newBuilder()
                .addHeaders(HeaderValue.newBuilder().setKey(":status").setValue("200"))))
        .build());
    envoy.onNext(ProcessingRequest.newBuilder()
        .setResponseBody(HttpBody.newBuilder().setBody(ByteString.copyFromUtf8("{}")))
        .build());
    envoy.onNext(ProcessingRequest.newBuilder()
        .setResponseTrailers(HttpTrailers.getDefaultInstance())
        .build());

    assertTrue(next().hasResponseHeaders());
    assertEquals(
        false,
        next()
            .getResponseBody()
            .getResponse()
            .getBodyMutation()
            .getStreamedResponse()
            .getEndOfStream());
    assertTrue(next().hasResponseTrailers());
    assertEquals(0, router.stats().inFlight());
    envoy.onCompleted();
    assertEquals("completed", answers.poll(20, TimeUnit.SECONDS));
    assertEquals(0, server.stats().cancelled());
  }

  @Test
  void aFaultOfTheCallersOwnIsAnswered500AndCounted() throws Exception {
    router.endpoints().add(Endpoint.of("10.0.0.1:8000"));
    StreamObserver<ProcessingRequest> envoy = call(options -> options.executor(task -> {
      throw new IllegalStateException("planted");
    }));
    envoy.onNext(head("POST", "/v1/completions", false));
    envoy.onNext(body(" ".repeat(300_000), true));

    assertEquals(
        StatusCode.InternalServerError,
        next().getImmediateResponse().getStatus().getCode());
    assertEquals(1, server.stats().internalErrors());
  }

  @Test
  void anExecutorThatIsFullIsAnswered503() throws Exception {
    router.endpoints().add(Endpoint.of("10.0.0.1:8000"));
    StreamObserver<ProcessingRequest> envoy = call(options -> options.executor(task -> {
      throw new java.util.concurrent.RejectedExecutionException("planted");
    }));
    envoy.onNext(head("POST", "/v1/completions", false));
    envoy.onNext(body(" ".repeat(300_000), true));

    assertEquals(
        StatusCode.ServiceUnavailable, next().getImmediateResponse().getStatus().getCode());
    assertEquals(1, server.stats().unroutable());
  }

  @Test
  void scoresThatCannotBePrintedStopNothing() throws Exception {
    router.endpoints().add(Endpoint.of("10.0.0.1:8000"));
    StreamObserver<ProcessingRequest> envoy = call(options -> options.scores(line -> {
      throw new IllegalStateException("planted");
    }));
    envoy.onNext(head("POST", "/v1/completions", false));
    envoy.onNext(body("{\"model\":\"m\",\"prompt\":[1]}", true));

    assertTrue(next().hasRequestHeaders());
    assertEquals(1, server.stats().scoreFailures());
    envoy.onCompleted();
  }

  @Test
  void messagesWithoutARequestChangeNothing() throws Exception {
    StreamObserver<ProcessingRequest> envoy = call(options -> options);
    envoy.onNext(ProcessingRequest.getDefaultInstance());
    envoy.onNext(body("x", true));
    envoy.onNext(ProcessingRequest.newBuilder()
        .setResponseHeaders(HttpHeaders.getDefaultInstance())
        .build());

    assertTrue(next().hasResponseHeaders());
    assertEquals(1, server.stats().unknownMessages());
    envoy.onCompleted();
    assertEquals("completed", answers.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void anEmptyCompletionIsABadRequest() throws Exception {
    StreamObserver<ProcessingRequest> envoy = call(options -> options);
    envoy.onNext(head("POST", "/v1/completions", true));

    assertEquals(
        StatusCode.BadRequest, next().getImmediateResponse().getStatus().getCode());
    assertEquals("completed", answers.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void healthIsThatOfThePoolOnBothPorts() throws Exception {
    call(options -> options).onCompleted();
    ManagedChannel health = channel(server.address().healthPort());
    try {
      for (ManagedChannel port : new ManagedChannel[] {channel, health}) {
        assertEquals(ServingStatus.NOT_SERVING, check(port, ""));
        assertEquals(ServingStatus.SERVING, check(port, "liveness"));
      }
      router.endpoints().add(Endpoint.of("10.0.0.1:8000"));
      for (ManagedChannel port : new ManagedChannel[] {channel, health}) {
        for (String service : new String[] {"", "readiness", ExtProc.SERVICE, "any-other"}) {
          assertEquals(ServingStatus.SERVING, check(port, service));
        }
      }
    } finally {
      health.shutdownNow();
    }
  }

  private static ServingStatus check(ManagedChannel channel, String service) {
    return ClientCalls.blockingUnaryCall(
            channel,
            ExtProc.CHECK,
            CallOptions.DEFAULT,
            HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  @Test
  void whileItDrainsHealthFailsAndRequestsAreServed() throws Exception {
    router.endpoints().add(Endpoint.of("10.0.0.1:8000"));
    StreamObserver<ProcessingRequest> envoy = call(options -> options);
    envoy.onNext(head("POST", "/v1/completions", false));
    RunningPicker.await("the head", () -> server.stats().requests() == 1);
    Thread closing = new Thread(() -> server.close(Duration.ofSeconds(20)));
    closing.start();
    RunningPicker.await(
        "a failing health check", () -> check(channel, "") == ServingStatus.NOT_SERVING);

    envoy.onNext(body("{\"model\":\"m\",\"prompt\":[1]}", true));

    assertTrue(next().hasRequestHeaders());
    envoy.onCompleted();
    closing.join(TimeUnit.SECONDS.toMillis(20));
    assertEquals(false, closing.isAlive());
  }

  @Test
  void statsShowAllCounters() throws Exception {
    call(options -> options).onCompleted();
    HttpResponse<String> stats = HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.address().statsPort() + "/stats"))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    String text = server.stats().toString();
    for (String counter :
        text.substring(text.indexOf('[') + 1, text.length() - 1).split(", ", -1)) {
      String name = counter.substring(0, counter.indexOf('='));
      assertTrue(stats.body().contains("\"" + name + "\":"), name + " in " + stats.body());
    }
    assertTrue(stats.body().contains("\"router\":{\"routed\":0"), stats.body());
  }

  @Test
  void aPortThatIsTakenStartsNothing() throws Exception {
    call(options -> options).onCompleted();
    PickerAddress taken = new PickerAddress("127.0.0.1", 0, 0, server.address().statsPort());

    assertThrows(
        IOException.class,
        () -> PickerServer.start(router, taken, PickerOptions.builder().build(), Map::of));
  }
}
