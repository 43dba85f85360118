package io.warmpath.scorers;

import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.Scorer;

/**
 * Prefers endpoints whose running requests use less of the KV cache.
 *
 * <p>{@code score = 1 − kvUsage}, as last scraped. Blocks that are cached but free do not count as
 * used.
 *
 * <p>Source: {@code kv-cache-utilization-scorer} of llm-d-router, commit ebab6879.
 */
public final class KvCacheUtilizationScorer implements Scorer {

  /** The name of this scorer in configuration files. */
  public static final String TYPE = "kv-cache-utilization-scorer";

  /** Creates the scorer; it has no parameters and no state. */
  public KvCacheUtilizationScorer() {}

  @Override
  public void score(Cycle cycle, double[] scores) {
    for (int i = 0; i < cycle.candidates(); i++) {
      scores[i] = 1 - cycle.metrics(i).kvUsage();
    }
  }
}
