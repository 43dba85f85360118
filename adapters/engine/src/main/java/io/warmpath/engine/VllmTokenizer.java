package io.warmpath.engine;

import io.warmpath.RemoteTokenizer;
import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.token.TokenizedPrompt;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has vLLM tokenize: engines, or servers that only render ({@code vllm launch render}).
 *
 * <p>A request is posted as it is to the renderer of its path, such as {@code /v1/chat/completions/render}
 * (vLLM 0.16 and later; on {@code vllm serve} since 0.30 only with {@code --enable-scale-out}), whose answer
 * has the tokens after all that vLLM does to a prompt, and the images among them. A server without is asked
 * at {@code /tokenize}, which knows chats and completions of text only. Addresses are asked in turn; one that
 * cannot be reached or answers 500 or more is left out for 2 seconds, and the next is asked.
 *
 * <p><b>Threads:</b> safe for any number; answers are read on the HTTP client's threads.
 */
public final class VllmTokenizer implements RemoteTokenizer {

  /** Time for one answer: 2 s. A router waits less for it, but marks what comes later. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final long LEFT_OUT_NANOS = 2_000_000_000L;
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;
  private static final int NOT_ALLOWED = 405;

  private final List<Server> servers;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final HttpClient client;
  private final LongSupplier nanoClock;
  private final AtomicInteger turn = new AtomicInteger();
  private final LongAdder asked = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** One address and what is known of it. Races on the two fields cost one question more. */
  private static final class Server {
    final URI base;
    volatile boolean rendersNot;
    volatile long leftOutUntil;
    volatile boolean isLeftOut;

    Server(URI base) {
      this.base = base;
    }

    boolean isAvoided(long now) {
      return isLeftOut && now - leftOutUntil < 0;
    }
  }

  private VllmTokenizer(Builder builder) {
    servers = builder.servers.stream().map(Server::new).toList();
    headers = Map.copyOf(builder.headers);
    timeout = builder.timeout;
    client = builder.client == null
        ? HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build()
        : builder.client;
    nanoClock = builder.nanoClock;
  }

  /**
   * {@return a builder}
   *
   * @param servers such as {@code http://10.0.0.7:8000}, at least one
   * @throws IllegalArgumentException if there is none, or one is no such address
   */
  public static Builder at(String... servers) {
    return new Builder(Arrays.stream(servers).map(VllmTokenizer::address).toList());
  }

  private static URI address(String server) {
    try {
      URI address = new URI(server);
      boolean isHttp = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (isHttp && address.getHost() != null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Said below, in the same words.
    }
    throw new IllegalArgumentException(
        "a server that tokenizes must be an address such as http://10.0.0.7:8000, was " + server);
  }

  /** {@return what became of the questions} */
  public VllmTokenizerStats stats() {
    return new VllmTokenizerStats(asked.sum(), failed.sum(), refused.sum());
  }

  @Override
  public CompletionStage<List<TokenizedPrompt>> tokenize(InferenceRequest request) {
    return ask(request, 0);
  }

  private CompletionStage<List<TokenizedPrompt>> ask(InferenceRequest request, int tried) {
    Server server = next();
    return ask(request, server).exceptionallyCompose(failure -> {
      Throwable cause = failure instanceof CompletionException && failure.getCause() != null
          ? failure.getCause()
          : failure;
      if (cause instanceof BadRequestException || cause instanceof IllegalArgumentException) {
        refused.increment();
        return CompletableFuture.failedStage(cause);
      }
      failed.increment();
      server.leftOutUntil = nanoClock.getAsLong() + LEFT_OUT_NANOS;
      server.isLeftOut = true;
      return tried + 1 < servers.size()
          ? ask(request, tried + 1)
          : CompletableFuture.failedStage(cause);
    });
  }

  private Server next() {
    long now = nanoClock.getAsLong();
    int first = turn.getAndIncrement();
    for (int i = 0; i < servers.size(); i++) {
      Server server = servers.get(Math.floorMod(first + i, servers.size()));
      if (!server.isAvoided(now)) {
        return server;
      }
    }
    return servers.get(Math.floorMod(first, servers.size()));
  }

  private CompletionStage<List<TokenizedPrompt>> ask(InferenceRequest request, Server server) {
    if (server.rendersNot) {
      return tokenize(request, server);
    }
    return post(server, request.api().path() + "/render", request.body()).thenCompose(answer -> {
      int status = answer.statusCode();
      boolean mayBeUnknown = status == NOT_FOUND || status == FORBIDDEN || status == NOT_ALLOWED;
      if (mayBeUnknown && VllmAnswer.isUnknownPath(answer)) {
        server.rendersNot = true;
        return tokenize(request, server);
      }
      return read(answer, VllmAnswer::rendered);
    });
  }

  /** Asks for prompt after prompt; a request has more than one only in a list of completions. */
  private CompletionStage<List<TokenizedPrompt>> tokenize(InferenceRequest request, Server server) {
    List<byte[]> questions;
    try {
      questions = TokenizeQuestion.of(request);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedStage(e);
    }
    CompletionStage<List<TokenizedPrompt>> all =
        CompletableFuture.completedStage(new ArrayList<>());
    for (byte[] question : questions) {
      all = all.thenCompose(prompts -> post(server, "/tokenize", question)
          .thenCompose(answer -> readTokenized(request, answer))
          .thenApply(prompt -> {
            prompts.addAll(prompt);
            return prompts;
          }));
    }
    return all;
  }

  /** A converted request that {@code /tokenize} refuses may still be good: only its renderer knows. */
  private static CompletionStage<List<TokenizedPrompt>> readTokenized(
      InferenceRequest request, HttpResponse<byte[]> answer) {
    boolean isConverted = request.api() == Api.RESPONSES || request.api() == Api.MESSAGES;
    if (isConverted && answer.statusCode() == 400) {
      return CompletableFuture.failedStage(new IllegalArgumentException(
          "/tokenize does not take this: " + VllmAnswer.error(answer)));
    }
    return read(answer, VllmAnswer::tokenized);
  }

  private interface Reading {
    List<TokenizedPrompt> of(byte[] body) throws IOException;
  }

  private static CompletionStage<List<TokenizedPrompt>> read(
      HttpResponse<byte[]> answer, Reading reading) {
    int status = answer.statusCode();
    try {
      if (status == 200) {
        return CompletableFuture.completedStage(reading.of(answer.body()));
      }
      String message = VllmAnswer.error(answer);
      return CompletableFuture.failedStage(
          status == 400
              ? new BadRequestException(message, null)
              : new IOException(answer.uri() + " answered " + status + ": " + message));
    } catch (IOException e) {
      return CompletableFuture.failedStage(
          new IOException(answer.uri() + " answered what is not understood: " + e.getMessage(), e));
    }
  }

  private CompletionStage<HttpResponse<byte[]>> post(Server server, String path, byte[] body) {
    asked.increment();
    String base = server.base.toString();
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path))
        .timeout(timeout)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request.build(), head -> new BoundedBody(MAX_ANSWER_BYTES));
    // The request's own timeout ends with the response's head; this one covers the body.
    return exchange.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Collects the parts of a {@link VllmTokenizer}. Not thread-safe. */
  public static final class Builder {

    private final List<URI> servers;
    private final Map<String, String> headers = new TreeMap<>();
    private Duration timeout = DEFAULT_TIMEOUT;
    private @Nullable HttpClient client;
    private LongSupplier nanoClock = System::nanoTime;

    private Builder(List<URI> servers) {
      if (servers.isEmpty()) {
        throw new IllegalArgumentException("at least one server is needed to tokenize");
      }
      this.servers = servers;
    }

    /**
     * Adds a header to each question, such as {@code authorization}.
     *
     * @param name of the header
     * @param value its value
     * @return this
     */
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /**
     * Sets the time for one answer.
     *
     * @param timeout above 0; {@link #DEFAULT_TIMEOUT} by default
     * @return this
     */
    public Builder timeout(Duration timeout) {
      if (timeout.isZero() || timeout.isNegative()) {
        throw new IllegalArgumentException("timeout must be above 0, was " + timeout);
      }
      this.timeout = timeout;
      return this;
    }

    /**
     * Sets the HTTP client, for a proxy, certificates or threads.
     *
     * @param client the embedder's
     * @return this
     */
    public Builder client(HttpClient client) {
      this.client = client;
      return this;
    }

    Builder nanoClock(LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
      return this;
    }

    /** {@return a new tokenizer} */
    public VllmTokenizer build() {
      return new VllmTokenizer(this);
    }
  }
}
