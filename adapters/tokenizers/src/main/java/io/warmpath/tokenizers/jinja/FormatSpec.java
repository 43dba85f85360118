package io.warmpath.tokenizers.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one value is written: Python's format specification, {@code
 * [[fill]align][sign][#][0][width][,][.precision][type]}, which covers the percent format too.
 */
record FormatSpec(
    int fill,
    char align,
    char sign,
    boolean isAlternate,
    int width,
    char grouping,
    int precision,
    char type) {

  /** No width, no precision. */
  static final int NONE = -1;

  private static final int MAX_PRECISION = 1_000;
  private static final Pattern FORM = Pattern.compile(
      "(?:(.)?([<>=^]))??([-+ ])?(#)?(0)?([0-9]{1,9})?([,_])?(?:\\.([0-9]{1,9}))?(.)?",
      Pattern.DOTALL);

  static FormatSpec parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new JinjaError("Invalid format specifier '" + text + "'");
    }
    boolean isZero = m.group(5) != null;
    char align = m.group(2) != null ? m.group(2).charAt(0) : isZero ? '=' : ' ';
    int fill = m.group(1) != null ? m.group(1).codePointAt(0) : isZero ? '0' : ' ';
    return new FormatSpec(
        fill,
        align,
        m.group(3) == null ? '-' : m.group(3).charAt(0),
        m.group(4) != null,
        m.group(6) == null ? NONE : Integer.parseInt(m.group(6)),
        m.group(7) == null ? ' ' : m.group(7).charAt(0),
        m.group(8) == null ? NONE : Integer.parseInt(m.group(8)),
        m.group(9) == null ? ' ' : m.group(9).charAt(0));
  }

  String format(Object value, Run run) {
    if (precision > MAX_PRECISION) {
      throw new JinjaError("precision too big");
    }
    run.make(Math.max(0, width));
    if (value instanceof String text) {
      return text(text);
    }
    if (value instanceof Boolean && type == ' ' && width == NONE) {
      return Text.str(value, run);
    }
    if (Types.isInteger(value) && "eEfFgG%".indexOf(type) < 0) {
      return integer(Integers.big(value));
    }
    if (Types.isNumber(value)) {
      return real(Integers.real(value));
    }
    if (width != NONE || type != ' ' || precision != NONE) {
      throw new JinjaError(
          "unsupported format string passed to " + Types.name(value) + ".__format__");
    }
    return Text.str(value, run);
  }

  private String text(String text) {
    if (type != ' ' && type != 's') {
      throw new JinjaError("Unknown format code '" + type + "' for object of type 'str'");
    }
    int size = Strings.length(text);
    String cut =
        precision >= 0 && precision < size ? Strings.substring(text, 0, precision, size) : text;
    return padded("", cut, '<');
  }

  private String padded(String prefix, String digits, char usual) {
    int missing = width - Strings.length(prefix) - Strings.length(digits);
    if (missing <= 0) {
      return prefix + digits;
    }
    String filler = Character.toString(fill);
    char side = align == ' ' ? usual : align;
    int left = side == '<' ? 0 : side == '^' ? missing / 2 : missing;
    if (side == '=') {
      return prefix + filler.repeat(missing) + digits;
    }
    return filler.repeat(left) + prefix + digits + filler.repeat(missing - left);
  }

  private String signOf(boolean isNegative) {
    return isNegative ? "-" : sign == '-' ? "" : String.valueOf(sign);
  }

  private String integer(BigInteger value) {
    String digits = value
        .abs()
        .toString(
            switch (type) {
              case 'x', 'X' -> 16;
              case 'o' -> 8;
              case 'b' -> 2;
              default -> 10;
            });
    String base = isAlternate && "xXob".indexOf(type) >= 0 ? "0" + type : "";
    switch (type) {
      case 'c' -> {
        return padded("", Character.toString(value.intValue()), '<');
      }
      case 'X' -> digits = digits.toUpperCase(Locale.ROOT);
      case 'x', 'o', 'b', 'd', 'n', ' ' -> {}
      default ->
        throw new JinjaError("Unknown format code '" + type + "' for object of type 'int'");
    }
    return padded(signOf(value.signum() < 0) + base, grouped(digits), '>');
  }

  private String grouped(String digits) {
    if (grouping == ' ') {
      return digits;
    }
    int point = digits.indexOf('.');
    int whole = point < 0 ? digits.length() : point;
    StringBuilder out = new StringBuilder(digits);
    for (int i = whole - 3; i > 0; i -= 3) {
      out.insert(i, grouping);
    }
    return out.toString();
  }

  private String real(double value) {
    boolean isNegative = value < 0 || 1 / value < 0;
    double size = Math.abs(value);
    String digits;
    if (!Double.isFinite(size)) {
      digits = Double.isNaN(size) ? "nan" : "inf";
    } else {
      int places = precision == NONE ? 6 : precision;
      digits = switch (type) {
        case 'f', 'F' -> fixed(size, places);
        case '%' -> fixed(size * 100, places) + "%";
        case 'e', 'E' -> scientific(size, places);
        case 'g', 'G', 'n' -> general(size, places, false);
        case ' ' -> precision == NONE ? Floats.repr(size) : general(size, places, true);
        default ->
          throw new JinjaError("Unknown format code '" + type + "' for object of type 'float'");
      };
    }
    String cased =
        type == 'E' || type == 'G' || type == 'F' ? digits.toUpperCase(Locale.ROOT) : digits;
    return padded(signOf(isNegative), grouped(cased), '>');
  }

  private static String fixed(double size, int places) {
    return new BigDecimal(size).setScale(places, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static String scientific(double size, int places) {
    BigDecimal rounded =
        new BigDecimal(size).round(new MathContext(places + 1, RoundingMode.HALF_EVEN));
    String digits = rounded.unscaledValue().toString();
    int exponent = rounded.signum() == 0 ? 0 : digits.length() - 1 - rounded.scale();
    String all = (digits + "0".repeat(places + 1)).substring(0, places + 1);
    return all.charAt(0) + (places > 0 ? "." + all.substring(1) : "") + Floats.exponent(exponent);
  }

  private String general(double size, int places, boolean isLikeRepr) {
    int digits = Math.max(1, places);
    if (size == 0) {
      return isLikeRepr ? "0.0" : "0";
    }
    BigDecimal rounded =
        new BigDecimal(size).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    int limit = isLikeRepr ? digits - 1 : digits;
    if (exponent < -4 || exponent >= Math.max(limit, isLikeRepr ? 1 : 0)) {
      String text = scientific(size, digits - 1);
      int e = text.indexOf('e');
      return isAlternate ? text : withoutZeros(text.substring(0, e), false) + text.substring(e);
    }
    String plain = rounded
        .setScale(Math.max(0, digits - 1 - exponent), RoundingMode.HALF_EVEN)
        .toPlainString();
    return isAlternate ? plain : withoutZeros(plain, isLikeRepr);
  }

  private static String withoutZeros(String text, boolean keepsOne) {
    if (text.indexOf('.') < 0) {
      return keepsOne ? text + ".0" : text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    if (text.charAt(end - 1) == '.') {
      return text.substring(0, keepsOne ? end + 1 : end - 1);
    }
    return text.substring(0, end);
  }
}
