package io.warmpath.scorers.picker;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Picker;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes candidates in turn, whatever their scores: what a plain load balancer does, and so the base
 * line to compare with.
 *
 * <p>One picker keeps one turn for all threads; use one for each profile.
 */
public final class RoundRobinPicker implements Picker {

  private final AtomicInteger turn = new AtomicInteger();

  /** Creates the picker; the first candidate comes first. */
  public RoundRobinPicker() {}

  @Override
  public int pick(Cycle cycle, double[] scores, int[] ranked, int wanted) {
    int candidates = cycle.candidates();
    int first = Integer.remainderUnsigned(turn.getAndIncrement(), candidates);
    for (int rank = 0; rank < wanted; rank++) {
      ranked[rank] = (first + rank) % candidates;
    }
    return wanted;
  }
}
