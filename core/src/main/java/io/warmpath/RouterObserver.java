package io.warmpath;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.request.InferenceRequest;
import io.warmpath.response.ResponseEnd;
import io.warmpath.response.Usage;
import io.warmpath.schedule.RoutingDecision;

/**
 * Hears what becomes of each request. Meters and log lines hang here.
 *
 * <p>Called on the threads that route and that pass responses; an implementation must not block. One
 * that throws is counted ({@link RouterStats#observerFailures()}), logged once a minute at most, and
 * does not disturb the request.
 */
public interface RouterObserver {

  /**
   * A request was routed.
   *
   * @param request the request
   * @param decision where it goes and why
   */
  default void routed(InferenceRequest request, RoutingDecision decision) {}

  /**
   * A request could not be delivered.
   *
   * @param request the request
   * @param endpoint the endpoint that failed
   * @param cause what happened
   */
  default void failed(InferenceRequest request, Endpoint endpoint, Throwable cause) {}

  /**
   * The first token of an answer passed.
   *
   * @param request the request
   * @param endpoint who answers
   * @param elapsedNanos since the router was asked
   */
  default void firstToken(InferenceRequest request, Endpoint endpoint, long elapsedNanos) {}

  /**
   * A request ended; called once for each {@link #routed}.
   *
   * @param request the request
   * @param endpoint who answered, or was asked last
   * @param end how it ended
   * @param usage what the engine reported
   * @param elapsedNanos since the router was asked
   */
  default void ended(
      InferenceRequest request,
      Endpoint endpoint,
      ResponseEnd end,
      Usage usage,
      long elapsedNanos) {}
}
