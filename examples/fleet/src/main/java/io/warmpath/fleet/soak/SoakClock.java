package io.warmpath.fleet.soak;

/** Nanoseconds since the soak began, so that times compare as plain numbers. */
final class SoakClock {

  private final long start = System.nanoTime();

  long nanos() {
    return System.nanoTime() - start;
  }
}
