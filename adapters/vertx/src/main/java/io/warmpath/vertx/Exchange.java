package io.warmpath.vertx;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.warmpath.DestinationHeaders;
import io.warmpath.NoEndpointException;
import io.warmpath.PodScores;
import io.warmpath.RoutedRequest;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.response.ResponseEnd;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One completion request and its answer.
 *
 * <pre>
 * collect body ─► parse ─► route ─► deliver ─► hold the head ─► pass chunks ─► end
 *                                      ▲  │          │
 *                                      └──┴── next endpoint, while no byte of a body was passed
 * </pre>
 *
 * <p>The head of an answer waits for the first byte of its body: engines send it long before the
 * first token, and until the client has it another endpoint can still answer.
 *
 * <p>{@code over} is set on every way out, exactly once, together with the end of the routed request:
 * {@link #finish}.
 *
 * <p><b>Threads:</b> the event loop of the client's connection.
 */
final class Exchange {

  private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

  /** Bodies above this are parsed by a worker: 256 KiB, about a millisecond. */
  private static final int OFFLOAD_BYTES = 256 * 1024;

  private final ProxyLoop loop;
  private final Api api;
  private final HttpServerRequest client;
  private final HttpServerResponse answer;
  private final IdleTimer timer;
  private final BodyCollector body;
  private @Nullable RoutedRequest routed;
  private @Nullable Delivery delivery;
  private boolean headPassed;
  private boolean over;

  Exchange(ProxyLoop loop, Api api, HttpServerRequest client) {
    this.loop = loop;
    this.api = api;
    this.client = client;
    this.answer = client.response();
    this.timer = new IdleTimer(loop.vertx(), loop.router().nanoClock(), this::silent);
    this.body = new BodyCollector(loop.options().maxBodyBytes(), announcedBytes(client));
  }

  private static long announcedBytes(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Math.max(-1, Long.parseLong(length));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  // ---- the request comes in

  void start() {
    loop.counters().requests.increment();
    client.exceptionHandler(cause -> clientGone());
    answer.exceptionHandler(cause -> clientGone());
    answer.closeHandler(closed -> clientGone());
    if (announcedBytes(client) > loop.options().maxBodyBytes()) {
      tooLarge();
      return;
    }
    timer.start(loop.options().idleTimeout());
    client.handler(chunk -> {
      timer.touch();
      if (!over && !body.add(chunk)) {
        tooLarge();
      }
    });
    client.endHandler(end -> {
      timer.cancel();
      if (!over) {
        read(body.bytes());
      }
    });
  }

  /** Answers at once, but hears the client out for a while: most read only after they have written. */
  private void tooLarge() {
    loop.counters().badRequests.increment();
    refuse(
        413,
        "the request body is longer than the " + loop.options().maxBodyBytes() + " bytes allowed",
        null);
    client.handler(chunk -> {});
    long hangUp = loop.vertx()
        .setTimer(
            loop.options().idleTimeout().toMillis(), late -> client.connection().close());
    client.endHandler(end -> loop.vertx().cancelTimer(hangUp));
  }

  private void read(byte[] bytes) {
    if (bytes.length > OFFLOAD_BYTES) {
      loop.vertx()
          .executeBlocking(() -> parse(bytes), false)
          .onSuccess(this::route)
          .onFailure(this::notRouted);
      return;
    }
    InferenceRequest request;
    try {
      request = parse(bytes);
    } catch (RuntimeException e) {
      notRouted(e);
      return;
    }
    route(request);
  }

  private InferenceRequest parse(byte[] bytes) {
    return InferenceRequest.parse(api, bytes, client.headers()::get);
  }

  private void route(InferenceRequest request) {
    if (over) {
      return;
    }
    CompletionStage<RoutedRequest> stage;
    try {
      stage = loop.router().route(request);
    } catch (RuntimeException e) {
      notRouted(e);
      return;
    }
    stage.whenComplete((result, cause) -> loop.run(() -> {
      if (cause != null) {
        notRouted(cause);
      } else {
        forward(result);
      }
    }));
  }

  private void notRouted(Throwable failure) {
    if (over) {
      return;
    }
    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    if (cause instanceof BadRequestException bad) {
      loop.counters().badRequests.increment();
      refuse(bad.status(), String.valueOf(bad.getMessage()), bad.param());
    } else if (cause instanceof NoEndpointException) {
      loop.counters().unroutable.increment();
      refuse(503, String.valueOf(cause.getMessage()), null);
    } else {
      loop.counters().internalErrors.increment();
      LOG.log(Level.ERROR, "a request could not be routed", cause);
      refuse(500, "the proxy failed to route the request; its log says why", null);
    }
  }

  // ---- to an endpoint and, if need be, the next one

  private void forward(RoutedRequest result) {
    routed = result;
    if (over) {
      result.cancel();
      result.close();
      return;
    }
    try {
      loop.options().scores().accept(PodScores.line(result.request(), result.decision()));
    } catch (RuntimeException e) {
      loop.counters().scoreFailures.increment();
    }
    deliver(result, result.target());
  }

  private void deliver(RoutedRequest to, Endpoint endpoint) {
    timer.start(loop.options().firstByteTimeout());
    RequestOptions options = ProxyLoop.optionsFor(endpoint, HttpMethod.POST)
        .setURI(pathAndQuery())
        .setHeaders(EndToEndHeaders.ofRequest(client.headers()));
    options.putHeader(DestinationHeaders.REQUEST_ID, to.request().id());
    DestinationHeaders.of(to.decision()).forEach(options::putHeader);
    Delivery attempt = new Delivery(this, endpoint);
    delivery = attempt;
    attempt.start(loop.client(), options, Buffer.buffer(to.request().body()));
  }

  private String pathAndQuery() {
    String path = Objects.requireNonNull(client.path()); // it led here
    String query = client.query();
    return query == null ? path : path + '?' + query;
  }

  /** The endpoint could not be reached, or broke off. */
  void undelivered(Throwable cause) {
    if (over) {
      return;
    }
    RoutedRequest from = routed();
    if (headPassed) {
      loop.counters().truncated.increment();
      from.response().abort(ResponseEnd.TRUNCATED, now());
      finish();
      client.connection().close();
      return;
    }
    Endpoint last = from.target();
    Optional<Endpoint> next = from.failed(cause);
    if (next.isPresent()) {
      deliver(from, next.get());
      return;
    }
    loop.counters().undelivered.increment();
    refuse(
        502,
        "no endpoint answered; the last one tried, " + last.address() + ", failed: "
            + cause.getMessage(),
        null);
  }

  // ---- the answer goes out

  void answered(Delivery from, HttpClientResponse reply) {
    if (reply.statusCode() == 503) {
      Optional<Endpoint> next = routed().failed(new DeliveryException("status 503"));
      if (next.isPresent()) {
        from.giveUp();
        deliver(routed(), next.get());
      }
    }
  }

  void chunk(Delivery from, Buffer chunk) {
    if (!headPassed) {
      passHead(from);
      timer.start(loop.options().idleTimeout());
    } else {
      timer.touch();
    }
    int length = chunk.length();
    byte[] bytes = loop.scratch(length);
    chunk.getBytes(bytes);
    routed().response().body(bytes, 0, length, now(), (out, offset, count) -> {
      // Nearly always all of it passes as it is: then no second copy.
      boolean untouched = out == bytes && offset == 0 && count == length;
      answer.write(untouched ? chunk : Buffer.buffer(count).appendBytes(out, offset, count));
    });
    if (answer.writeQueueFull()) {
      from.pause();
      answer.drainHandler(drained -> {
        timer.touch();
        from.resume();
      });
    }
  }

  void complete(Delivery from) {
    if (!headPassed) {
      passHead(from);
    }
    routed()
        .response()
        .end(
            now(),
            (out, offset, count) ->
                answer.write(Buffer.buffer(count).appendBytes(out, offset, count)));
    finish();
    answer.end();
  }

  private void passHead(Delivery from) {
    headPassed = true;
    HttpClientResponse reply = from.reply();
    routed().response().head(reply.statusCode(), reply.getHeader(HttpHeaders.CONTENT_TYPE));
    answer.setStatusCode(reply.statusCode());
    EndToEndHeaders.ofResponse(reply.headers(), answer.headers());
    answer.putHeader(DestinationHeaders.SERVED_BY, from.endpoint().address());
    if (!answer.headers().contains(DestinationHeaders.REQUEST_ID)) {
      answer.putHeader(DestinationHeaders.REQUEST_ID, routed().request().id());
    }
    if (!answer.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      answer.setChunked(true);
    }
  }

  // ---- ways out

  private void silent() {
    if (over) {
      return;
    }
    if (routed == null) {
      loop.counters().badRequests.increment();
      refuse(408, "the request body did not come to its end in time", null);
      client.connection().close();
    } else if (delivery != null && delivery.isPaused()) {
      loop.counters().stalled.increment();
      clientGone();
      client.connection().close();
    } else {
      loop.counters().silent.increment();
      routed.response().abort(ResponseEnd.SILENT, now());
      if (headPassed) {
        finish();
        client.connection().close();
      } else {
        refuse(504, routed.target().address() + " sent nothing for " + seconds(), null);
      }
    }
  }

  private String seconds() {
    return String.format(
        Locale.ROOT, "%.1f s", loop.options().firstByteTimeout().toMillis() / 1e3);
  }

  private void clientGone() {
    if (over) {
      return;
    }
    loop.counters().cancelled.increment();
    if (routed != null) {
      routed.cancel();
    }
    finish();
  }

  private void refuse(int status, String message, @Nullable String param) {
    if (routed != null) {
      answer.putHeader(DestinationHeaders.REQUEST_ID, routed.request().id());
    }
    finish();
    Replies.error(answer, status, message, param);
  }

  private void finish() {
    over = true;
    timer.cancel();
    if (delivery != null) {
      delivery.giveUp();
    }
    if (routed != null) {
      routed.close();
    }
  }

  private RoutedRequest routed() {
    if (routed == null) {
      throw new IllegalStateException("not routed yet");
    }
    return routed;
  }

  private long now() {
    return loop.router().nanoClock().getAsLong();
  }
}
