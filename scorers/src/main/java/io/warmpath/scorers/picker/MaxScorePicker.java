package io.warmpath.scorers.picker;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Picker;

/**
 * Ranks candidates by score, the highest first; equal ones in random order.
 *
 * <p>Ties must be random: on a cold start all pods are equal, and the first in the list would get
 * everything. Cost: O(candidates · wanted).
 *
 * <p>Source: {@code max-score-picker} of llm-d-router, commit ebab6879.
 */
public final class MaxScorePicker implements Picker {

  /** The name of this picker in configuration files. */
  public static final String TYPE = "max-score-picker";

  /** Creates the picker; it has no parameters and no state. */
  public MaxScorePicker() {}

  @Override
  public int pick(Cycle cycle, double[] scores, int[] ranked, int wanted) {
    for (int rank = 0; rank < wanted; rank++) {
      ranked[rank] = best(cycle, scores, ranked, rank);
    }
    return wanted;
  }

  /** Returns the best candidate that is not among the first {@code taken} of {@code ranked}. */
  private static int best(Cycle cycle, double[] scores, int[] ranked, int taken) {
    int best = -1;
    int ties = 0;
    for (int i = 0; i < cycle.candidates(); i++) {
      if (isAmong(ranked, taken, i)) {
        continue;
      }
      if (best < 0 || scores[i] > scores[best]) {
        best = i;
        ties = 1;
      } else if (scores[i] == scores[best] && cycle.random().nextInt(++ties) == 0) {
        best = i;
      }
    }
    return best;
  }

  private static boolean isAmong(int[] ranked, int taken, int candidate) {
    for (int i = 0; i < taken; i++) {
      if (ranked[i] == candidate) {
        return true;
      }
    }
    return false;
  }
}
