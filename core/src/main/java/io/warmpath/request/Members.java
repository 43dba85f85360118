package io.warmpath.request;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of a body that routing needs, as plain values, and what they may be.
 *
 * <p>Values of other types are taken where pydantic 2 takes them in its lax mode, which the engines
 * use (pydantic "Conversion Table"): {@code "true"}, {@code 1} for a flag, {@code "7"}, {@code 7.0}
 * for an integer. Null means absent. All texts of errors name the field and what is allowed, and
 * repeat nothing of the body.
 *
 * @param values by name
 */
record Members(Map<String, @Nullable Object> values) {

  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+(?:_[0-9]+)*(?:\\.0+)?");

  /** Longest text that is read as a number. */
  private static final int MAX_DIGITS = 64;

  @Nullable
  Object value(String name) {
    return values.get(name);
  }

  boolean flag(String name, boolean absent) {
    Object value = values.get(name);
    if (value == null) {
      return absent;
    }
    Boolean flag = laxFlag(value);
    if (flag == null) {
      throw wrong(name, "must be true or false");
    }
    return flag;
  }

  private static @Nullable Boolean laxFlag(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof Number number) {
      double size = number.doubleValue();
      return size == 1 ? Boolean.TRUE : size == 0 ? Boolean.FALSE : null;
    }
    if (value instanceof String text && text.length() <= 5) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "1", "on", "t", "y", "yes" -> Boolean.TRUE;
        case "false", "0", "off", "f", "n", "no" -> Boolean.FALSE;
        default -> null;
      };
    }
    return null;
  }

  /** {@return a number from 0 to that of {@code int}, -1 if absent} */
  int count(String name) {
    Integer count = integer(name, 0);
    return count == null ? -1 : count;
  }

  @Nullable
  Integer integer(String name, int least) {
    Object value = values.get(name);
    if (value == null) {
      return null;
    }
    Long number = laxInteger(value);
    if (number == null || number < least || number > Integer.MAX_VALUE) {
      throw wrong(name, "must be an integer from " + least + " to " + Integer.MAX_VALUE);
    }
    return number.intValue();
  }

  /** {@return the integer, or null if it is none, or larger than a {@code long}} */
  static @Nullable Long laxInteger(@Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Boolean flag) {
      return flag ? 1L : 0L;
    }
    // Clients that know only one kind of number write 100.0.
    if (value instanceof Double number
        && number == Math.rint(number)
        && Math.abs(number) < Long.MAX_VALUE) {
      return number.longValue();
    }
    if (value instanceof String text && text.length() <= MAX_DIGITS) {
      String digits = text.strip();
      if (INTEGER.matcher(digits).matches()) {
        int point = digits.indexOf('.');
        BigInteger number = new BigInteger(
            (point < 0 ? digits : digits.substring(0, point)).replace("_", "").replace("+", ""));
        return number.bitLength() < Long.SIZE ? number.longValue() : null;
      }
    }
    return null;
  }

  @Nullable
  String text(String name) {
    Object value = values.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrong(name, "must be a string");
  }

  @Nullable
  String textThatIsNotEmpty(String name) {
    Object value = values.get(name);
    if (value == null || (value instanceof String text && !text.isEmpty())) {
      return (String) value;
    }
    throw wrong(name, "must be a string that is not empty");
  }

  @Nullable
  List<@Nullable Object> list(String name) {
    Object value = values.get(name);
    return value == null ? null : list(value, name);
  }

  @Nullable
  Map<String, @Nullable Object> object(String name) {
    Object value = values.get(name);
    return value == null ? null : object(value, name);
  }

  static List<@Nullable Object> list(@Nullable Object value, String path) {
    if (value instanceof List<?> list) {
      @SuppressWarnings("unchecked") // JsonValues makes no other lists
      List<@Nullable Object> plain = (List<@Nullable Object>) list;
      return plain;
    }
    throw wrong(path, "must be a list");
  }

  static Map<String, @Nullable Object> object(@Nullable Object value, String path) {
    if (value instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked") // JsonValues makes no other maps
      Map<String, @Nullable Object> plain = (Map<String, @Nullable Object>) map;
      return plain;
    }
    throw wrong(path, "must be an object");
  }

  static BadRequestException wrong(String path, String allowed) {
    return new BadRequestException(path + " " + allowed, path);
  }
}
