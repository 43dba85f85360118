package io.warmpath.golden;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.warmpath.request.JsonValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes parsed JSON apart. A member that is not there, or of another kind, fails the test. */
public final class GoldenJson {

  private GoldenJson() {}

  public static Object parse(byte[] text) {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      return Objects.requireNonNull(JsonValues.read(parser));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Object at(@Nullable Object object, String name) {
    return Objects.requireNonNull(map(object).get(name), () -> "no member '" + name + "'");
  }

  public static @Nullable Object find(@Nullable Object object, String name) {
    return map(object).get(name);
  }

  public static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }

  public static List<?> list(@Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }

  public static List<?> list(@Nullable Object object, String name) {
    return list(at(object, name));
  }

  public static String text(@Nullable Object object, String name) {
    return (String) at(object, name);
  }

  public static @Nullable String findText(@Nullable Object object, String name) {
    return (String) find(object, name);
  }

  public static int number(@Nullable Object object, String name) {
    return Math.toIntExact(longNumber(object, name));
  }

  public static long longNumber(@Nullable Object object, String name) {
    return ((Number) at(object, name)).longValue();
  }

  /** {@return token ids, the unsigned ones as negative} */
  public static int[] tokens(@Nullable Object ids) {
    return list(ids).stream().mapToInt(id -> (int) ((Number) id).longValue()).toArray();
  }
}
