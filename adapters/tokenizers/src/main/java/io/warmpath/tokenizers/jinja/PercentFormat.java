package io.warmpath.tokenizers.jinja;

import java.util.Map;

/** Python's {@code text % values}. */
final class PercentFormat {

  private static final String FLAGS = "-+ #0";

  private final String format;
  private final Object values;
  private final Run run;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int used;

  private PercentFormat(String format, Object values, Run run) {
    this.format = format;
    this.values = values;
    this.run = run;
  }

  static String format(String format, Object values, Run run) {
    run.work(format.length());
    PercentFormat one = new PercentFormat(format, values, run);
    one.all();
    return run.made(one.out.toString());
  }

  private void all() {
    while (at < format.length()) {
      int next = format.indexOf('%', at);
      if (next < 0) {
        out.append(format, at, format.length());
        break;
      }
      out.append(format, at, next);
      at = next + 1;
      one();
      run.check(out);
    }
    boolean isAllUsed = values instanceof Tuple tuple
        ? used >= tuple.size()
        : used > 0 || values instanceof Map<?, ?>;
    if (!isAllUsed) {
      throw new JinjaError("not all arguments converted during string formatting");
    }
  }

  private char next() {
    if (at >= format.length()) {
      throw new JinjaError("incomplete format");
    }
    return format.charAt(at++);
  }

  private void one() {
    Object named = null;
    if (format.startsWith("(", at)) {
      int end = format.indexOf(')', at);
      if (end < 0) {
        throw new JinjaError("incomplete format key");
      }
      if (!(values instanceof Map<?, ?> map)) {
        throw new JinjaError("format requires a mapping");
      }
      String key = format.substring(at + 1, end);
      named = Dicts.find(map, key);
      if (named == null) {
        throw new JinjaError(Text.quote(key));
      }
      at = end + 1;
    }
    StringBuilder flags = new StringBuilder();
    char c = next();
    while (FLAGS.indexOf(c) >= 0) {
      flags.append(c);
      c = next();
    }
    int width = FormatSpec.NONE;
    if (c == '*') {
      width = Integers.clamped(value());
      c = next();
    } else if (isDigit(c)) {
      at--;
      width = number();
      c = next();
    }
    int precision = FormatSpec.NONE;
    if (c == '.') {
      precision = number();
      c = next();
    }
    if (c == 'l' || c == 'h' || c == 'L') {
      c = next();
    }
    if (c == '%') {
      out.append('%');
      return;
    }
    convert(c, flags.toString(), width, precision, named == null ? value() : named);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private int number() {
    int start = at;
    while (at < format.length() && isDigit(format.charAt(at)) && at < start + 9) {
      at++;
    }
    return start == at ? 0 : Integer.parseInt(format.substring(start, at));
  }

  private Object value() {
    if (values instanceof Tuple tuple) {
      if (used >= tuple.size()) {
        throw new JinjaError("not enough arguments for format string");
      }
      return tuple.get(used++);
    }
    if (used++ > 0) {
      throw new JinjaError("not enough arguments for format string");
    }
    return values;
  }

  private void convert(char type, String flags, int width, int precision, Object value) {
    boolean isNumber = "diufFeEgGxXo".indexOf(type) >= 0;
    boolean isZero = flags.contains("0") && isNumber && !flags.contains("-");
    FormatSpec spec = new FormatSpec(
        isZero ? '0' : ' ',
        flags.contains("-") ? '<' : isZero ? '=' : '>',
        flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-',
        flags.contains("#"),
        width,
        ' ',
        precision,
        type == 'i' || type == 'u' ? 'd' : isNumber ? type : 's');
    Object converted = switch (type) {
      case 's' -> Text.str(value, run);
      case 'r', 'a' -> Text.repr(value, run);
      case 'c' -> value instanceof String ? value : Character.toString(Integers.clamped(value));
      case 'd', 'i', 'u' -> whole(value, type);
      case 'x', 'X', 'o' -> integer(value, type);
      case 'f', 'F', 'e', 'E', 'g', 'G' -> real(value);
      default ->
        throw new JinjaError("unsupported format character '" + type + "' (0x"
            + Integer.toHexString(type) + ") at index " + (at - 1));
    };
    String text = spec.format(converted, run);
    boolean needsDigits = precision > 0 && Types.isInteger(converted);
    out.append(needsDigits ? withDigits(text, precision) : text);
  }

  private static String withDigits(String text, int digits) {
    String sign = text.startsWith("-") || text.startsWith("+") ? text.substring(0, 1) : "";
    String rest = text.substring(sign.length());
    return sign + "0".repeat(Math.max(0, digits - rest.length())) + rest;
  }

  private static Object whole(Object value, char type) {
    if (value instanceof Double number) {
      return Floats.toInteger(number);
    }
    if (Types.isInteger(value)) {
      return value;
    }
    checkDefined(value);
    throw new JinjaError(
        "%" + type + " format: a real number is required, not " + Types.name(value));
  }

  private static void checkDefined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
  }

  private static Object integer(Object value, char type) {
    if (Types.isInteger(value)) {
      return value;
    }
    throw new JinjaError("%" + type + " format: an integer is required, not " + Types.name(value));
  }

  private static Object real(Object value) {
    if (Types.isNumber(value)) {
      return Integers.real(value);
    }
    checkDefined(value);
    throw new JinjaError("must be real number, not " + Types.name(value));
  }
}
