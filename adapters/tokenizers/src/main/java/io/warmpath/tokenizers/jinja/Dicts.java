package io.warmpath.tokenizers.jinja;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's dicts on Java's maps: 1, 1.0 and True are one key. */
final class Dicts {

  /** Of tuples within each other; each is hashed as often as it stands there. */
  private static final int MAX_PARTS = 1_000;

  private Dicts() {}

  /** {@return the value, or null if there is none} */
  static @Nullable Object find(Map<?, ?> map, Object key) {
    Object known = key(map, key);
    if (known == null) {
      return null;
    }
    Object value = map.get(known);
    if (value == null && known == None.NONE && !map.containsKey(known)) {
      value = map.get(null);
    }
    return None.orNone(value);
  }

  static void put(Map<Object, Object> map, Object key, Object value) {
    Object known = key(map, key);
    map.put(known == null ? key : known, value);
  }

  /** {@return the equal key that the map has, or null} */
  private static @Nullable Object key(Map<?, ?> map, Object key) {
    if (key instanceof String) {
      return map.containsKey(key) ? key : null;
    }
    checkHashable(key);
    if (map.containsKey(key)) {
      return key;
    }
    if (key == None.NONE) {
      return hasNull(map) ? key : null;
    }
    if (!Types.isNumber(key)) {
      return null;
    }
    // At most three forms of the same number.
    for (Object form : forms(key)) {
      if (map.containsKey(form)) {
        return form;
      }
    }
    return null;
  }

  private static boolean hasNull(Map<?, ?> map) {
    return map instanceof LinkedHashMap<?, ?> && map.containsKey(null);
  }

  private static List<Object> forms(Object number) {
    if (number instanceof Double real) {
      if (real != Math.rint(real) || Double.isInfinite(real)) {
        return List.of();
      }
      Object whole = Floats.toInteger(real);
      return whole.equals(0L) || whole.equals(1L)
          ? List.of(whole, whole.equals(1L))
          : List.of(whole);
    }
    double real = number instanceof BigInteger big ? big.doubleValue() : Integers.small(number);
    if (Double.isInfinite(real) || Equality.compare(number, real) != 0) {
      return List.of();
    }
    if (number instanceof Boolean) {
      return List.of(Integers.small(number), real);
    }
    return number.equals(0L) || number.equals(1L)
        ? List.of(real, number.equals(1L))
        : List.of(real);
  }

  private static void checkHashable(Object key) {
    if (checkHashable(key, MAX_PARTS) < 0) {
      throw new JinjaError("a key of more than " + MAX_PARTS + " parts");
    }
  }

  /** {@return how many parts are left to look at, negative if they are too many} */
  private static int checkHashable(Object key, int parts) {
    int left = parts - 1;
    if (key instanceof Tuple tuple) {
      for (int i = 0; i < tuple.size() && left >= 0; i++) {
        left = checkHashable(tuple.get(i), left);
      }
    } else if (key instanceof Map<?, ?> || (key instanceof List<?> && !(key instanceof Range))) {
      throw new JinjaError("unhashable type: '" + Types.name(key) + "'");
    }
    return left;
  }
}
