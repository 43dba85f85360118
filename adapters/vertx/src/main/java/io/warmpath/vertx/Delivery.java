package io.warmpath.vertx;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.warmpath.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to have a request answered by one endpoint. After {@link #giveUp} its exchange hears
 * nothing of it any more.
 *
 * <p><b>Threads:</b> one event loop.
 */
final class Delivery {

  private final Exchange exchange;
  private final Endpoint endpoint;
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse reply;
  private boolean over;
  private boolean paused;

  Delivery(Exchange exchange, Endpoint endpoint) {
    this.exchange = exchange;
    this.endpoint = endpoint;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  boolean isPaused() {
    return paused;
  }

  void start(HttpClient client, RequestOptions options, Buffer body) {
    connect(client, options).onComplete(connected -> {
      if (connected.failed()) {
        fail(connected.cause());
      } else if (over) {
        // Without a handler Vert.x logs the reset as an error.
        connected.result().exceptionHandler(reset -> {});
        connected.result().reset();
      } else {
        send(connected.result(), body);
      }
    });
  }

  /** Vert.x throws what it has against an address, such as the zone of an IPv6 one. */
  static Future<HttpClientRequest> connect(HttpClient client, RequestOptions options) {
    try {
      return client.request(options);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
  }

  private void send(HttpClientRequest connected, Buffer body) {
    request = connected;
    connected.exceptionHandler(this::fail);
    connected.response().onComplete(answered -> {
      if (answered.failed()) {
        fail(answered.cause());
      } else if (!over) {
        receive(answered.result());
      }
    });
    connected.end(body);
  }

  private void receive(HttpClientResponse answered) {
    reply = answered;
    answered.exceptionHandler(this::fail);
    answered.handler(chunk -> {
      if (!over) {
        exchange.chunk(this, chunk);
      }
    });
    answered.endHandler(end -> {
      if (!over) {
        over = true;
        exchange.complete(this);
      }
    });
    exchange.answered(this, answered);
  }

  /** The endpoint failed; told once, whether the connection, the request or the answer says so first. */
  private void fail(Throwable cause) {
    if (!over) {
      over = true;
      exchange.undelivered(cause);
    }
  }

  /** Holds the answer back until {@link #resume}: the client reads slower than the engine writes. */
  void pause() {
    if (reply != null && !paused) {
      paused = true;
      reply.pause();
    }
  }

  void resume() {
    if (reply != null && paused) {
      paused = false;
      reply.resume();
    }
  }

  HttpClientResponse reply() {
    if (reply == null) {
      throw new IllegalStateException("no answer yet");
    }
    return reply;
  }

  /** Ends the attempt; the connection is closed, which tells the engine to stop. */
  void giveUp() {
    if (!over) {
      over = true;
      if (request != null) {
        request.reset();
      }
    }
  }
}
