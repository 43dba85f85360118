package io.warmpath;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.request.InferenceRequest;
import io.warmpath.response.ResponseEnd;
import io.warmpath.response.ResponseListener;
import io.warmpath.response.ResponseObserver;
import io.warmpath.response.Usage;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.RoutingDecision;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way: where to send it, where to send it next if that fails, and what watches the
 * answer.
 *
 * <p>A host sends {@link #request()} to {@link #target()}, feeds {@link #response()} with what comes
 * back and calls {@link #close()} at the end, whatever happened; closing twice is fine. While it is
 * open, its load counts at its target.
 *
 * <p><b>Threads:</b> safe for any number; calls of one request wait for one another, briefly.
 */
public final class RoutedRequest implements AutoCloseable {

  private final Router router;
  private final PreparedRequest prepared;
  private final RoutingDecision decision;
  private final EndpointState[] candidates;
  private final long startNanos;
  private final ResponseObserver response;

  /* Guarded by this. */
  private int current;
  private boolean prefilled;
  private boolean answered;
  private boolean ended;
  private long uncachedTokens;
  private @Nullable PreparedRequest late;

  RoutedRequest(
      Router router,
      PreparedRequest prepared,
      RoutingDecision decision,
      EndpointState[] candidates,
      long startNanos) {
    this.router = router;
    this.prepared = prepared;
    this.decision = decision;
    this.candidates = candidates;
    this.startNanos = startNanos;
    this.response = new ResponseObserver(new Listener(), null);
    synchronized (this) {
      send();
    }
  }

  /**
   * The request's tokens became known after it was routed by its bytes: from now on they are marked where
   * it goes, so that the next request that begins alike finds them.
   */
  synchronized void tokenized(PreparedRequest tokens) {
    late = tokens;
    if (answered) {
      router.confirm(tokens, candidates[current], router.nanoClock().getAsLong());
    } else if (!ended) {
      router.sent(tokens, candidates[current]);
    }
  }

  /** {@return what the client sent} */
  public InferenceRequest request() {
    return prepared.request();
  }

  /** {@return where the request goes and why} */
  public RoutingDecision decision() {
    return decision;
  }

  /** {@return the endpoint to send to now} */
  public synchronized Endpoint target() {
    return candidates[current].endpoint();
  }

  /**
   * The target refused the request or the connection broke.
   *
   * @param cause what happened, for the observer
   * @return the next endpoint to try; empty if none is left, or a byte of the answer was passed on
   *     already, or the request has ended: then the host gives up and calls {@link #close()}
   */
  public synchronized Optional<Endpoint> failed(Throwable cause) {
    if (ended) {
      return Optional.empty();
    }
    boolean retry = !response.started() && current + 1 < candidates.length;
    router.deliveryFailed(request(), candidates[current], cause, retry);
    if (!retry) {
      return Optional.empty();
    }
    takeBack();
    current++;
    send();
    return Optional.of(target());
  }

  /**
   * The target refused the request or the connection broke, and no other endpoint will be tried: for
   * hosts that leave fallbacks to others, such as a gateway that has given up. The host then calls
   * {@link #close()}.
   *
   * @param cause what happened, for the observer
   */
  public synchronized void undelivered(Throwable cause) {
    if (!ended) {
      router.deliveryFailed(request(), candidates[current], cause, false);
    }
  }

  /** {@return what the host feeds the answer to} */
  public ResponseObserver response() {
    return response;
  }

  /** The client went away. */
  public void cancel() {
    response.abort(ResponseEnd.CANCELLED, router.nanoClock().getAsLong());
  }

  /** Ends the request if nothing has ended it yet; then it counts as cut off. */
  @Override
  public void close() {
    response.abort(ResponseEnd.TRUNCATED, router.nanoClock().getAsLong());
  }

  private void send() {
    EndpointState state = candidates[current];
    long cached = (long) decision.matchedBlocks(state.endpoint()) * prepared.blockSize();
    uncachedTokens = Math.max(0, prepared.promptTokens() - cached);
    prefilled = false;
    state.load().sent(prepared.promptTokens(), uncachedTokens);
    router.sent(prepared, state);
    if (late != null) {
      router.sent(late, state);
    }
  }

  private void takeBack() {
    EndpointState state = candidates[current];
    if (!prefilled) {
      prefilled = true;
      state.load().prefilled(uncachedTokens);
    }
    state.load().ended(prepared.promptTokens());
  }

  private final class Listener implements ResponseListener {
    @Override
    public void firstToken(long nowNanos) {
      EndpointState state;
      PreparedRequest tokens;
      synchronized (RoutedRequest.this) {
        if (ended || prefilled) {
          return;
        }
        prefilled = true;
        answered = true;
        state = candidates[current];
        state.load().prefilled(uncachedTokens);
        tokens = late;
      }
      router.confirmed(prepared, state, nowNanos);
      if (tokens != null) {
        router.confirm(tokens, state, nowNanos);
      }
      router.firstToken(request(), state.endpoint(), nowNanos - startNanos);
    }

    @Override
    public void ended(ResponseEnd end, Usage usage, long nowNanos) {
      EndpointState state;
      synchronized (RoutedRequest.this) {
        if (ended) {
          return;
        }
        ended = true;
        state = candidates[current];
        takeBack();
      }
      router.ended(request(), state.endpoint(), end, usage, nowNanos - startNanos);
    }
  }
}
