package io.warmpath.block;

import static io.warmpath.block.UnsignedMultiply.high;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * XXH3-64 under a seed, of ints and of pairs of longs, each little-endian; bit for bit that of the <a
 * href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">xxHash specification</a>.
 *
 * <p>XXH3 mixes the input with 192 constant bytes and the seed. What depends only on these two is
 * computed once and called keys here: the words of those bytes with the seed added to those in even
 * places, and taken from the others. Here are inputs of up to 32 ints, {@link LongXxh3} has the rest.
 *
 * <p><b>Threads:</b> safe for any number. <b>Cost:</b> one pass, without allocation.
 */
final class Xxh3 {

  static final long PRIME_1 = 0x9E37_79B1_85EB_CA87L;

  /** {@code kSecret} of the specification. */
  private static final ByteBuffer SECRET = ByteBuffer.wrap(HexFormat.of()
          .parseHex("b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
              + "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
              + "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
              + "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
              + "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
              + "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"))
      .asReadOnlyBuffer()
      .order(ByteOrder.LITTLE_ENDIAN);

  private static final long MIX_1 = 0x1656_6791_9E37_79F9L;
  private static final long MIX_2 = 0x9FB2_1C65_1E98_DF25L;

  /** The longest input that is hashed here, in ints. */
  private static final int MEDIUM = 32;

  private static final int SMALL = 4;
  private static final int TINY = 2;

  // fields and not an array: read without a check, and kept in registers through a loop
  private final long tinyKey;
  private final long smallKey0;
  private final long smallKey1;
  private final long key0;
  private final long key1;
  private final long key2;
  private final long key3;
  private final long key4;
  private final long key5;
  private final long key6;
  private final long key7;
  private final long key8;
  private final long key9;
  private final long key10;
  private final long key11;
  private final long key12;
  private final long key13;
  private final long key14;
  private final long key15;
  private final LongXxh3 longer;

  Xxh3(long seed) {
    int lowHalf = (int) seed;
    tinyKey = (secret(8) ^ secret(16)) - (seed ^ ((long) Integer.reverseBytes(lowHalf) << 32));
    smallKey0 = (secret(24) ^ secret(32)) + seed;
    smallKey1 = (secret(40) ^ secret(48)) - seed;
    key0 = secret(0) + seed;
    key1 = secret(8) - seed;
    key2 = secret(16) + seed;
    key3 = secret(24) - seed;
    key4 = secret(32) + seed;
    key5 = secret(40) - seed;
    key6 = secret(48) + seed;
    key7 = secret(56) - seed;
    key8 = secret(64) + seed;
    key9 = secret(72) - seed;
    key10 = secret(80) + seed;
    key11 = secret(88) - seed;
    key12 = secret(96) + seed;
    key13 = secret(104) - seed;
    key14 = secret(112) + seed;
    key15 = secret(120) - seed;
    longer = new LongXxh3(seed);
  }

  /** {@return the 8 bytes of the constant from byte {@code at} on} */
  static long secret(int at) {
    return SECRET.getLong(at);
  }

  /**
   * Hashes ints.
   *
   * @param count how many, at least 1
   */
  long hash(int[] ints, int from, int count) {
    if (count > MEDIUM) {
      return longer.hash(ints, from, count);
    }
    return count > SMALL ? medium(ints, from, count) : small(ints, from, count);
  }

  /** Hashes 16 bytes. */
  long hash(long first, long second) {
    long a = first ^ smallKey0;
    long b = second ^ smallKey1;
    return avalanche(2 * Long.BYTES + Long.reverseBytes(a) + b + fold(a, b));
  }

  private long medium(int[] ints, int from, int count) {
    int end = from + count;
    long sum = start(count);
    sum += mix(ints, from, key0, key1) + mix(ints, end - 4, key2, key3);
    if (count > 8) {
      sum += mix(ints, from + 4, key4, key5) + mix(ints, end - 8, key6, key7);
      if (count > 16) {
        sum += mix(ints, from + 8, key8, key9) + mix(ints, end - 12, key10, key11);
        if (count > 24) {
          sum += mix(ints, from + 12, key12, key13) + mix(ints, end - 16, key14, key15);
        }
      }
    }
    return avalanche(sum);
  }

  private long small(int[] ints, int from, int count) {
    int end = from + count;
    int bytes = count * Integer.BYTES;
    if (count > TINY) {
      long a = word(ints, from) ^ smallKey0;
      long b = word(ints, end - 2) ^ smallKey1;
      return avalanche(bytes + Long.reverseBytes(a) + b + fold(a, b));
    }
    long h = ((ints[end - 1] & 0xFFFF_FFFFL) | ((long) ints[from] << 32)) ^ tinyKey;
    h ^= Long.rotateLeft(h, 49) ^ Long.rotateLeft(h, 24);
    h *= MIX_2;
    h ^= (h >>> 35) + bytes;
    h *= MIX_2;
    return h ^ (h >>> 28);
  }

  /** {@return what the sum of an input of so many ints starts at} */
  static long start(int ints) {
    return (long) ints * Integer.BYTES * PRIME_1;
  }

  /** {@return four ints mixed with two keys} */
  static long mix(int[] ints, int at, long keyA, long keyB) {
    return fold(word(ints, at) ^ keyA, word(ints, at + 2) ^ keyB);
  }

  static long word(int[] ints, int at) {
    return (ints[at] & 0xFFFF_FFFFL) | ((long) ints[at + 1] << 32);
  }

  /** {@return both halves of the unsigned product, one on the other} */
  static long fold(long a, long b) {
    return (a * b) ^ high(a, b);
  }

  static long avalanche(long hash) {
    long h = (hash ^ (hash >>> 37)) * MIX_1;
    return h ^ (h >>> 32);
  }
}
