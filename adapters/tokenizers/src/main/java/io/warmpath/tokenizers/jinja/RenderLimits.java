package io.warmpath.tokenizers.jinja;

/**
 * What one rendering of a template may use at most. A template is untrusted: whatever it does, it ends,
 * and within these bounds.
 *
 * @param maxSteps statements, turns of loops and calls, plus one for each 256 characters or values that
 *     are searched, compared or copied; at least 1
 * @param maxChars length of the prompt and of each text on the way, in UTF-16 units; all texts and lists
 *     made on the way together may be 16 times as long; from 1 to 2^26
 */
public record RenderLimits(long maxSteps, int maxChars) {

  /**
   * 5 million steps and 16 million characters. A chat of 1,000 messages takes some 50,000 steps with
   * Qwen3's template, and a context of a million tokens is some 5 million characters.
   */
  public static final RenderLimits STANDARD = new RenderLimits(5_000_000, 1 << 24);

  private static final int MOST_CHARS = 1 << 26;

  /** Checks the bounds. */
  public RenderLimits {
    if (maxSteps < 1) {
      throw new IllegalArgumentException("maxSteps must be at least 1, was " + maxSteps);
    }
    if (maxChars < 1 || maxChars > MOST_CHARS) {
      throw new IllegalArgumentException(
          "maxChars must be from 1 to " + MOST_CHARS + ", was " + maxChars);
    }
  }
}
