package io.warmpath.endpoint;

/**
 * What an engine last said about itself.
 *
 * @param waiting requests waiting in the engine's queue, at least 0
 * @param running requests in the running batch, at least 0
 * @param kvUsage share of the KV cache that running requests use, in {@code [0, 1]}
 * @param blockSize tokens per KV block, or 0 if not reported
 * @param totalBlocks KV blocks the engine has, or 0 if not reported
 * @param scrapedNanos when this was read, by the router's clock; meaningless in {@link #UNKNOWN}
 */
public record EndpointMetrics(
    int waiting, int running, double kvUsage, int blockSize, long totalBlocks, long scrapedNanos) {

  /** Nothing was read yet: an idle engine of unknown size. */
  public static final EndpointMetrics UNKNOWN = new EndpointMetrics(0, 0, 0, 0, 0, 0);

  /** Checks the ranges. */
  public EndpointMetrics {
    if (waiting < 0 || running < 0 || blockSize < 0 || totalBlocks < 0) {
      throw new IllegalArgumentException(
          "metrics: counts must be at least 0, were waiting " + waiting + ", running " + running
              + ", blockSize " + blockSize + ", totalBlocks " + totalBlocks);
    }
    if (!(kvUsage >= 0 && kvUsage <= 1)) {
      throw new IllegalArgumentException("metrics: kvUsage must be in [0, 1], was " + kvUsage);
    }
  }
}
