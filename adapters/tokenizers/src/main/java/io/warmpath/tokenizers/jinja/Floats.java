package io.warmpath.tokenizers.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Floats as Python's {@code repr} writes them: the shortest digits that read back as the same number, an
 * exponent below 1e-4 and from 1e16 on.
 */
final class Floats {

  private static final int MAX_DIGITS = 17;
  private static final int FIRST_EXPONENT = 16;
  private static final int LAST_LEADING_ZEROS = -4;

  private Floats() {}

  static String repr(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    if (number == 0) {
      return Double.toString(number);
    }
    BigDecimal shortest = shortest(Math.abs(number));
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    StringBuilder out = new StringBuilder(number < 0 ? "-" : "");
    if (exponent >= LAST_LEADING_ZEROS && exponent < FIRST_EXPONENT) {
      String plain = shortest.toPlainString();
      return out.append(plain).append(plain.indexOf('.') < 0 ? ".0" : "").toString();
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    return out.append(exponent(exponent)).toString();
  }

  /** {@return {@code e+16}: a sign and at least two digits} */
  static String exponent(int exponent) {
    int size = Math.abs(exponent);
    return (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
  }

  /** By search, as {@code Double.toString} of JDK 17 is not always the shortest (JDK-4511638). */
  private static BigDecimal shortest(double number) {
    BigDecimal exact = new BigDecimal(number);
    for (int digits = 1; digits < MAX_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == number) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_EVEN)).stripTrailingZeros();
  }

  /** {@return the number that a text holds as Python's {@code float()} reads it, or null} */
  static @Nullable Double parse(String text) {
    String plain = Strings.strip(text, null);
    String digits = plain.replace("_", "");
    if (digits.length() != plain.length() && !plain.matches("[+-]?[0-9]+(_[0-9]+)*.*")) {
      return null;
    }
    switch (digits.toLowerCase(java.util.Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-inf", "-infinity" -> {
        return Double.NEGATIVE_INFINITY;
      }
      case "nan", "+nan", "-nan" -> {
        return Double.NaN;
      }
      default -> {
        return digits.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")
            ? Double.valueOf(digits)
            : null;
      }
    }
  }

  /** {@return a whole float as an integer, cut towards zero} */
  static Object toInteger(double number) {
    if (!Double.isFinite(number)) {
      throw new JinjaError(
          Double.isNaN(number)
              ? "cannot convert float NaN to integer"
              : "cannot convert float infinity to integer");
    }
    BigInteger whole = new BigDecimal(number).toBigInteger();
    return Integers.normal(whole);
  }
}
