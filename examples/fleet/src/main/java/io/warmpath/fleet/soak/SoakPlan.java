package io.warmpath.fleet.soak;

import java.time.Duration;

/**
 * How a soak is run.
 *
 * @param length how long clients call, at least 10 s; setting up and clearing away come on top
 * @param pods simulated engines, at least 3, as two of them are always left alone but in a blackout
 * @param clients that call all the time, at least 1
 * @param seed of everything that is drawn
 */
record SoakPlan(Duration length, int pods, int clients, long seed) {

  static final int DEFAULT_PODS = 4;
  static final int DEFAULT_CLIENTS = 24;
  static final long DEFAULT_SEED = 42;

  SoakPlan {
    if (length.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new IllegalArgumentException("--for must be at least 10s, was " + length.toMillis()
          + " ms; less does not see everything");
    }
    if (pods < 3) {
      throw new IllegalArgumentException("--pods must be at least 3, was " + pods);
    }
    if (clients < 1) {
      throw new IllegalArgumentException("--clients must be at least 1, was " + clients);
    }
  }

  static SoakPlan of(Duration length) {
    return new SoakPlan(length, DEFAULT_PODS, DEFAULT_CLIENTS, DEFAULT_SEED);
  }

  /**
   * Reads {@code 20s} or {@code 5m}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Duration duration(String text) {
    try {
      long number = Long.parseLong(text.substring(0, Math.max(0, text.length() - 1)));
      if (text.endsWith("s")) {
        return Duration.ofSeconds(number);
      }
      if (text.endsWith("m")) {
        return Duration.ofMinutes(number);
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "--for must be a time such as 20s or 5m, was '" + text + "'");
  }
}
