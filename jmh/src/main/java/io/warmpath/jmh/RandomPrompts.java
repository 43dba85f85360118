package io.warmpath.jmh;

import java.util.SplittableRandom;

/** Prompts of random token ids. */
final class RandomPrompts {

  /** Token ids of Qwen3: its vocabulary's size. */
  static final int VOCABULARY = 151_936;

  private RandomPrompts() {}

  static int[][] of(int prompts, int tokensEach, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] made = new int[prompts][];
    for (int p = 0; p < prompts; p++) {
      made[p] = random.ints(tokensEach, 0, VOCABULARY).toArray();
    }
    return made;
  }
}
