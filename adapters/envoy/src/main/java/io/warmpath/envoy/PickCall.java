package io.warmpath.envoy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.warmpath.DestinationHeaders;
import io.warmpath.NoEndpointException;
import io.warmpath.PodScores;
import io.warmpath.RoutedRequest;
import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.envoy.proto.HttpBody;
import io.warmpath.envoy.proto.HttpHeaders;
import io.warmpath.envoy.proto.ProcessingMode.BodySendMode;
import io.warmpath.envoy.proto.ProcessingRequest;
import io.warmpath.envoy.proto.ProcessingResponse;
import io.warmpath.envoy.proto.ProtocolConfiguration;
import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.response.ResponseEnd;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request in Envoy, as one gRPC call.
 *
 * <pre>
 * HEADERS ─► BODY ─► ROUTING ─► ANSWER ─► OVER      a completion
 *    └─────► PASSING ─────────────────────► OVER      anything else
 * </pre>
 *
 * <p>Nothing is answered to the headers of a completion before its body is whole and routed: the answer
 * says where it goes. {@code OVER} is reached on every way out, once, and ends the routed request.
 *
 * <p><b>Threads:</b> any; one at a time by its lock, which is never held while waiting.
 */
final class PickCall implements StreamObserver<ProcessingRequest> {

  private static final System.Logger LOG = System.getLogger(PickCall.class.getName());

  /** Bodies above this are read by the executor: 256 KiB, about a millisecond. */
  private static final int OFFLOAD_BYTES = 256 * 1024;

  private static final String SERVED = DestinationHeaders.DESTINATION + "-served";

  /** Envoy's router sets it on what came from an endpoint, not on what it answers itself. */
  private static final String UPSTREAM_TIME = "x-envoy-upstream-service-time";

  private enum Phase {
    HEADERS,
    BODY,
    ROUTING,
    PASSING,
    ANSWER,
    OVER
  }

  private final Router router;
  private final PickerOptions options;
  private final PickerCounters counters;
  private final ServerCallStreamObserver<ProcessingResponse> out;
  private final Consumer<PickCall> onEnd;

  /* Guarded by this. */
  private final BodyCollector body;
  private Phase phase = Phase.HEADERS;
  private HeaderFields head = HeaderFields.NONE;
  private Api api = Api.COMPLETIONS;
  private boolean hasTrailers;
  private boolean wantsMore;
  private boolean completed;
  private boolean ended;
  private boolean deadlineSet;
  private long deadlineNanos;
  private @Nullable RoutedRequest routed;

  PickCall(
      Router router,
      PickerOptions options,
      PickerCounters counters,
      ServerCallStreamObserver<ProcessingResponse> out,
      Consumer<PickCall> onEnd) {
    this.router = router;
    this.options = options;
    this.counters = counters;
    this.out = out;
    this.onEnd = onEnd;
    this.body = new BodyCollector(options.maxBodyBytes());
  }

  @Override
  public synchronized void onNext(ProcessingRequest message) {
    if (completed) {
      return;
    }
    try {
      switch (message.getRequestCase()) {
        case REQUEST_HEADERS -> requestHeaders(message);
        case REQUEST_BODY -> requestBody(message.getRequestBody());
        case REQUEST_TRAILERS -> requestTrailers();
        case RESPONSE_HEADERS -> responseHeaders(message);
        case RESPONSE_BODY -> responseBody(message.getResponseBody());
        case RESPONSE_TRAILERS -> responseTrailers();
        case REQUEST_NOT_SET -> counters.unknownMessages.increment();
      }
    } catch (RuntimeException e) {
      notRouted(e);
    }
    // Envoy reads slowly: what comes next waits on its side.
    if (out.isReady()) {
      out.request(1);
    } else {
      wantsMore = true;
    }
  }

  /** Envoy has read what was sent. */
  synchronized void ready() {
    if (wantsMore) {
      wantsMore = false;
      out.request(1);
    }
  }

  // ---- the request comes in

  private void requestHeaders(ProcessingRequest message) {
    HttpHeaders headers = message.getRequestHeaders();
    head = new HeaderFields(headers.getHeaders());
    if (message.hasProtocolConfig() && !isFullDuplex(message.getProtocolConfig())) {
      counters.misconfigured.increment();
      refuse(
          500,
          "Envoy's ext_proc filter must have request_body_mode and response_body_mode"
              + " FULL_DUPLEX_STREAMED for this endpoint picker");
      return;
    }
    Optional<Api> known = Api.of(head.path());
    if (known.isEmpty() || !"POST".equals(head.get(":method"))) {
      passOn(headers.getEndOfStream());
      return;
    }
    api = known.get();
    phase = Phase.BODY;
    counters.requests.increment();
    if (announcedBytes() > options.maxBodyBytes()) {
      tooLarge();
    } else if (headers.getEndOfStream()) {
      read(new byte[0]);
    } else {
      waitFor(options.idleTimeout().toNanos());
    }
  }

  private static boolean isFullDuplex(ProtocolConfiguration config) {
    return config.getRequestBodyMode() == BodySendMode.FULL_DUPLEX_STREAMED
        && config.getResponseBodyMode() == BodySendMode.FULL_DUPLEX_STREAMED;
  }

  private long announcedBytes() {
    String length = head.get("content-length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void passOn(boolean whole) {
    Optional<Endpoint> any = router.anyEndpoint();
    if (any.isEmpty()) {
      counters.unroutable.increment();
      noEndpoint("no endpoint is registered");
      return;
    }
    counters.passedOn.increment();
    phase = Phase.PASSING;
    out.onNext(Answers.requestHeaders(
        Map.of(DestinationHeaders.DESTINATION, any.get().address()),
        List.of(DestinationHeaders.PREFILLER)));
    if (whole) {
      complete();
    }
  }

  private void requestBody(HttpBody piece) {
    if (phase == Phase.PASSING) {
      Answers.pieces(
          piece.getBody(), piece.getEndOfStream(), p -> out.onNext(Answers.requestBody(p)));
      if (piece.getEndOfStream()) {
        complete();
      }
    } else if (phase == Phase.BODY) {
      waitFor(options.idleTimeout().toNanos());
      if (!body.add(piece.getBody())) {
        tooLarge();
      } else if (piece.getEndOfStream()) {
        read(body.take());
      }
    }
  }

  private void requestTrailers() {
    if (phase == Phase.PASSING) {
      out.onNext(Answers.requestTrailers());
      complete();
    } else if (phase == Phase.BODY) {
      hasTrailers = true;
      read(body.take());
    }
  }

  private void tooLarge() {
    counters.badRequests.increment();
    refuse(413, "the request body is longer than the " + options.maxBodyBytes() + " bytes allowed");
  }

  private void read(byte[] bytes) {
    phase = Phase.ROUTING;
    deadlineSet = false;
    if (bytes.length > OFFLOAD_BYTES) {
      options.executor().execute(() -> route(bytes));
    } else {
      route(bytes);
    }
  }

  private void route(byte[] bytes) {
    try {
      router.route(InferenceRequest.parse(api, bytes, head::get)).whenComplete((result, cause) -> {
        if (cause == null) {
          forward(result);
        } else {
          notRouted(cause);
        }
      });
    } catch (RuntimeException e) {
      notRouted(e);
    }
  }

  private synchronized void notRouted(Throwable failure) {
    if (phase == Phase.OVER) {
      return;
    }
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof BadRequestException bad) {
      counters.badRequests.increment();
      refuse(bad.status(), message, bad.param(), Map.of());
    } else if (cause instanceof NoEndpointException) {
      counters.unroutable.increment();
      noEndpoint(message);
    } else if (cause instanceof RejectedExecutionException) {
      counters.unroutable.increment();
      refuse(503, "too many large requests wait to be routed; try again later");
    } else {
      counters.internalErrors.increment();
      LOG.log(Level.ERROR, "a request could not be handled", cause);
      refuse(500, "the endpoint picker failed; its log says why");
    }
  }

  private synchronized void forward(RoutedRequest result) {
    if (phase == Phase.OVER) {
      result.cancel();
      result.close();
      return;
    }
    routed = result;
    phase = Phase.ANSWER;
    InferenceRequest request = result.request();
    try {
      options.scores().accept(PodScores.line(request, result.decision()));
    } catch (RuntimeException e) {
      counters.scoreFailures.increment();
    }
    Map<String, String> set =
        new LinkedHashMap<>(DestinationHeaders.of(result.decision(), options.maxEndpoints()));
    set.put(DestinationHeaders.REQUEST_ID, request.id());
    // Answers must come uncompressed, because they are read on their way; and who computes the
    // prompt
    // is not for clients to say.
    List<String> remove = new ArrayList<>(List.of("accept-encoding"));
    if (!set.containsKey(DestinationHeaders.PREFILLER)) {
      remove.add(DestinationHeaders.PREFILLER);
    }
    out.onNext(Answers.requestHeaders(set, remove));
    Answers.requestBody(request.body(), !hasTrailers, out::onNext);
    if (hasTrailers) {
      out.onNext(Answers.requestTrailers());
    }
    waitFor(options.firstByteTimeout().toNanos());
  }

  // ---- the answer comes back

  private void responseHeaders(ProcessingRequest message) {
    HttpHeaders headers = message.getResponseHeaders();
    if (routed == null) {
      out.onNext(Answers.responseHeaders(Map.of()));
      return;
    }
    HeaderFields fields = new HeaderFields(headers.getHeaders());
    int status = fields.status();
    String served = served(message);
    if (served != null) {
      follow(routed, served);
    }
    Map<String, String> set = new LinkedHashMap<>();
    if (fields.get(DestinationHeaders.REQUEST_ID) == null) {
      set.put(DestinationHeaders.REQUEST_ID, routed.request().id());
    }
    if (isFromEnvoy(status, fields)) {
      counters.undelivered.increment();
      routed.undelivered(new DeliveryException("Envoy answered " + status + " in its place"));
    } else {
      set.put(DestinationHeaders.SERVED_BY, served == null ? routed.target().address() : served);
    }
    routed.response().head(status, fields.get("content-type"));
    out.onNext(Answers.responseHeaders(set));
    if (headers.getEndOfStream()) {
      answerEnded();
    }
  }

  private static @Nullable String served(ProcessingRequest message) {
    Struct metadata = message
        .getMetadataContext()
        .getFilterMetadataOrDefault(Answers.METADATA, Struct.getDefaultInstance());
    String served =
        metadata.getFieldsOrDefault(SERVED, Value.getDefaultInstance()).getStringValue();
    return served.isEmpty() ? null : served;
  }

  /** Envoy has gone down the list of endpoints to this one: so does the load. */
  private void follow(RoutedRequest to, String served) {
    boolean named = to.decision().endpoints().stream()
        .limit(options.maxEndpoints())
        .anyMatch(endpoint -> endpoint.address().equals(served));
    if (!named) {
      counters.servedElsewhere.increment();
      return;
    }
    DeliveryException cause = new DeliveryException("Envoy went on to " + served);
    while (!to.target().address().equals(served) && to.failed(cause).isPresent()) {
      // Each that was passed over is avoided for a while.
    }
  }

  private static boolean isFromEnvoy(int status, HeaderFields fields) {
    return (status == 502 || status == 503 || status == 504) && fields.get(UPSTREAM_TIME) == null;
  }

  private void responseBody(HttpBody piece) {
    ByteString passed = piece.getBody();
    if (routed != null && phase == Phase.ANSWER) {
      waitFor(options.idleTimeout().toNanos());
      passed = observe(routed, passed);
      if (piece.getEndOfStream()) {
        passed = passed.concat(answerEnded());
      }
    }
    Answers.pieces(passed, piece.getEndOfStream(), p -> out.onNext(Answers.responseBody(p)));
  }

  private ByteString observe(RoutedRequest from, ByteString piece) {
    byte[] bytes = piece.toByteArray();
    ByteString.Output changed = ByteString.newOutput();
    boolean[] untouched = {false};
    from.response().body(bytes, 0, bytes.length, now(), (slice, offset, length) -> {
      // Nearly always all of it passes as it is.
      untouched[0] = slice == bytes && offset == 0 && length == bytes.length;
      if (!untouched[0]) {
        changed.write(slice, offset, length);
      }
    });
    return untouched[0] ? piece : changed.toByteString();
  }

  private void responseTrailers() {
    if (routed != null && phase == Phase.ANSWER) {
      ByteString held = answerEnded();
      if (!held.isEmpty()) {
        Answers.pieces(held, false, p -> out.onNext(Answers.responseBody(p)));
      }
    }
    out.onNext(Answers.responseTrailers());
  }

  /** Returns what the observer held back. */
  private ByteString answerEnded() {
    ByteString.Output held = ByteString.newOutput();
    if (routed != null) {
      routed.response().end(now(), held::write);
    }
    over();
    return held.toByteString();
  }

  // ---- ways out

  /** Envoy closed the call: after the answer, or because client or engine broke off. */
  @Override
  public void onCompleted() {
    ended();
    complete();
  }

  @Override
  public void onError(Throwable cause) {
    ended();
  }

  synchronized void ended() {
    if (ended) {
      return;
    }
    ended = true;
    counters.openCalls.decrement();
    onEnd.accept(this);
    if (phase != Phase.OVER) {
      counters.cancelled.increment();
      if (routed != null) {
        routed.cancel();
      }
      over();
    }
  }

  /** Looks whether what is waited for is overdue. */
  synchronized void expire(long nowNanos) {
    if (!deadlineSet || nowNanos - deadlineNanos < 0 || phase == Phase.OVER) {
      return;
    }
    if (routed == null) {
      counters.badRequests.increment();
      refuse(408, "the request body did not come to its end in time");
      return;
    }
    counters.silent.increment();
    try {
      routed.response().abort(ResponseEnd.SILENT, nowNanos);
      // Once the answer has begun, Envoy can only break it off.
      refuse(504, routed.target().address() + " sent nothing for too long");
    } catch (RuntimeException e) {
      notRouted(e);
    }
  }

  private void noEndpoint(String message) {
    refuse(503, message, null, Map.of(Answers.DROPPED_REASON, "rejected-no-endpoints"));
  }

  private void refuse(int status, String message) {
    refuse(status, message, null, Map.of());
  }

  private void refuse(
      int status, String message, @Nullable String param, Map<String, String> headers) {
    over();
    out.onNext(Answers.error(status, message, param, headers));
    complete();
  }

  /** Nothing more is to be said; Envoy goes on without the picker. */
  private synchronized void complete() {
    phase = Phase.OVER;
    if (!out.isCancelled() && !completed) {
      completed = true;
      out.onCompleted();
    }
  }

  private void over() {
    phase = Phase.OVER;
    deadlineSet = false;
    if (routed != null) {
      routed.close();
    }
  }

  private void waitFor(long nanos) {
    deadlineNanos = now() + nanos;
    deadlineSet = true;
  }

  private long now() {
    return router.nanoClock().getAsLong();
  }
}
