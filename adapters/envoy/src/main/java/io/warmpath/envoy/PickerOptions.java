package io.warmpath.envoy;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * How an {@link EndpointPicker} answers and how long it waits.
 *
 * @param maxEndpoints most endpoints it names for a request, best first, at least 1
 * @param maxBodyBytes longest request body, at least 1; longer ones are answered 413
 * @param idleTimeout longest silence inside a request body or an answer
 * @param firstByteTimeout longest wait for the first byte of an answer's body
 * @param executor reads bodies above 256 KiB
 * @param scores gets one {@link io.warmpath.PodScores} line for each routed request; called on gRPC's
 *     threads, must not block
 */
public record PickerOptions(
    int maxEndpoints,
    int maxBodyBytes,
    Duration idleTimeout,
    Duration firstByteTimeout,
    Executor executor,
    Consumer<String> scores) {

  /**
   * One endpoint for a request, as in llm-d's picker: an original-destination cluster reads no list.
   * Envoy's {@code override_host} load balancing with retries goes down a list.
   */
  public static final int DEFAULT_MAX_ENDPOINTS = 1;

  /** Longest request body: 16 MiB. */
  public static final int DEFAULT_MAX_BODY_BYTES = 16 << 20;

  /** Longest silence inside an answer: 60 s. A vLLM that got SIGTERM goes silent without closing. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

  /** Longest wait for an answer's first byte: 10 minutes, as OpenAI's clients wait. */
  public static final Duration DEFAULT_FIRST_BYTE_TIMEOUT = Duration.ofMinutes(10);

  /** Checks the ranges. */
  public PickerOptions {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(scores, "scores");
    atLeastOne("maxEndpoints", maxEndpoints);
    atLeastOne("maxBodyBytes", maxBodyBytes);
    positive("idleTimeout", idleTimeout);
    positive("firstByteTimeout", firstByteTimeout);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 ms, was " + value);
    }
  }

  /** {@return a builder with the defaults and no score lines; for one thread} */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private int maxEndpoints = DEFAULT_MAX_ENDPOINTS;
    private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
    private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
    private Duration firstByteTimeout = DEFAULT_FIRST_BYTE_TIMEOUT;
    private Executor executor = Runnable::run;
    private Consumer<String> scores = line -> {};

    private Builder() {}

    /**
     * Sets how many endpoints are named for a request.
     *
     * @param endpoints at least 1; {@link #DEFAULT_MAX_ENDPOINTS} by default
     * @return this
     */
    public Builder maxEndpoints(int endpoints) {
      maxEndpoints = endpoints;
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
     * Sets the longest silence inside a request body or an answer.
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
     * Sets who reads bodies above 256 KiB; the thread that they came on by default.
     *
     * @param executor the embedder's; never shut down here
     * @return this
     */
    public Builder executor(Executor executor) {
      this.executor = executor;
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
     * Makes the options.
     *
     * @return new options
     * @throws IllegalArgumentException if a value is out of its range
     */
    public PickerOptions build() {
      return new PickerOptions(
          maxEndpoints, maxBodyBytes, idleTimeout, firstByteTimeout, executor, scores);
    }
  }
}
