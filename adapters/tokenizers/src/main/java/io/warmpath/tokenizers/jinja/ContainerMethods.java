package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Methods of Python's {@code dict}, {@code list} and {@code tuple} that change nothing. */
final class ContainerMethods {

  static final Map<String, Builtin> DICT = Map.of(
      "get",
          Builtin.of("get", "key/ | default/", (run, self, a) -> {
            Object value = Dicts.find((Map<?, ?>) self, a.at(0));
            return value == null ? a.at(1, None.NONE) : value;
          }),
      "items", view("items", DictView.Kind.ITEMS),
      "keys", view("keys", DictView.Kind.KEYS),
      "values", view("values", DictView.Kind.VALUES),
      "copy", Builtin.of("copy", "", (run, self, a) -> copy((Map<?, ?>) self, run)),
      "fromkeys",
          Builtin.of("fromkeys", "iterable | value", (run, self, a) -> Globals.fromKeys(run, a)));

  static final Map<String, Builtin> LIST = Map.of(
      "index",
          Builtin.of(
              "index", "value | start stop", (run, self, a) -> index((List<?>) self, a, run)),
      "count", Builtin.of("count", "value", (run, self, a) -> count((List<?>) self, a.at(0), run)),
      "copy", Builtin.of("copy", "", (run, self, a) -> copy((List<?>) self, run)));

  private ContainerMethods() {}

  private static Builtin view(String name, DictView.Kind kind) {
    return Builtin.of(name, "", (run, self, a) -> new DictView(kind, (Map<?, ?>) self));
  }

  static Map<Object, Object> copy(Map<?, ?> map, Run run) {
    run.make(map.size());
    Map<Object, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(None.orNone(key), None.orNone(value)));
    return copy;
  }

  private static Object copy(List<?> list, Run run) {
    run.make(list.size());
    return new ArrayList<Object>(list);
  }

  private static Object index(List<?> list, Arguments a, Run run) {
    int size = list.size();
    int from = a.integer(1, 0);
    int to = a.integer(2, size);
    int start = Math.max(0, from < 0 ? from + size : from);
    int end = Math.min(size, to < 0 ? to + size : to);
    for (int i = start; i < end; i++) {
      run.step();
      if (Equality.equal(None.orNone(list.get(i)), a.at(0), run)) {
        return (long) i;
      }
    }
    throw new JinjaError(Text.repr(a.at(0), run) + " is not in list");
  }

  private static Object count(List<?> list, Object value, Run run) {
    long count = 0;
    for (Object item : list) {
      run.step();
      if (Equality.equal(None.orNone(item), value, run)) {
        count++;
      }
    }
    return count;
  }
}
