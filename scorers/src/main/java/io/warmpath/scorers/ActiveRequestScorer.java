package io.warmpath.scorers;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Scorer;

/**
 * Prefers endpoints at which fewer of this router's requests are in flight.
 *
 * <p>{@code score = 1} up to {@code idleThreshold} requests, else
 * {@code (most − requests) / most · maxBusyScore}, {@code most} being the most of any candidate. It
 * knows of a request at once, while a scraped queue is seconds old, but of this router's requests
 * only.
 *
 * <p>Source: {@code active-request-scorer} of llm-d-router, commit ebab6879.
 */
public final class ActiveRequestScorer implements Scorer {

  /** The name of this scorer in configuration files. */
  public static final String TYPE = "active-request-scorer";

  private final int idleThreshold;
  private final double maxBusyScore;

  /** Creates the scorer with the defaults: threshold 0, best busy score 1. */
  public ActiveRequestScorer() {
    this(0, 1);
  }

  /**
   * Creates the scorer.
   *
   * @param idleThreshold requests up to which an endpoint counts as idle, at least 0
   * @param maxBusyScore most that a busy endpoint can score, in {@code [0, 1]}
   */
  public ActiveRequestScorer(int idleThreshold, double maxBusyScore) {
    if (idleThreshold < 0) {
      throw new IllegalArgumentException(
          TYPE + ": idleThreshold must be at least 0, was " + idleThreshold);
    }
    if (!(maxBusyScore >= 0 && maxBusyScore <= 1)) {
      throw new IllegalArgumentException(
          TYPE + ": maxBusyScore must be in [0, 1], was " + maxBusyScore);
    }
    this.idleThreshold = idleThreshold;
    this.maxBusyScore = maxBusyScore;
  }

  @Override
  public void score(Cycle cycle, double[] scores) {
    int most = 0;
    for (int i = 0; i < cycle.candidates(); i++) {
      most = Math.max(most, cycle.inFlightRequests(i));
    }
    for (int i = 0; i < cycle.candidates(); i++) {
      int requests = cycle.inFlightRequests(i);
      scores[i] = requests <= idleThreshold ? 1 : (double) (most - requests) / most * maxBusyScore;
    }
  }
}
