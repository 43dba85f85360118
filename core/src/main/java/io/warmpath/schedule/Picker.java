package io.warmpath.schedule;

/**
 * Chooses the endpoint, and those to fall back to, from the candidates and their weighted scores.
 *
 * <p>Called on the request path, by many threads at once, each with its own arguments. An
 * implementation must not block, allocate or keep its arguments. One that throws, or breaks the rules
 * below, is replaced by the highest score for that cycle, and counted as {@code picker} in {@link
 * SchedulerStats}.
 */
@FunctionalInterface
public interface Picker {

  /**
   * Ranks candidates.
   *
   * @param cycle the request and its candidates, at least one
   * @param scores weighted sums; entry {@code i} belongs to candidate {@code i}; finite
   * @param ranked receives candidate numbers, best first, none twice
   * @param wanted most entries to write, in {@code [1, candidates]}
   * @return entries written, in {@code [1, wanted]}
   */
  int pick(Cycle cycle, double[] scores, int[] ranked, int wanted);
}
