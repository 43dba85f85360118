package io.warmpath.tokenizers.jinja;

import java.util.HashMap;
import java.util.Map;

/** The filters of jinja2 3.1.6, {@code tojson} as transformers has it, by name. */
final class Filters {

  static final Map<String, Builtin> ALL = all();

  private Filters() {}

  private static Map<String, Builtin> all() {
    Map<String, Builtin> all = new HashMap<>();
    TextFilters.addTo(all);
    NumberFilters.addTo(all);
    SequenceFilters.addTo(all);
    SelectionFilters.addTo(all);
    add(
        all,
        "tojson",
        "| ensure_ascii indent separators sort_keys",
        (run, value, a) -> Json.dumps(value, a, run));
    add(all, "default", "| default_value boolean", Filters::defaulted);
    add(all, "d", "| default_value boolean", Filters::defaulted);
    add(all, "attr", "name", (run, value, a) -> {
      Object found = Attributes.attribute(value, a.text(0), run);
      return found == null ? Undefined.member(value, a.text(0)) : found;
    });
    add(all, "items", "", (run, value, a) -> {
      if (value instanceof Undefined) {
        return Generator.of(Iteration.of(value, run));
      }
      if (!(value instanceof Map<?, ?> map)) {
        throw new JinjaError("Can only get item pairs from a mapping.");
      }
      return Generator.of(new DictView(DictView.Kind.ITEMS, map).iterator());
    });
    add(all, "pprint", "", (run, value, a) -> Text.repr(value, run));
    return Map.copyOf(all);
  }

  static void add(Map<String, Builtin> all, String name, String params, Builtin.Body body) {
    all.put(name, Builtin.of(name, params, body));
  }

  private static Object defaulted(Run run, Object value, Arguments a) {
    boolean isAbsent = value instanceof Undefined || (a.truth(1, false) && !Truth.of(value));
    return isAbsent ? a.at(0, "") : value;
  }
}
