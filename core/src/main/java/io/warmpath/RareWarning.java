package io.warmpath;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A warning that is logged when it first comes up and then at most once a minute. */
final class RareWarning {

  private static final Logger LOG = System.getLogger(Router.class.getName());
  private static final long EVERY_NANOS = 60_000_000_000L;

  private final String text;
  private final LongSupplier nanoClock;
  private final AtomicLong nextNanos = new AtomicLong(Long.MIN_VALUE);

  RareWarning(String text, LongSupplier nanoClock) {
    this.text = text;
    this.nanoClock = nanoClock;
  }

  /** Logs the cause, unless one was logged less than a minute ago. */
  void log(RuntimeException cause) {
    long next = nextNanos.get();
    long now = nanoClock.getAsLong();
    if ((next == Long.MIN_VALUE || now - next >= 0)
        && nextNanos.compareAndSet(next, now + EVERY_NANOS)) {
      LOG.log(Level.WARNING, text, cause);
    }
  }
}
