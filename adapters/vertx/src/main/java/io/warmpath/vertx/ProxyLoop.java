package io.warmpath.vertx;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.request.Api;
import java.util.Optional;

/**
 * The proxy's part on one event loop: a server, and a client of its own, so that a request and its
 * delivery never change threads.
 */
final class ProxyLoop {

  /** Answers come in slices of this size at most, nearly always; a longer one gets a new array. */
  private static final int SCRATCH_BYTES = 64 * 1024;

  /**
   * How long an unused connection to an engine is kept: 4 s, because vLLM (uvicorn) closes its side
   * after 5 s, and a request sent at that very moment would be lost.
   */
  private static final int KEEP_ALIVE_SECONDS = 4;

  private final Context context;
  private final Vertx vertx;
  private final Router router;
  private final ProxyOptions options;
  private final ProxyCounters counters;
  private final HttpClient client;
  private final HttpServer server;
  private final OperatorPages pages;
  private final byte[] scratch = new byte[SCRATCH_BYTES];

  /** Call it on the context that the proxy's part is to live in. */
  ProxyLoop(Context context, Router router, ProxyOptions options, ProxyCounters counters) {
    this.context = context;
    this.vertx = context.owner();
    this.router = router;
    this.options = options;
    this.counters = counters;
    // A connection that breaks is heard of by its request; without a handler Vert.x logs it as
    // well.
    this.client = vertx
        .httpClientBuilder()
        .with(clientOptions(options))
        .with(poolOptions(options))
        .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
        .build();
    this.server = vertx
        .createHttpServer(serverOptions())
        .connectionHandler(connection -> connection.exceptionHandler(broken -> {}))
        .requestHandler(this::serve);
    this.pages = new OperatorPages(router, client, options, counters);
  }

  /* Nagle's algorithm and the client's delayed ACK together hold a stream's first chunk for 40 ms. */

  static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setHandle100ContinueAutomatically(true)
        .setHttp2ClearTextEnabled(false);
  }

  static HttpClientOptions clientOptions(ProxyOptions options) {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setKeepAlive(true)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setConnectTimeout((int) options.connectTimeout().toMillis());
  }

  private static PoolOptions poolOptions(ProxyOptions options) {
    return new PoolOptions().setHttp1MaxSize(options.connectionsPerEndpoint());
  }

  Future<HttpServer> listen() {
    return server.listen(
        options.port() == 0
            // One free port for all loops of this deployment.
            ? SocketAddress.sharedRandomPort(1, options.host())
            : SocketAddress.inetSocketAddress(options.port(), options.host()));
  }

  Router router() {
    return router;
  }

  ProxyOptions options() {
    return options;
  }

  ProxyCounters counters() {
    return counters;
  }

  HttpClient client() {
    return client;
  }

  Vertx vertx() {
    return vertx;
  }

  /** Returns options for a request to this endpoint. Vert.x wants an IPv6 address in brackets. */
  static RequestOptions optionsFor(Endpoint endpoint, HttpMethod method) {
    boolean isIpv6 = endpoint.host().indexOf(':') >= 0;
    return new RequestOptions()
        .setMethod(method)
        .setHost(isIpv6 ? "[" + endpoint.host() + "]" : endpoint.host())
        .setPort(endpoint.port());
  }

  /** Returns an array of at least this length, for use until the next call. */
  byte[] scratch(int length) {
    return length <= scratch.length ? scratch : new byte[length];
  }

  /** Runs something on this loop: at once if this is its thread. */
  void run(Runnable task) {
    if (Vertx.currentContext() == context) {
      task.run();
    } else {
      context.runOnContext(hop -> task.run());
    }
  }

  private void serve(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    Optional<Api> api = Api.of(path);
    if (api.isPresent()) {
      if (allowed(request, HttpMethod.POST)) {
        new Exchange(this, api.get(), request).start();
      }
    } else if (path.endsWith("/v1/models")) {
      if (allowed(request, HttpMethod.GET)) {
        pages.models(request);
      }
    } else if (path.equals("/health")) {
      if (allowed(request, HttpMethod.GET)) {
        pages.health(request.response());
      }
    } else if (path.equals("/stats")) {
      if (allowed(request, HttpMethod.GET)) {
        pages.stats(request.response());
      }
    } else {
      Replies.error(
          request.response(),
          404,
          "no route " + request.method() + " " + path
              + "; this proxy has POST /v1/chat/completions, POST /v1/completions,"
              + " POST /v1/responses, POST /v1/messages, GET /v1/models, GET /health and GET /stats",
          null);
    }
  }

  private static boolean allowed(HttpServerRequest request, HttpMethod method) {
    boolean isGet = method.equals(HttpMethod.GET);
    if (request.method().equals(method) || (isGet && request.method().equals(HttpMethod.HEAD))) {
      return true;
    }
    String allow = isGet ? "GET, HEAD" : method.name();
    HttpServerResponse response = request.response().putHeader(HttpHeaders.ALLOW, allow);
    Replies.error(response, 405, request.method() + " is not allowed here, only " + allow, null);
    return false;
  }
}
