package io.warmpath.fleet.engine;

/**
 * What a simulated engine answers: whole words of the tokenizer's vocabulary, picked by a hash of the prompt's last 32
 * tokens and of the position in the answer. So the same prompt always gets the same answer, and whoever makes a
 * workload can know it beforehand.
 *
 * <p>Every word is one token of plain letters after a space, and comes back as that token when the text is tokenized
 * again, so the next turn of a conversation finds the answer's blocks. The first word of an answer to a prompt that
 * ends in a line break, as a chat prompt does, has no space: chat templates trim what they render.
 *
 * <p><b>Threads:</b> any number.
 */
public final class GeneratedAnswer {

  private static final int SEED_TOKENS = 32;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final FleetTokenizer tokenizer;
  private final long seed;
  private final boolean startsLine;

  private GeneratedAnswer(FleetTokenizer tokenizer, long seed, boolean startsLine) {
    this.tokenizer = tokenizer;
    this.seed = seed;
    this.startsLine = startsLine;
  }

  /** {@return the answer to the prompt {@code prompt[0, length)}} */
  static GeneratedAnswer to(FleetTokenizer tokenizer, int[] prompt, int length) {
    long seed = 0;
    for (int i = Math.max(0, length - SEED_TOKENS); i < length; i++) {
      seed = mix(seed + GOLDEN + prompt[i]);
    }
    return new GeneratedAnswer(
        tokenizer, seed, length > 0 && tokenizer.endsLine(prompt[length - 1]));
  }

  /** {@return the first {@code count} tokens of the answer to {@code prompt}} */
  public static int[] tokens(FleetTokenizer tokenizer, int[] prompt, int count) {
    GeneratedAnswer answer = to(tokenizer, prompt, prompt.length);
    int[] tokens = new int[count];
    for (int n = 0; n < count; n++) {
      tokens[n] = answer.token(n);
    }
    return tokens;
  }

  /** {@return the text of the first {@code count} tokens of the answer to {@code prompt}} */
  public static String text(FleetTokenizer tokenizer, int[] prompt, int count) {
    return tokenizer.decode(tokens(tokenizer, prompt, count));
  }

  int token(int n) {
    int[] words = n == 0 && startsLine ? tokenizer.bareWords() : tokenizer.spacedWords();
    long unsigned32 = mix(seed + GOLDEN * (n + 1)) >>> 32;
    return words[(int) ((unsigned32 * words.length) >>> 32)];
  }

  /** The finalizer of SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014. */
  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
