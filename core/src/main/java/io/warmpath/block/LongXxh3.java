package io.warmpath.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@link Xxh3} of more than 32 ints.
 *
 * <p>Above 60 ints, XXH3 works on stripes of 8 words with 8 sums, one a place, that meet only at the
 * end, two by two; here one pass over the input makes two of them, which needs no memory for them.
 */
final class LongXxh3 {

  /** The longest input without stripes, in ints. */
  private static final int MIDDLE = 60;

  private static final int STRIPE = 16;
  private static final int STRIPES_BETWEEN_SCRAMBLES = 16;
  private static final int KEYS = 24;
  private static final int SCRAMBLE_KEY = 16;

  private static final long PRIME32_1 = 0x9E37_79B1L;
  private static final long PRIME32_2 = 0x85EB_CA77L;
  private static final long PRIME32_3 = 0xC2B2_AE3DL;
  private static final long PRIME_2 = 0xC2B2_AE3D_27D4_EB4FL;
  private static final long PRIME_3 = 0x1656_67B1_9E37_79F9L;
  private static final long PRIME_4 = 0x85EB_CA77_C2B2_AE63L;
  private static final long PRIME_5 = 0x27D4_EB2F_1656_67C5L;

  /** Byte of the constant where the keys of a middle input's ninth mix begin, and of its last. */
  private static final int NINTH = 3;

  private static final int LAST_MIX = 119;

  /** Byte of the keys where those of the last stripe begin, and those of the end. */
  private static final int LAST_STRIPE = 121;

  private static final int END = 11;

  private final long[] keys = new long[KEYS];
  private final long[] ninthKeys = new long[14];
  private final long[] lastMixKeys = new long[2];
  private final long[] lastStripeKeys = new long[8];
  private final long[] endKeys = new long[8];

  LongXxh3(long seed) {
    seeded(keys, 0, seed);
    seeded(ninthKeys, NINTH, seed);
    seeded(lastMixKeys, LAST_MIX, seed);
    ByteBuffer bytes = ByteBuffer.allocate(KEYS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(keys);
    for (int i = 0; i < 8; i++) {
      lastStripeKeys[i] = bytes.getLong(LAST_STRIPE + i * Long.BYTES);
      endKeys[i] = bytes.getLong(END + i * Long.BYTES);
    }
  }

  private static void seeded(long[] words, int at, long seed) {
    for (int i = 0; i < words.length; i++) {
      words[i] = Xxh3.secret(at + i * Long.BYTES) + (i % 2 == 0 ? seed : -seed);
    }
  }

  long hash(int[] ints, int from, int count) {
    return count > MIDDLE ? stripes(ints, from, count) : middle(ints, from, count);
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

  private long stripes(int[] ints, int from, int count) {
    long sum = Xxh3.start(count);
    sum += places(ints, from, count, 0, PRIME32_3, Xxh3.PRIME_1);
    sum += places(ints, from, count, 2, PRIME_2, PRIME_3);
    sum += places(ints, from, count, 4, PRIME_4, PRIME32_2);
    sum += places(ints, from, count, 6, PRIME_5, PRIME32_1);
    return Xxh3.avalanche(sum);
  }

  /** Two neighbouring places of all stripes, the first of them {@code place}. */
  private long places(int[] ints, int from, int count, int place, long startA, long startB) {
    long sumA = startA;
    long sumB = startB;
    int at = from + 2 * place;
    int stripes = (count - 1) / STRIPE;
    for (int stripe = 0; stripe < stripes; stripe++, at += STRIPE) {
      int turn = stripe & (STRIPES_BETWEEN_SCRAMBLES - 1);
      int key = turn + place;
      long a = Xxh3.word(ints, at);
      long b = Xxh3.word(ints, at + 2);
      sumA += b + halves(a ^ keys[key]);
      sumB += a + halves(b ^ keys[key + 1]);
      if (turn == STRIPES_BETWEEN_SCRAMBLES - 1) {
        sumA = scramble(sumA, keys[SCRAMBLE_KEY + place]);
        sumB = scramble(sumB, keys[SCRAMBLE_KEY + place + 1]);
      }
    }
    at = from + count - STRIPE + 2 * place;
    long a = Xxh3.word(ints, at);
    long b = Xxh3.word(ints, at + 2);
    sumA += b + halves(a ^ lastStripeKeys[place]);
    sumB += a + halves(b ^ lastStripeKeys[place + 1]);
    return Xxh3.fold(sumA ^ endKeys[place], sumB ^ endKeys[place + 1]);
  }

  /** {@return the product of a word's halves} */
  private static long halves(long word) {
    return (word & 0xFFFF_FFFFL) * (word >>> 32);
  }

  private static long scramble(long sum, long key) {
    return (sum ^ (sum >>> 47) ^ key) * PRIME32_1;
  }
}
