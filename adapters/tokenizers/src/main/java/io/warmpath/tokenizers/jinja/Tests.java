package io.warmpath.tokenizers.jinja;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tests of jinja2 3.1.6, by name. */
final class Tests {

  static final Map<String, Builtin> ALL = all();

  private Tests() {}

  /** A test without arguments. */
  @FunctionalInterface
  private interface Kind {
    boolean holds(Object value);
  }

  private static Map<String, Builtin> all() {
    Map<String, Builtin> all = new HashMap<>();
    kind(all, "defined", value -> !(value instanceof Undefined));
    kind(all, "undefined", value -> value instanceof Undefined);
    kind(all, "none", value -> value == None.NONE);
    kind(all, "boolean", value -> value instanceof Boolean);
    kind(all, "true", value -> value.equals(true));
    kind(all, "false", value -> value.equals(false));
    kind(all, "integer", value -> value instanceof Long || value instanceof BigInteger);
    kind(all, "float", value -> value instanceof Double);
    kind(all, "number", Types::isNumber);
    kind(all, "string", value -> value instanceof String);
    kind(all, "mapping", value -> value instanceof Map<?, ?>);
    kind(
        all,
        "sequence",
        value -> value instanceof String
            || value instanceof List<?>
            || value instanceof Map<?, ?>
            || value instanceof Undefined);
    kind(all, "iterable", Iteration::isIterable);
    kind(all, "callable", value -> value instanceof Callable);
    kind(all, "escaped", value -> false);
    add(all, "lower", "", (run, value, a) -> Cases.isLower(Text.str(value, run)));
    add(all, "upper", "", (run, value, a) -> Cases.isUpper(Text.str(value, run)));
    add(
        all,
        "odd",
        "",
        (run, value, a) -> Equality.equal(Operators.modulo(value, 2L, run), 1L, run));
    add(
        all,
        "even",
        "",
        (run, value, a) -> Equality.equal(Operators.modulo(value, 2L, run), 0L, run));
    add(
        all,
        "divisibleby",
        "num",
        (run, value, a) -> Equality.equal(Operators.modulo(value, a.at(0), run), 0L, run));
    add(all, "sameas", "other", (run, value, a) -> isSame(value, a.at(0)));
    add(all, "in", "seq", (run, value, a) -> Equality.contains(a.at(0), value, run));
    add(
        all,
        "filter",
        "",
        (run, value, a) -> value instanceof String name && Filters.ALL.containsKey(name));
    add(all, "test", "", (run, value, a) -> value instanceof String name && isTest(name));
    for (String name : List.of("==", "eq", "equalto")) {
      add(all, name, "other", (run, value, a) -> Equality.equal(value, a.at(0), run));
    }
    for (String name : List.of("!=", "ne")) {
      add(all, name, "other", (run, value, a) -> !Equality.equal(value, a.at(0), run));
    }
    order(all, "<", "lt", "lessthan");
    order(all, "<=", "le");
    order(all, ">", "gt", "greaterthan");
    order(all, ">=", "ge");
    return Map.copyOf(all);
  }

  private static boolean isTest(String name) {
    return ALL.containsKey(name);
  }

  private static void add(Map<String, Builtin> all, String name, String params, Builtin.Body body) {
    all.put(name, Builtin.of(name, params, body));
  }

  private static void kind(Map<String, Builtin> all, String name, Kind kind) {
    add(all, name, "", (run, value, a) -> kind.holds(value));
  }

  private static void order(Map<String, Builtin> all, String operator, String... names) {
    Builtin.Body body = (run, value, a) -> Sorting.compare(operator, value, a.at(0), run);
    add(all, operator, "other", body);
    for (String name : names) {
      add(all, name, "other", body);
    }
  }

  /** Small integers, texts and constants are one object in Python where they are equal. */
  private static boolean isSame(Object left, Object right) {
    boolean isShared = left instanceof Long || left instanceof Boolean || left instanceof String;
    return left == right || (isShared && left.equals(right));
  }
}
