package io.warmpath.index;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Prompts that share prefixes: each but the first goes on from some block of an earlier one with
 * blocks of its own, so that equal hashes stand at the end of equal prefixes and nowhere else.
 */
final class PromptForest {

  private static final int PROMPTS = 12;
  private static final int SHORT = 40;
  private static final int LONG = 700;

  /** Around the length from which {@link Run#common} compares less. */
  private static final int[] DEEP_FORKS = {1, 254, 255, 256, 257, 258, 300, 511, 512, 513};

  private final CollidingBlocks blocks = new CollidingBlocks();
  private final long[][] prompts = new long[PROMPTS][];
  private final long[][] diverging = new long[PROMPTS][];

  PromptForest(long seed, boolean deep) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int p = 0; p < PROMPTS; p++) {
      long[] trunk = p == 0 ? new long[0] : prompts[random.nextInt(p)];
      int shared;
      int length;
      if (deep) {
        shared = Math.min(trunk.length, DEEP_FORKS[random.nextInt(DEEP_FORKS.length)]);
        length = p == 0 ? LONG : random.nextInt(shared, LONG + 1);
      } else {
        shared = p == 1 ? 0 : random.nextInt(trunk.length + 1);
        length = p == 1 ? 0 : random.nextInt(shared, SHORT + 1);
      }
      prompts[p] = fork(trunk, shared, length);
    }
    for (int p = 0; p < PROMPTS; p++) {
      int length = prompts[p].length;
      diverging[p] = fork(prompts[p], random.nextInt(length + 1), length);
    }
  }

  private long[] fork(long[] trunk, int shared, int length) {
    long[] made = Arrays.copyOf(trunk, length);
    for (int i = shared; i < length; i++) {
      made[i] = blocks.next();
    }
    return made;
  }

  int size() {
    return PROMPTS;
  }

  /** {@return the blocks of a prompt; shared} */
  long[] prompt(int number) {
    return prompts[number % PROMPTS];
  }

  /** {@return the same up to some block, then others that nobody ever stores; shared} */
  long[] diverging(int number) {
    return diverging[number % PROMPTS];
  }
}
