package io.warmpath.tokenizers;

import io.warmpath.request.JsonValues;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as chat templates print it: Python's {@code json.dumps(value, ensure_ascii=False)}, which is
 * what transformers puts in the place of Jinja's {@code tojson}.
 *
 * <p>Separators are {@code ", "} and {@code ": "}, members keep their order, floats are printed as
 * Python's {@code repr} does: the shortest digits that read back as the same number, an exponent
 * below 1e-4 and from 1e16 on.
 */
final class PythonJson {

  private static final int MAX_DIGITS = 17;
  private static final int FIRST_EXPONENT = 16;
  private static final int LAST_LEADING_ZEROS = -4;

  private PythonJson() {}

  /** Appends {@code value}, which is as {@link JsonValues#read} gives it. */
  static void write(@Nullable Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      writeMap(map, out);
    } else if (value instanceof List<?> list) {
      writeList(list, out);
    } else if (value instanceof String text) {
      writeText(text, out);
    } else if (value instanceof Double number) {
      out.append(repr(number));
    } else {
      out.append(value);
    }
  }

  private static void writeMap(Map<?, ?> map, StringBuilder out) {
    String separator = "{";
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.append(separator);
      writeText(String.valueOf(member.getKey()), out);
      out.append(": ");
      write(member.getValue(), out);
      separator = ", ";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static void writeList(List<?> list, StringBuilder out) {
    String separator = "[";
    for (Object item : list) {
      out.append(separator);
      write(item, out);
      separator = ", ";
    }
    out.append(list.isEmpty() ? "[]" : "]");
  }

  private static void writeText(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(Character.forDigit(c >> 4, 16));
            out.append(Character.forDigit(c & 0xF, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static String repr(double number) {
    if (number == 0 || !Double.isFinite(number)) {
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
    out.append(exponent < 0 ? "e-" : "e+");
    int size = Math.abs(exponent);
    return out.append(size < 10 ? "0" : "").append(size).toString();
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
}
