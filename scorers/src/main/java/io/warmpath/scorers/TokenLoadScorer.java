package io.warmpath.scorers;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Scorer;

/**
 * Prefers endpoints that have fewer prompt tokens to compute: those of this router's requests that
 * wait for a first token, and those of this request that are not cached there.
 *
 * <p>{@code score = 1 − min(tokens, threshold) / threshold}.
 *
 * <p>Source: {@code token-load-scorer} of llm-d-router, commit ebab6879. Its default threshold of
 * 4,194,304 tokens makes the score nearly flat at small loads; give one near what a pod computes in
 * the longest time to first token that you accept.
 */
public final class TokenLoadScorer implements Scorer {

  /** The name of this scorer in configuration files. */
  public static final String TYPE = "token-load-scorer";

  /** Tokens that score 0, unless told otherwise: 4,194,304. */
  public static final long DEFAULT_THRESHOLD_TOKENS = 4_194_304;

  private final long thresholdTokens;

  /** Creates the scorer with the default threshold. */
  public TokenLoadScorer() {
    this(DEFAULT_THRESHOLD_TOKENS);
  }

  /**
   * Creates the scorer.
   *
   * @param thresholdTokens tokens from which an endpoint scores 0, at least 1
   */
  public TokenLoadScorer(long thresholdTokens) {
    if (thresholdTokens < 1) {
      throw new IllegalArgumentException(
          TYPE + ": thresholdTokens must be at least 1, was " + thresholdTokens);
    }
    this.thresholdTokens = thresholdTokens;
  }

  @Override
  public void score(Cycle cycle, double[] scores) {
    for (int i = 0; i < cycle.candidates(); i++) {
      long tokens = Math.max(0, cycle.prefillTokens(i) + cycle.uncachedTokens(i));
      scores[i] = 1 - (double) Math.min(tokens, thresholdTokens) / thresholdTokens;
    }
  }
}
