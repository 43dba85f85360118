package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The attribute that a filter looks at: {@code "a.b.0"}, or an index; case is ignored on demand. */
final class Keys {

  private final List<Object> path = new ArrayList<>();

  private Keys(Object attribute) {
    if (attribute instanceof String text) {
      for (String part : text.split("\\.", -1)) {
        boolean isNumber = !part.isEmpty() && part.codePoints().allMatch(Characters::isDecimal);
        path.add(isNumber ? Integers.normal(Integers.parse(part, 10)) : part);
      }
    } else if (attribute != None.NONE) {
      path.add(attribute);
    }
  }

  static Keys of(Object attribute) {
    return new Keys(attribute);
  }

  /** {@return several, of a text with commas} */
  static List<Keys> several(Object attribute) {
    List<Keys> keys = new ArrayList<>();
    if (attribute instanceof String text) {
      for (String part : text.split(",", -1)) {
        keys.add(new Keys(part));
      }
    } else {
      keys.add(new Keys(attribute));
    }
    return keys;
  }

  Object get(Object item, @Nullable Object absent, Run run) {
    Object value = item;
    for (Object part : path) {
      run.step();
      value = Attributes.item(value, part, run);
      if (absent != null && absent != None.NONE && value instanceof Undefined) {
        value = absent;
      }
    }
    return value;
  }

  static Object folded(Object value, boolean isCaseSensitive) {
    return !isCaseSensitive && value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
  }
}
