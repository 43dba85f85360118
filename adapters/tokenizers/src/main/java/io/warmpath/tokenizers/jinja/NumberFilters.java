package io.warmpath.tokenizers.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters on numbers. */
final class NumberFilters {

  private static final String[] DECIMAL = {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  private static final String[] BINARY = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};
  private static final int MAX_PLACES = 400;

  private NumberFilters() {}

  static void addTo(Map<String, Builtin> all) {
    Filters.add(all, "abs", "", (run, value, a) -> abs(value));
    Filters.add(all, "int", "| default base", (run, value, a) -> toInteger(value, a));
    Filters.add(all, "float", "| default", (run, value, a) -> {
      Double number = real(value);
      return number == null ? a.at(0, 0.0) : number;
    });
    Filters.add(all, "round", "| precision method", (run, value, a) -> round(value, a));
    Filters.add(
        all, "filesizeformat", "| binary", (run, value, a) -> fileSize(value, a.truth(0, false)));
  }

  private static Object abs(Object value) {
    if (value instanceof Double number) {
      return Math.abs(number);
    }
    if (Types.isInteger(value)) {
      return Integers.normal(Integers.big(value).abs());
    }
    if (value instanceof Undefined) {
      throw new JinjaError("bad operand type for abs(): 'Undefined'");
    }
    throw new JinjaError("bad operand type for abs(): '" + Types.name(value) + "'");
  }

  /** {@return the value as Python's {@code float()} takes it, or null} */
  private static @Nullable Double real(Object value) {
    if (Types.isNumber(value)) {
      return Integers.real(value);
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    return value instanceof String text ? Floats.parse(text) : null;
  }

  private static Object toInteger(Object value, Arguments a) {
    if (value instanceof String text) {
      Object whole = parse(Strings.strip(text, null), a.integer(1, 10));
      if (whole != null) {
        return whole;
      }
    } else if (Types.isInteger(value)) {
      return Integers.normal(Integers.big(value));
    }
    Double number = real(value);
    if (number == null || !Double.isFinite(number)) {
      return a.at(0, 0L);
    }
    return Floats.toInteger(number);
  }

  private static @Nullable Object parse(String text, int base) {
    String digits = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    String lower = digits.toLowerCase(java.util.Locale.ROOT);
    int radix = base;
    String prefix = lower.startsWith("0x")
        ? "0x"
        : lower.startsWith("0o") ? "0o" : lower.startsWith("0b") ? "0b" : "";
    int prefixRadix =
        prefix.equals("0x") ? 16 : prefix.equals("0o") ? 8 : prefix.equals("0b") ? 2 : 10;
    if (!prefix.isEmpty() && (base == prefixRadix || base == 0)) {
      digits = digits.substring(2);
      radix = prefixRadix;
      digits = digits.startsWith("_") ? digits.substring(1) : digits;
    } else if (base == 0) {
      radix = 10;
    }
    if (radix < 2 || radix > 36) {
      return null;
    }
    String plain = digits.replace("_", "");
    boolean hasWrongGap = digits.startsWith("_") || digits.endsWith("_") || digits.contains("__");
    if (plain.isEmpty() || hasWrongGap || plain.length() > Integers.MAX_DIGITS) {
      return null;
    }
    for (int i = 0; i < plain.length(); i++) {
      if (Character.digit(plain.charAt(i), radix) < 0) {
        return null;
      }
    }
    BigInteger number = Integers.parse(plain, radix);
    return Integers.normal(text.startsWith("-") ? number.negate() : number);
  }

  private static Object round(Object value, Arguments a) {
    String method = a.text(1, "common");
    int places = a.hasValue(0) ? a.integer(0, 0) : 0;
    if (!method.equals("common") && !method.equals("ceil") && !method.equals("floor")) {
      throw new JinjaError("method must be common, ceil or floor");
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (!Types.isNumber(value)) {
      throw new JinjaError("type " + Types.name(value) + " doesn't define __round__ method");
    }
    int bounded = Math.max(-MAX_PLACES, Math.min(MAX_PLACES, places));
    if (!method.equals("common")) {
      return directed(value, bounded, method.equals("ceil"));
    }
    if (value instanceof Double number) {
      return Double.isFinite(number)
          ? (Object)
              new BigDecimal(number).setScale(bounded, RoundingMode.HALF_EVEN).doubleValue()
          : value;
    }
    BigDecimal whole = new BigDecimal(Integers.big(value));
    return Integers.normal(
        whole.setScale(Math.min(0, bounded), RoundingMode.HALF_EVEN).toBigInteger());
  }

  /** As jinja2: {@code ceil(value * 10**places) / 10**places}. */
  private static Object directed(Object value, int places, boolean isCeil) {
    Object scale = Operators.power(10L, (long) places);
    double scaled = value instanceof Double || scale instanceof Double
        ? Integers.real(value) * Integers.real(scale)
        : Integers.real(Integers.normal(Integers.big(value).multiply(Integers.big(scale))));
    Object whole = Floats.toInteger(isCeil ? Math.ceil(scaled) : Math.floor(scaled));
    return Operators.divide(whole, scale);
  }

  private static Object fileSize(Object value, boolean isBinary) {
    Double size = real(value);
    if (size == null) {
      throw new JinjaError("could not convert string to float: " + Text.repr(value));
    }
    double base = isBinary ? 1024 : 1000;
    if (size == 1) {
      return "1 Byte";
    }
    if (size < base) {
      return Floats.toInteger(size) + " Bytes";
    }
    double unit = base;
    int prefix = 0;
    while (prefix < DECIMAL.length - 1 && size >= unit * base) {
      unit *= base;
      prefix++;
    }
    String number = new BigDecimal(base * size / (unit * base))
        .setScale(1, RoundingMode.HALF_EVEN)
        .toPlainString();
    return number + " " + (isBinary ? BINARY : DECIMAL)[prefix];
  }
}
