package io.warmpath.fleet.engine;

/**
 * How long one step of a continuous batch takes on the modelled hardware: {@code fixedMillis + max(weightsMillis,
 * linearMillis * tokens) + attentionMillis * pairs + kvReadMillis * decodeContext + decodeMillis * decodes}.
 *
 * <p>Source: the model and constants of Warmpath's policy simulator, fitted to published llm-d figures for
 * Qwen3-32B with tensor parallelism 2 on H100 (8,192 tokens in 0.45 s, between llm-d's calibrations of 0.40 and
 * 0.51 s; 11 ms between tokens at low load).
 *
 * @param fixedMillis cost of any step, milliseconds
 * @param weightsMillis reading the weights once, the floor of the linear part, milliseconds
 * @param linearMillis per token computed, prefill or decode, milliseconds
 * @param attentionMillis per (new token, earlier token) pair of prefill, milliseconds
 * @param kvReadMillis per context token that a decoding sequence reads, milliseconds
 * @param decodeMillis per decoding sequence, milliseconds
 */
public record StepTime(
    double fixedMillis,
    double weightsMillis,
    double linearMillis,
    double attentionMillis,
    double kvReadMillis,
    double decodeMillis) {

  /** Qwen3-32B, tensor parallel over two H100 GPUs. */
  public static final StepTime QWEN3_32B_2X_H100 = new StepTime(2, 9, 46e-3, 2e-6, 49e-6, 60e-3);

  /** Tokens of KV cache that those two GPUs have room for. */
  public static final int QWEN3_32B_2X_H100_KV_TOKENS = 307_328;

  /** Checks that every constant is finite and at least 0. */
  public StepTime {
    for (double millis : new double[] {
      fixedMillis, weightsMillis, linearMillis, attentionMillis, kvReadMillis, decodeMillis
    }) {
      if (!(millis >= 0) || Double.isInfinite(millis)) {
        throw new IllegalArgumentException(
            "step time: every constant must be finite and at least 0, was " + millis);
      }
    }
    if (fixedMillis + weightsMillis <= 0) {
      throw new IllegalArgumentException(
          "step time: fixedMillis + weightsMillis must be above 0, was 0");
    }
  }

  /**
   * {@return the simulated duration of one step, milliseconds}
   *
   * @param prefillTokens prompt tokens computed in the step
   * @param prefillPairs sum over the prefilling sequences of {@code new * earlier + new * new / 2}
   * @param decodes sequences that compute one token
   * @param decodeContext tokens that those sequences hold together
   */
  public double millis(long prefillTokens, double prefillPairs, int decodes, long decodeContext) {
    double linear = linearMillis * (prefillTokens + decodes);
    return fixedMillis
        + Math.max(weightsMillis, linear)
        + attentionMillis * prefillPairs
        + kvReadMillis * decodeContext
        + decodeMillis * decodes;
  }
}
