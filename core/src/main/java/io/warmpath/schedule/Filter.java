package io.warmpath.schedule;

/**
 * Takes candidates out of the running.
 *
 * <p>Called on the request path, by many threads at once, each with its own arguments. An
 * implementation must not block, allocate or keep its arguments. One that throws is skipped for that
 * cycle and counted under its name in {@link SchedulerStats}.
 */
@FunctionalInterface
public interface Filter {

  /**
   * Says which candidates stay.
   *
   * @param cycle the request and its candidates
   * @param keep entry {@code i} belongs to candidate {@code i}; filled with true; may be longer than
   *     {@code cycle.candidates()}, the rest is ignored
   */
  void filter(Cycle cycle, boolean[] keep);
}
