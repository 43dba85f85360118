package io.warmpath.block;

import net.openhft.hashing.LongHashFunction;

/**
 * {@link Xxh3} of more than 32 ints. Those of more than 60 are the library's: it loses nothing there,
 * for a block that long has work enough beside the link to the one before.
 */
final class LongXxh3 {

  /** The longest input that is hashed here, in ints. */
  private static final int MIDDLE = 60;

  private static final int KEYS = 16;

  /** Byte of the constant where the keys of the ninth mix begin, and of the last. */
  private static final int NINTH = 3;

  private static final int LAST_MIX = 119;

  private final long[] keys;
  private final long[] ninthKeys;
  private final long[] lastMixKeys;
  private final LongHashFunction longer;

  LongXxh3(long seed) {
    keys = seeded(KEYS, 0, seed);
    ninthKeys = seeded(14, NINTH, seed);
    lastMixKeys = seeded(2, LAST_MIX, seed);
    longer = LongHashFunction.xx3(seed);
  }

  private static long[] seeded(int count, int at, long seed) {
    long[] words = new long[count];
    for (int i = 0; i < count; i++) {
      words[i] = Xxh3.secret(at + i * Long.BYTES) + (i % 2 == 0 ? seed : -seed);
    }
    return words;
  }

  long hash(int[] ints, int from, int count) {
    return count > MIDDLE ? longer.hashInts(ints, from, count) : middle(ints, from, count);
  }

  private long middle(int[] ints, int from, int count) {
    long sum = Xxh3.start(count);
    for (int i = 0; i < 8; i++) {
      sum += Xxh3.mix(ints, from + 4 * i, keys[2 * i], keys[2 * i + 1]);
    }
    sum = Xxh3.avalanche(sum);
    for (int i = 0; i < count / 4 - 8; i++) {
      sum += Xxh3.mix(ints, from + 32 + 4 * i, ninthKeys[2 * i], ninthKeys[2 * i + 1]);
    }
    sum += Xxh3.mix(ints, from + count - 4, lastMixKeys[0], lastMixKeys[1]);
    return Xxh3.avalanche(sum);
  }
}
