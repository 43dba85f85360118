package io.warmpath;

import io.warmpath.request.InferenceRequest;
import io.warmpath.schedule.PreparedRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A request whose tokens are made elsewhere. It is routed once: by its tokens if they come in time, else by
 * its bytes. Tokens that come later are marked where it went.
 *
 * <p><b>Threads:</b> safe for any number.
 */
final class TokenWait {

  private final Router router;
  private final InferenceRequest request;
  private final long startNanos;
  private final CompletableFuture<PreparedRequest> tokens = new CompletableFuture<>();
  private final CompletableFuture<RoutedRequest> routed = new CompletableFuture<>();

  TokenWait(Router router, InferenceRequest request, long startNanos) {
    this.router = router;
    this.request = request;
    this.startNanos = startNanos;
  }

  InferenceRequest request() {
    return request;
  }

  /** {@return whether nobody waits any more} */
  boolean isOver() {
    return routed.isDone();
  }

  /**
   * Waits. The limit is kept by the one timer thread that the JVM has for all of its futures; the work that
   * falls due then is done in the common pool.
   */
  CompletionStage<RoutedRequest> upTo(long limitNanos) {
    var unused = tokens
        .orTimeout(limitNanos, TimeUnit.NANOSECONDS)
        .whenComplete((prepared, failure) -> {
          if (failure == null) {
            finish(() -> router.routeNow(prepared, startNanos));
          } else if (failure instanceof TimeoutException) {
            var unusedToo = CompletableFuture.runAsync(
                () -> finish(() -> router.routeTooLate(request, startNanos)));
          } else {
            finish(() -> router.routeFailed(request, unwrapped(failure), startNanos));
          }
        });
    return routed;
  }

  /** The tokens are there, in time or not. */
  void tokenized(PreparedRequest prepared) {
    if (!tokens.complete(prepared)) {
      var unused = routed.thenAccept(late -> late.tokenized(prepared));
    }
  }

  /** There will be no tokens. */
  void failed(Throwable cause) {
    tokens.completeExceptionally(cause);
  }

  private void finish(Supplier<RoutedRequest> routing) {
    if (routed.isDone()) {
      return;
    }
    try {
      RoutedRequest request = routing.get();
      if (!routed.complete(request)) {
        request.cancel();
      }
    } catch (RuntimeException e) {
      routed.completeExceptionally(e);
    }
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
