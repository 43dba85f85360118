package io.warmpath.scorers;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Scorer;

/**
 * Prefers endpoints that have more of the prompt cached.
 *
 * <p>{@code score = w · min(1, matched · blockSize / scale)² + (1 − w) · matched / total}, blocks
 * counted from the start of the prompt without a gap, {@code w} being {@code matchLengthWeight}; 0 if
 * the prompt has no full block or nothing is known of it. With the default weight of 0 it is the share
 * of the prompt that is cached.
 *
 * <p>Source: {@code prefix-cache-scorer} of llm-d-router, commit ebab6879, fed by what it calls the
 * precise prefix-cache producer. <b>Not for</b> prompts that share nothing: it says 0 for all.
 */
public final class PrefixCacheScorer implements Scorer {

  /** The name of this scorer in configuration files. */
  public static final String TYPE = "prefix-cache-scorer";

  /** Weight of the matched length beside the matched share, unless told otherwise: 0. */
  public static final double DEFAULT_MATCH_LENGTH_WEIGHT = 0;

  /** Matched tokens that count as a full length, unless told otherwise: 8192. */
  public static final int DEFAULT_MATCH_LENGTH_SCALE_TOKENS = 8192;

  private final double lengthWeight;
  private final int scaleTokens;

  /** Creates the scorer with the defaults: the share of the prompt that is cached. */
  public PrefixCacheScorer() {
    this(DEFAULT_MATCH_LENGTH_WEIGHT, DEFAULT_MATCH_LENGTH_SCALE_TOKENS);
  }

  /**
   * Creates the scorer.
   *
   * @param matchLengthWeight in {@code [0, 1]}
   * @param matchLengthScaleTokens at least 1
   */
  public PrefixCacheScorer(double matchLengthWeight, int matchLengthScaleTokens) {
    if (!(matchLengthWeight >= 0 && matchLengthWeight <= 1)) {
      throw new IllegalArgumentException(
          TYPE + ": matchLengthWeight must be in [0, 1], was " + matchLengthWeight);
    }
    if (matchLengthScaleTokens < 1) {
      throw new IllegalArgumentException(
          TYPE + ": matchLengthScaleTokens must be at least 1, was " + matchLengthScaleTokens);
    }
    lengthWeight = matchLengthWeight;
    scaleTokens = matchLengthScaleTokens;
  }

  @Override
  public void score(Cycle cycle, double[] scores) {
    double total = cycle.totalBlocks();
    if (total == 0) {
      return;
    }
    int blockSize = cycle.prepared().blockSize();
    for (int i = 0; i < cycle.candidates(); i++) {
      double matched = cycle.matchedBlocks(i);
      double length = Math.min(1, matched * blockSize / scaleTokens);
      scores[i] = lengthWeight * length * length + (1 - lengthWeight) * matched / total;
    }
  }
}
