package io.warmpath.tokenizers.jinja;

import java.math.BigInteger;

/** Python's integers, which never overflow: a {@code Long}, or a {@code BigInteger} where it must be. */
final class Integers {

  /** As Python bounds integers in texts (sys.int_info.default_max_str_digits). */
  static final int MAX_DIGITS = 4_300;

  /** Larger than any integer of so many digits. */
  private static final int MAX_BITS = 16_384;

  private static final int LONG_BITS = 63;

  private Integers() {}

  static Object normal(BigInteger value) {
    if (value.bitLength() <= LONG_BITS) {
      return value.longValue();
    }
    if (value.bitLength() > MAX_BITS) {
      throw tooLarge();
    }
    return value;
  }

  static JinjaError tooLarge() {
    return new JinjaError("an integer of more than " + MAX_DIGITS + " digits");
  }

  static BigInteger big(Object value) {
    if (value instanceof BigInteger number) {
      return number;
    }
    return BigInteger.valueOf(small(value));
  }

  /** {@return a Long or Boolean as a long} */
  static long small(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    return ((Number) value).longValue();
  }

  /** {@return an index, cut to what an int holds} */
  static int clamped(Object value) {
    if (!Types.isInteger(value)) {
      if (value instanceof Undefined undefined) {
        throw undefined.error();
      }
      throw new JinjaError(
          "'" + Types.name(value) + "' object cannot be interpreted as an integer");
    }
    if (value instanceof BigInteger number) {
      return number.signum() < 0 ? -Integer.MAX_VALUE : Integer.MAX_VALUE;
    }
    return (int) Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, small(value)));
  }

  static double real(Object value) {
    if (value instanceof BigInteger number) {
      double real = number.doubleValue();
      if (Double.isInfinite(real)) {
        throw new JinjaError("int too large to convert to float");
      }
      return real;
    }
    return value instanceof Double number ? number : small(value);
  }

  static BigInteger parse(String digits, int radix) {
    if (digits.length() > MAX_DIGITS) {
      throw tooLarge();
    }
    return new BigInteger(digits, radix);
  }
}
