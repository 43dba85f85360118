package io.warmpath.scorers.picker;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Picker;

/**
 * Ranks candidates at random, whatever their scores: the base line to compare with.
 *
 * <p>Source: {@code random-picker} of llm-d-router, commit ebab6879.
 */
public final class RandomPicker implements Picker {

  /** The name of this picker in configuration files. */
  public static final String TYPE = "random-picker";

  /** Creates the picker; it has no parameters and no state. */
  public RandomPicker() {}

  @Override
  public int pick(Cycle cycle, double[] scores, int[] ranked, int wanted) {
    int candidates = cycle.candidates();
    for (int rank = 0; rank < wanted; rank++) {
      int draw = cycle.random().nextInt(candidates - rank);
      ranked[rank] = nthFree(ranked, rank, draw);
    }
    return wanted;
  }

  /** Returns the {@code n}-th candidate that is not among the first {@code taken} of {@code ranked}. */
  private static int nthFree(int[] ranked, int taken, int n) {
    int left = n;
    for (int candidate = 0; ; candidate++) {
      boolean free = true;
      for (int i = 0; i < taken && free; i++) {
        free = ranked[i] != candidate;
      }
      if (free && left-- == 0) {
        return candidate;
      }
    }
  }
}
