package io.warmpath.fleet.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads vectors and answers as maps and lists. */
final class Golden {

  private Golden() {}

  static Object read(String name) throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      return Objects.requireNonNull(
          JsonTree.parse(Objects.requireNonNull(in, name).readAllBytes()));
    }
  }

  static Object json(String text) throws IOException {
    return Objects.requireNonNull(
        JsonTree.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** {@return what lies at {@code path}: names of members and positions in lists} */
  static Object at(Object tree, Object... path) {
    Object here = tree;
    for (Object step : path) {
      Object next =
          step instanceof Integer i ? ((List<?>) here).get(i) : ((Map<?, ?>) here).get(step);
      here = Objects.requireNonNull(next, () -> "nothing at '" + step + "'");
    }
    return here;
  }

  static List<?> list(Object tree, Object... path) {
    return (List<?>) at(tree, path);
  }

  static String text(Object tree, Object... path) {
    return (String) at(tree, path);
  }

  static int number(Object tree, Object... path) {
    return (Integer) at(tree, path);
  }

  static int[] ints(Object tree, Object... path) {
    Object found = at(tree, path);
    return found instanceof int[] ints ? ints : new int[0];
  }

  static boolean has(Object tree, String name) {
    return ((Map<?, ?>) tree).get(name) != null;
  }
}
