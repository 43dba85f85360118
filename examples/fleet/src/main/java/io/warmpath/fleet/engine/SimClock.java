package io.warmpath.fleet.engine;

import java.util.function.LongSupplier;

/**
 * The relation of simulated to real time: simulated milliseconds since the clock was made, {@code scale} of them in
 * each real one. Engines whose times are to be compared share one clock.
 *
 * <p><b>Threads:</b> any number.
 */
public final class SimClock {

  private final LongSupplier nanoClock;
  private final double scale;
  private final long epochNanos;

  /** A clock on {@link System#nanoTime()}; {@code scale} simulated seconds pass in a real one. */
  public SimClock(double scale) {
    this(System::nanoTime, scale);
  }

  /** A clock on another source of nanoseconds; a {@link PatientNanos} waits for the engines that share the clock. */
  public SimClock(LongSupplier nanoClock, double scale) {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("time scale must be finite and above 0, was " + scale);
    }
    this.nanoClock = nanoClock;
    this.scale = scale;
    this.epochNanos = nanoClock.getAsLong();
  }

  /** Has time wait for what is due, where its source can. */
  void watch(LongSupplier due) {
    if (nanoClock instanceof PatientNanos patient) {
      patient.watch(due);
    }
  }

  /** Has time no longer wait for it. */
  void unwatch(LongSupplier due) {
    if (nanoClock instanceof PatientNanos patient) {
      patient.unwatch(due);
    }
  }

  /** {@return simulated seconds per real second} */
  public double scale() {
    return scale;
  }

  /** {@return the present simulated time, milliseconds} */
  public double nowMillis() {
    return (nanoClock.getAsLong() - epochNanos) / 1e6 * scale;
  }

  /** {@return the present real time, nanoseconds of the clock's source} */
  long nowNanos() {
    return nanoClock.getAsLong();
  }

  /** {@return the real nanosecond at which {@code simMillis} is reached} */
  long deadlineNanos(double simMillis) {
    return epochNanos + (long) (simMillis / scale * 1e6);
  }
}
