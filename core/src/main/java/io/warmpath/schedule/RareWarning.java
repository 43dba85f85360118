package io.warmpath.schedule;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A warning that is logged when it first comes up and then at most once a minute, for failures of
 * code that is not ours.
 *
 * <p><b>Threads:</b> safe for any number. <b>Cost:</b> two reads while it is too soon.
 */
public final class RareWarning {

  private static final long EVERY_NANOS = 60_000_000_000L;

  private final Logger log;
  private final String text;
  private final AtomicLong nextNanos = new AtomicLong(Long.MIN_VALUE);

  /**
   * Creates a warning that was not logged yet.
   *
   * @param log where it goes
   * @param text what it says
   */
  public RareWarning(Logger log, String text) {
    this.log = log;
    this.text = text;
  }

  /**
   * Logs the cause, unless one was logged less than a minute ago.
   *
   * @param cause what was thrown
   * @param nowNanos the router's clock
   */
  public void log(Throwable cause, long nowNanos) {
    long next = nextNanos.get();
    if ((next == Long.MIN_VALUE || nowNanos - next >= 0)
        && nextNanos.compareAndSet(next, nowNanos + EVERY_NANOS)) {
      log.log(Level.WARNING, text, cause);
    }
  }
}
