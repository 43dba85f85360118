package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;

/** Our XXH3-64 is that of zero-allocation-hashing, which the hashing of bytes is left to here. */
class Xxh3Test {

  /** Every block size there is, and beyond, as a root's names may be longer. */
  private static final int MOST_INTS = 1100;

  private static final int FROM = 3;
  private static final long[] SEEDS = {
    0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL, 0x9E37_79B1_85EB_CA87L
  };
  private static final int[] EXTREMES = {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE};

  private final SplittableRandom random = new SplittableRandom(11);

  @Test
  void intsOfAnyNumberAreHashedAsByTheLibrary() {
    int[] tokens = random.ints(FROM + MOST_INTS, 0, 150_000).toArray();

    for (long seed : SEEDS) {
      assertLikeTheLibrary(seed, tokens);
    }
    for (int i = 0; i < 20; i++) {
      assertLikeTheLibrary(random.nextLong(), random.ints(tokens.length).toArray());
    }
  }

  @Test
  void extremeIntsAreHashedAsByTheLibrary() {
    int[] ints = new int[FROM + MOST_INTS];
    for (int value : EXTREMES) {
      Arrays.fill(ints, value);
      assertLikeTheLibrary(random.nextLong(), ints);
    }
    for (int i = 0; i < 10; i++) {
      Arrays.setAll(ints, at -> EXTREMES[random.nextInt(EXTREMES.length)]);
      assertLikeTheLibrary(random.nextLong(), ints);
    }
  }

  @Test
  void pairsAreHashedAsByTheLibrary() {
    long[] extremes = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, random.nextLong()};
    for (long seed : SEEDS) {
      Xxh3 own = new Xxh3(seed);
      LongHashFunction library = LongHashFunction.xx3(seed);
      for (long first : extremes) {
        for (long second : extremes) {
          assertEquals(
              library.hashLongs(new long[] {first, second}),
              own.hash(first, second),
              () -> seed + ": " + first + ", " + second);
        }
      }
    }
  }

  @Test
  void theUpperHalfOfAProductIsThatOfUnsignedNumbers() {
    long[] factors = {
      0, 1, -1, 2, -2, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE + 1, 0, 0, 0, 0
    };
    for (int i = 8; i < factors.length; i++) {
      factors[i] = random.nextLong();
    }
    for (long a : factors) {
      for (long b : factors) {
        long expected = unsigned(a).multiply(unsigned(b)).shiftRight(Long.SIZE).longValue();

        assertEquals(expected, UnsignedMultiply.high(a, b), () -> a + " * " + b);
        assertEquals(expected, UnsignedMultiply.corrected(a, b), () -> a + " * " + b);
      }
    }
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private static void assertLikeTheLibrary(long seed, int[] ints) {
    Xxh3 own = new Xxh3(seed);
    LongHashFunction library = LongHashFunction.xx3(seed);
    for (int count = 1; count <= MOST_INTS; count++) {
      int ofCount = count;
      assertEquals(
          library.hashInts(ints, FROM, count),
          own.hash(ints, FROM, count),
          () -> ofCount + " ints, seed " + seed);
    }
  }
}
