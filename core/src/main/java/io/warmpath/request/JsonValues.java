package io.warmpath.request;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as plain, deeply unmodifiable values: {@code Map<String, Object>} in the client's order,
 * {@code List<Object>}, {@code String}, {@code Long}, {@code BigInteger}, {@code Double},
 * {@code Boolean} or null; and writes such values.
 *
 * <p>Of members with the same name the last counts, in the place of the first, as in Python's
 * {@code json}. Recursion is bounded by the parser's nesting limit.
 *
 * <p><b>Threads:</b> as the parser or generator, one.
 */
public final class JsonValues {

  private JsonValues() {}

  /**
   * Reads one value.
   *
   * @param parser at the first token of the value; afterwards at its last
   * @return the value
   * @throws IOException if what follows is not JSON, or cannot be read
   */
  public static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /**
   * Writes one value.
   *
   * @param generator where a value may come
   * @param value a {@code Map}, whose keys are written as their texts, an {@code Iterable}, a {@code
   *     String}, a number, a {@code Boolean} or null, and so on inside
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if it is anything else
   */
  public static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> members) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> member : members.entrySet()) {
        generator.writeFieldName(String.valueOf(member.getKey()));
        write(generator, member.getValue());
      }
      generator.writeEndObject();
    } else if (value instanceof Iterable<?> entries) {
      generator.writeStartArray();
      for (Object entry : entries) {
        write(generator, entry);
      }
      generator.writeEndArray();
    } else {
      generator.writeObject(value);
    }
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, read(parser));
    }
    return Collections.unmodifiableMap(members);
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> entries = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      entries.add(read(parser));
    }
    return Collections.unmodifiableList(entries);
  }

  private static Number integer(JsonParser parser) throws IOException {
    // An if, as ?: would make both sides one type.
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return parser.getBigIntegerValue();
    }
    return parser.getLongValue();
  }
}
