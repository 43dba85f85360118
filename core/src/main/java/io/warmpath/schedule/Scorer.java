package io.warmpath.schedule;

/**
 * Says how well each candidate suits the request of a cycle: 1 is best, 0 is worst.
 *
 * <p>Called on the request path, by many threads at once, each with its own arguments. An
 * implementation must not block, allocate or keep its arguments. Anything it needs to know about an
 * endpoint is already in the {@link Cycle}.
 *
 * <p>A score outside {@code [0, 1]} is clamped and NaN counts as 0; both are counted with the
 * scorer's name in {@link SchedulerStats}, so that a broken scorer is seen, not hidden. A scorer that
 * throws is skipped for that cycle and counted.
 *
 * <p>The smallest useful scorer is a lambda:
 * <pre>{@code
 * Scorer preferIdle = (cycle, scores) -> {
 *   for (int i = 0; i < cycle.candidates(); i++) {
 *     scores[i] = cycle.inFlightRequests(i) == 0 ? 1 : 0;
 *   }
 * };
 * }</pre>
 */
@FunctionalInterface
public interface Scorer {

  /**
   * Writes one score per candidate.
   *
   * @param cycle the request and its candidates
   * @param scores receives the scores; entry {@code i} belongs to candidate {@code i}; filled with 0;
   *     may be longer than {@code cycle.candidates()}, the rest is ignored
   */
  void score(Cycle cycle, double[] scores);
}
