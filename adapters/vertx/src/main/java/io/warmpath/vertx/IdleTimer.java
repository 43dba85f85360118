package io.warmpath.vertx;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Fires once if nothing happened for a while. Activity only notes the time; the timer that is set
 * looks at it when it fires, so that a stream of chunks costs no timers.
 *
 * <p><b>Threads:</b> one event loop.
 */
final class IdleTimer {

  private static final long NONE = -1;

  private final Vertx vertx;
  private final LongSupplier nanoClock;
  private final Runnable onSilence;
  private long limitNanos;
  private long activeNanos;
  private long id = NONE;

  IdleTimer(Vertx vertx, LongSupplier nanoClock, Runnable onSilence) {
    this.vertx = vertx;
    this.nanoClock = nanoClock;
    this.onSilence = onSilence;
  }

  /** Starts to wait, anew if it waits already. */
  void start(Duration limit) {
    cancel();
    limitNanos = limit.toNanos();
    touch();
    arm(limitNanos);
  }

  /** Something happened. */
  void touch() {
    activeNanos = nanoClock.getAsLong();
  }

  void cancel() {
    if (id != NONE) {
      vertx.cancelTimer(id);
      id = NONE;
    }
  }

  private void arm(long nanos) {
    id = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)), fired -> check());
  }

  private void check() {
    id = NONE;
    long leftNanos = limitNanos - (nanoClock.getAsLong() - activeNanos);
    if (leftNanos < TimeUnit.MILLISECONDS.toNanos(1)) {
      onSilence.run();
    } else {
      arm(leftNanos);
    }
  }
}
