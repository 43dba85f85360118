package io.warmpath.scorers;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Scorer;

/**
 * Prefers endpoints with fewer waiting requests, relative to the other candidates.
 *
 * <p>{@code score = (longest − waiting) / (longest − shortest)}; all 1 if every queue is equally long.
 * The queues are the engines' own, as last scraped.
 *
 * <p>Source: {@code queue-scorer} of llm-d-router, commit ebab6879. <b>Not for</b> use alone: between
 * two scrapes everything goes to the same endpoint; {@link ActiveRequestScorer} knows at once.
 */
public final class QueueScorer implements Scorer {

  /** The name of this scorer in configuration files. */
  public static final String TYPE = "queue-scorer";

  /** Creates the scorer; it has no parameters and no state. */
  public QueueScorer() {}

  @Override
  public void score(Cycle cycle, double[] scores) {
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    for (int i = 0; i < cycle.candidates(); i++) {
      int waiting = cycle.metrics(i).waiting();
      shortest = Math.min(shortest, waiting);
      longest = Math.max(longest, waiting);
    }
    double range = longest - shortest;
    for (int i = 0; i < cycle.candidates(); i++) {
      scores[i] = range == 0 ? 1 : (longest - cycle.metrics(i).waiting()) / range;
    }
  }
}
