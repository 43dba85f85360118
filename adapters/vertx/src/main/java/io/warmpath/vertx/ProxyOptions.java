package io.warmpath.vertx;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a {@link ProxyServer} listens, waits and reports.
 *
 * @param host name or address to listen on
 * @param port TCP port in {@code [0, 65535]}; 0 takes a free one
 * @param maxBodyBytes longest request body, at least 1; longer ones are answered 413
 * @param idleTimeout longest silence inside an answer or a request body, on either side
 * @param firstByteTimeout longest wait for the first byte of an answer's body
 * @param connectTimeout longest wait for a connection to an endpoint
 * @param connectionsPerEndpoint most connections to one endpoint from each event loop, at least 1;
 *     further requests wait for one of them
 * @param eventLoops event loops that take connections, at least 1
 * @param scores gets one {@link io.warmpath.PodScores} line for each routed request; called on event
 *     loops, must not block
 * @param engineStats what {@code GET /stats} shows under {@code engine}: JSON values, called on event
 *     loops, must not block
 */
public record ProxyOptions(
    String host,
    int port,
    int maxBodyBytes,
    Duration idleTimeout,
    Duration firstByteTimeout,
    Duration connectTimeout,
    int connectionsPerEndpoint,
    int eventLoops,
    Consumer<String> scores,
    Supplier<Map<String, Object>> engineStats) {

  /** Listens on this machine only. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** Longest request body: 16 MiB. */
  public static final int DEFAULT_MAX_BODY_BYTES = 16 << 20;

  /** Longest silence inside an answer: 60 s. A vLLM that got SIGTERM goes silent without closing. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

  /**
   * Longest wait for an answer's first byte: 10 minutes, as OpenAI's clients wait. An answer that is
   * not streamed sends nothing before it is complete.
   */
  public static final Duration DEFAULT_FIRST_BYTE_TIMEOUT = Duration.ofMinutes(10);

  /** Longest wait for a connection: 3 s, so that one lost SYN is repeated. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /** Most connections to one endpoint from each event loop: 512. */
  public static final int DEFAULT_CONNECTIONS_PER_ENDPOINT = 512;

  /** Checks the ranges. */
  public ProxyOptions {
    Objects.requireNonNull(scores, "scores");
    Objects.requireNonNull(engineStats, "engineStats");
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must not be blank; 0.0.0.0 listens everywhere");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be in [0, 65535], was " + port);
    }
    atLeastOne("maxBodyBytes", maxBodyBytes);
    atLeastOne("connectionsPerEndpoint", connectionsPerEndpoint);
    atLeastOne("eventLoops", eventLoops);
    positive("idleTimeout", idleTimeout);
    positive("firstByteTimeout", firstByteTimeout);
    positive("connectTimeout", connectTimeout);
  }

  /** {@return a builder with the defaults, a free port and no score lines; for one thread} */
  public static Builder builder() {
    return new Builder();
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name + " must be from 1 ms to " + Integer.MAX_VALUE + " ms, was " + value);
    }
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private String host = DEFAULT_HOST;
    private int port;
    private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
    private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
    private Duration firstByteTimeout = DEFAULT_FIRST_BYTE_TIMEOUT;
    private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
    private int connectionsPerEndpoint = DEFAULT_CONNECTIONS_PER_ENDPOINT;
    private int eventLoops = Runtime.getRuntime().availableProcessors();
    private Consumer<String> scores = line -> {};
    private Supplier<Map<String, Object>> engineStats = Map::of;

    private Builder() {}

    /**
     * Sets where to listen.
     *
     * @param host name or address; {@link #DEFAULT_HOST} by default
     * @return this
     */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /**
     * Sets the port.
     *
     * @param port in {@code [0, 65535]}; 0, the default, takes a free one
     * @return this
     */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Sets the longest request body.
     *
     * @param bytes at least 1; {@link #DEFAULT_MAX_BODY_BYTES} by default
     * @return this
     */
    public Builder maxBodyBytes(int bytes) {
      maxBodyBytes = bytes;
      return this;
    }

    /**
     * Sets the longest silence inside an answer or a request body.
     *
     * @param timeout at least 1 ms; {@link #DEFAULT_IDLE_TIMEOUT} by default
     * @return this
     */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = timeout;
      return this;
    }

    /**
     * Sets the longest wait for the first byte of an answer.
     *
     * @param timeout at least 1 ms; {@link #DEFAULT_FIRST_BYTE_TIMEOUT} by default
     * @return this
     */
    public Builder firstByteTimeout(Duration timeout) {
      firstByteTimeout = timeout;
      return this;
    }

    /**
     * Sets the longest wait for a connection to an endpoint.
     *
     * @param timeout at least 1 ms; {@link #DEFAULT_CONNECT_TIMEOUT} by default
     * @return this
     */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = timeout;
      return this;
    }

    /**
     * Sets how many connections one endpoint gets from each event loop.
     *
     * @param connections at least 1; {@link #DEFAULT_CONNECTIONS_PER_ENDPOINT} by default
     * @return this
     */
    public Builder connectionsPerEndpoint(int connections) {
      connectionsPerEndpoint = connections;
      return this;
    }

    /**
     * Sets how many event loops take connections.
     *
     * @param loops at least 1; the number of processors by default
     * @return this
     */
    public Builder eventLoops(int loops) {
      eventLoops = loops;
      return this;
    }

    /**
     * Sets who gets the score line of each routed request.
     *
     * @param scores must not block
     * @return this
     */
    public Builder scores(Consumer<String> scores) {
      this.scores = scores;
      return this;
    }

    /**
     * Sets what {@code GET /stats} shows under {@code engine}.
     *
     * @param stats gives JSON values, must not block
     * @return this
     */
    public Builder engineStats(Supplier<Map<String, Object>> stats) {
      engineStats = stats;
      return this;
    }

    /**
     * Makes the options.
     *
     * @return new options
     * @throws IllegalArgumentException if a value is out of its range
     */
    public ProxyOptions build() {
      return new ProxyOptions(
          host,
          port,
          maxBodyBytes,
          idleTimeout,
          firstByteTimeout,
          connectTimeout,
          connectionsPerEndpoint,
          eventLoops,
          scores,
          engineStats);
    }
  }
}
