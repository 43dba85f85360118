package io.warmpath.fleet.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side of one engine: vLLM's paths, bodies and errors. <b>Threads:</b> everything runs on the event loop that
 * Vert.x gives the verticle; {@link #deliver}, {@link #listen}, {@link #stopListening} and {@link #closeAll} go there
 * by themselves. Tokenizing and hashing happen there too, as in vLLM's front end.
 */
final class EngineHttp extends VerticleBase {

  private static final String JSON = "application/json";
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";
  private static final String TOKENIZE = "/tokenize";
  private static final String RESET = "/reset_prefix_cache";
  private static final Set<String> POST_PATHS = Set.of(CHAT, COMPLETIONS, TOKENIZE, RESET);
  private static final Set<String> GET_PATHS =
      Set.of("/v1/models", "/health", "/ping", "/version", "/metrics", "/kv_event_sources");
  private static final long DRAIN_HOURS = 24;

  private final EngineConfig config;
  private final FleetTokenizer tokenizer;
  private final ApiRequest.Reader reader;
  private final BlockHashes hashes;
  private final EngineCounters counters;
  private final EngineLoop loop;
  private final @Nullable KvEventPublisher publisher;
  private final LongSupplier unixMillis;
  private final SplittableRandom ids = new SplittableRandom();
  private final Set<HttpConnection> connections = new HashSet<>();
  private @Nullable HttpServer server;
  private volatile int port;

  EngineHttp(
      EngineConfig config,
      int port,
      FleetTokenizer tokenizer,
      EngineCounters counters,
      EngineLoop loop,
      @Nullable KvEventPublisher publisher,
      LongSupplier unixMillis) {
    this.config = config;
    this.port = port;
    this.tokenizer = tokenizer;
    this.reader = new ApiRequest.Reader(config, tokenizer);
    this.hashes = new BlockHashes(config.hashSeed(), config.blockSize());
    this.counters = counters;
    this.loop = loop;
    this.publisher = publisher;
    this.unixMillis = unixMillis;
  }

  @Override
  public Future<?> start() {
    return listenHere();
  }

  /** {@return the port bound last} */
  int port() {
    return port;
  }

  /** Hands a step's tokens to their responses. Any thread. */
  void deliver(List<ContinuousBatch.TokenUpdate> updates) {
    if (!updates.isEmpty()) {
      context.runOnContext(
          ignored -> updates.forEach(u -> u.sequence().sink.token(u.token(), u.last())));
    }
  }

  /** Accepts connections, on the same port as before; does nothing if it does already. Any thread. */
  Future<?> listen() {
    Promise<Object> done = Promise.promise();
    context.runOnContext(ignored -> {
      Future<?> listening = server == null ? listenHere() : Future.succeededFuture();
      listening.<Object>map(x -> true).onComplete(done);
    });
    return done.future();
  }

  /** Refuses new connections; requests in flight go on to their end. Any thread. */
  Future<?> stopListening() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(ignored -> {
      if (server != null) {
        server.shutdown(DRAIN_HOURS, TimeUnit.HOURS);
        server = null;
      }
      done.complete();
    });
    return done.future();
  }

  /** Closes every connection at once, and the listener. Any thread. */
  Future<?> closeAll() {
    Promise<Object> done = Promise.promise();
    context.runOnContext(ignored -> {
      for (HttpConnection connection : List.copyOf(connections)) {
        connection.close();
      }
      Future<Void> closed = server == null ? Future.succeededFuture() : server.close();
      server = null;
      closed.<Object>map(x -> true).onComplete(done);
    });
    return done.future();
  }

  private Future<HttpServer> listenHere() {
    HttpServerOptions options = new HttpServerOptions().setTcpNoDelay(true).setReuseAddress(true);
    HttpServer fresh = vertx
        .createHttpServer(options)
        .connectionHandler(connection -> {
          connections.add(connection);
          connection.closeHandler(ignored -> connections.remove(connection));
        })
        .requestHandler(this::handle);
    return fresh.listen(port, config.host()).onSuccess(bound -> {
      server = bound;
      port = bound.actualPort();
    });
  }

  private void handle(HttpServerRequest request) {
    String path = Objects.requireNonNullElse(request.path(), "");
    boolean post = POST_PATHS.contains(path);
    if (!post && !GET_PATHS.contains(path)) {
      json(request.response().setStatusCode(404), "{\"detail\":\"Not Found\"}");
    } else if (!request.method().equals(post ? HttpMethod.POST : HttpMethod.GET)) {
      request.response().putHeader("allow", post ? "POST" : "GET");
      json(request.response().setStatusCode(405), "{\"detail\":\"Method Not Allowed\"}");
    } else if (post) {
      request.body().onSuccess(body -> post(path, request, body.getBytes()));
    } else {
      get(path, request.response());
    }
  }

  private void get(String path, HttpServerResponse response) {
    switch (path) {
      case "/v1/models" -> json(response, models());
      case "/version" -> json(response, "{\"version\":\"0.32.0\"}");
      case "/kv_event_sources" -> json(response, eventSources());
      case "/metrics" ->
        response
            .putHeader("content-type", "text/plain; version=1.0.0; charset=utf-8")
            .end(MetricsText.of(config, stats(), counters));
      default -> response.end();
    }
  }

  private void post(String path, HttpServerRequest request, byte[] body) {
    HttpServerResponse response = request.response();
    try {
      switch (path) {
        case TOKENIZE -> tokenize(response, body);
        case RESET ->
          loop.reset(done ->
              context.runOnContext(ignored -> json(response, "{\"success\":" + done + "}")));
        default -> answer(path.equals(CHAT), request, body);
      }
    } catch (ApiError error) {
      json(response.setStatusCode(error.status()), error.toJson());
    }
  }

  private void answer(boolean chat, HttpServerRequest http, byte[] body) throws ApiError {
    double arrival = config.clock().nowMillis();
    ApiRequest request = reader.read(chat, body);
    String given = http.getHeader("x-request-id");
    String base = given == null || given.isEmpty() ? String.format("%016x", ids.nextLong()) : given;
    HttpServerResponse response = http.response();
    ApiAnswer answer = new ApiAnswer(
        response,
        request,
        tokenizer,
        config,
        (chat ? "chatcmpl-" : "cmpl-") + base,
        unixMillis.getAsLong() / 1000);
    for (int i = 0; i < request.prompts().size(); i++) {
      int[] prompt = request.prompts().get(i);
      answer.add(new Sequence(
          base,
          i,
          prompt,
          request.maxTokens(),
          arrival,
          hashes.chain(request.salt()),
          GeneratedAnswer.to(tokenizer, prompt, prompt.length),
          answer.sink(i)));
    }
    response.exceptionHandler(
        ignored -> {}); // a client that goes away is told of by the close handler
    response.closeHandler(ignored -> {
      answer.abandon();
      if (!answer.isComplete()) {
        answer.sequences().forEach(loop::abort);
      }
    });
    answer.begin();
    answer.sequences().forEach(loop::submit);
  }

  private void tokenize(HttpServerResponse response, byte[] body) throws ApiError {
    int[] tokens = reader.readTokenize(body);
    String ids = Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(","));
    json(
        response,
        "{\"count\":" + tokens.length + ",\"max_model_len\":" + config.maxModelLen()
            + ",\"tokens\":[" + ids + "],\"token_strs\":null}");
  }

  private String models() {
    String model = JsonTree.quoted(config.modelName());
    long created = unixMillis.getAsLong() / 1000;
    return "{\"object\":\"list\",\"data\":[{\"id\":" + model + ",\"object\":\"model\",\"created\":"
        + created
        + ",\"owned_by\":\"vllm\",\"root\":" + model + ",\"parent\":null,\"max_model_len\":"
        + config.maxModelLen()
        + ",\"permission\":[]}]}";
  }

  private String eventSources() {
    if (publisher == null) {
      return "{}";
    }
    // With a star, as in vLLM: its publisher binds only where the configured endpoint has one.
    return "{\"0\":{\"enable_kv_cache_events\":true,\"publisher\":\"zmq\",\"endpoint\":\"tcp://*:"
        + publisher.eventPort() + "\",\"replay_endpoint\":\"tcp://*:" + publisher.replayPort()
        + "\",\"buffer_steps\":" + config.replayBatches() + ",\"hwm\":100000,\"max_queue_size\":"
        + KvEventPublisher.MAX_QUEUED_BATCHES + ",\"topic\":" + JsonTree.quoted(config.kvTopic())
        + "}}";
  }

  EngineStats stats() {
    return new EngineStats(
        loop.running(),
        loop.waiting(),
        loop.usage(),
        counters.prefixQueries.get(),
        counters.prefixHits.get(),
        counters.preemptions.get(),
        counters.finished.get(),
        counters.aborted.get(),
        publisher == null ? 0 : publisher.dropped(),
        publisher == null ? 0 : publisher.badReplayRequests());
  }

  private static void json(HttpServerResponse response, String body) {
    response.putHeader("content-type", JSON).end(body);
  }
}
