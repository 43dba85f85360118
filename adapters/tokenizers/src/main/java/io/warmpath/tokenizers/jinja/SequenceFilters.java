package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters on lists and dicts as wholes. */
final class SequenceFilters {

  private SequenceFilters() {}

  static void addTo(Map<String, Builtin> all) {
    Filters.add(all, "length", "", (run, value, a) -> Attributes.length(value, run));
    Filters.add(all, "count", "", (run, value, a) -> Attributes.length(value, run));
    Filters.add(all, "list", "", (run, value, a) -> Iteration.list(Iteration.of(value, run), run));
    Filters.add(all, "first", "", (run, value, a) -> {
      Iterator<Object> items = Iteration.of(value, run);
      return items.hasNext()
          ? items.next()
          : Undefined.because("No first item, sequence was empty.");
    });
    Filters.add(all, "last", "", (run, value, a) -> last(run, value));
    Filters.add(all, "random", "", (run, value, a) -> random(run, value));
    Filters.add(all, "reverse", "", (run, value, a) -> reverse(run, value));
    Filters.add(all, "join", "| d attribute", (run, value, a) -> join(run, value, a));
    Filters.add(
        all, "sort", "| reverse case_sensitive attribute", (run, value, a) -> sort(run, value, a));
    Filters.add(
        all, "dictsort", "| case_sensitive by reverse", (run, value, a) -> dictSort(run, value, a));
    Filters.add(
        all, "min", "| case_sensitive attribute", (run, value, a) -> extreme(run, value, a, true));
    Filters.add(
        all, "max", "| case_sensitive attribute", (run, value, a) -> extreme(run, value, a, false));
    Filters.add(all, "sum", "| attribute start", (run, value, a) -> sum(run, value, a));
    Filters.add(
        all, "unique", "| case_sensitive attribute", (run, value, a) -> unique(run, value, a));
    Filters.add(
        all,
        "groupby",
        "attribute | default case_sensitive",
        (run, value, a) -> groupBy(run, value, a));
    Filters.add(all, "slice", "slices | fill_with", (run, value, a) -> slice(run, value, a));
    Filters.add(all, "batch", "linecount | fill_with", (run, value, a) -> batch(run, value, a));
  }

  private static Object last(Run run, Object value) {
    Object reversed = reverse(run, value);
    if (value instanceof Generator) {
      throw new JinjaError("'generator' object is not reversible");
    }
    Iterator<Object> items = Iteration.of(reversed, run);
    return items.hasNext() ? items.next() : Undefined.because("No last item, sequence was empty.");
  }

  private static Object random(Run run, Object value) {
    List<?> items = Iteration.list(value, run);
    return items.isEmpty()
        ? Undefined.because("No random item, sequence was empty.")
        : None.orNone(items.get(run.random.nextInt(items.size())));
  }

  private static Object reverse(Run run, Object value) {
    if (value instanceof String) {
      return Slices.slice(value, None.NONE, None.NONE, -1L, run);
    }
    if (!Iteration.isIterable(value)) {
      throw new JinjaError("argument must be iterable");
    }
    List<Object> items = Iteration.list(Iteration.of(value, run), run);
    Collections.reverse(items);
    if (value instanceof Generator || value instanceof Undefined) {
      return items;
    }
    String type = value instanceof Map<?, ?>
        ? "dict_reversekeyiterator"
        : value instanceof Tuple ? "reversed" : "list_reverseiterator";
    return new Generator(type, items.iterator());
  }

  private static Object join(Run run, Object value, Arguments a) {
    String separator = a.has(0) ? Text.str(a.at(0), run) : "";
    Keys key = a.hasValue(1) ? Keys.of(a.at(1)) : null;
    StringBuilder out = new StringBuilder();
    Iterator<Object> items = Iteration.of(value, run);
    boolean isFirst = true;
    while (items.hasNext()) {
      run.step();
      Object item = items.next();
      String text = Text.str(key == null ? item : key.get(item, null, run), run);
      run.make((long) text.length() + separator.length());
      out.append(isFirst ? "" : separator).append(text);
      isFirst = false;
    }
    return out.toString();
  }

  private static Object sort(Run run, Object value, Arguments a) {
    List<?> items = Iteration.list(value, run);
    List<Keys> keys = Keys.several(a.at(2, None.NONE));
    boolean isCaseSensitive = a.truth(1, false);
    List<Object> order = new ArrayList<>();
    for (Object item : items) {
      List<Object> parts = new ArrayList<>();
      for (Keys key : keys) {
        parts.add(Keys.folded(key.get(None.orNone(item), null, run), isCaseSensitive));
      }
      order.add(parts.size() == 1 ? parts.get(0) : parts);
    }
    return Sorting.sorted(items, order, a.truth(0, false), run);
  }

  private static Object dictSort(Run run, Object value, Arguments a) {
    if (!(value instanceof Map<?, ?> map)) {
      throw value instanceof Undefined undefined
          ? undefined.error()
          : new JinjaError("'" + Types.name(value) + "' object has no attribute 'items'");
    }
    String by = a.text(1, "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw new JinjaError("You can only sort by either \"key\" or \"value\"");
    }
    List<Object> entries = Iteration.list(new DictView(DictView.Kind.ITEMS, map).iterator(), run);
    List<Object> keys = new ArrayList<>();
    for (Object entry : entries) {
      keys.add(Keys.folded(((Tuple) entry).get(by.equals("key") ? 0 : 1), a.truth(0, false)));
    }
    return Sorting.sorted(entries, keys, a.truth(2, false), run);
  }

  private static Object extreme(Run run, Object value, Arguments a, boolean isLeast) {
    Iterator<Object> items = Iteration.of(value, run);
    Keys key = Keys.of(a.at(1, None.NONE));
    Object best = null;
    Object bestKey = None.NONE;
    while (items.hasNext()) {
      run.step();
      Object item = items.next();
      Object itemKey = Keys.folded(key.get(item, null, run), a.truth(0, false));
      if (best == null || Sorting.compare(isLeast ? "<" : ">", itemKey, bestKey, run)) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best == null ? Undefined.because("No aggregated item, sequence was empty.") : best;
  }

  private static Object sum(Run run, Object value, Arguments a) {
    Keys key = Keys.of(a.at(0, None.NONE));
    Object sum = a.at(1, 0L);
    if (sum instanceof String) {
      throw new JinjaError("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Object> items = Iteration.of(value, run);
    while (items.hasNext()) {
      run.step();
      sum = Operators.add(sum, key.get(items.next(), null, run), run);
    }
    return sum;
  }

  private static Object unique(Run run, Object value, Arguments a) {
    Keys key = Keys.of(a.at(1, None.NONE));
    boolean isCaseSensitive = a.truth(0, false);
    Map<Object, Object> seen = new LinkedHashMap<>();
    Iterator<Object> items = Iteration.of(value, run);
    return Generator.of(new Chosen(items, run, item -> {
      Object one = Keys.folded(key.get(item, null, run), isCaseSensitive);
      Object known = one instanceof Undefined ? UNDEFINED : one;
      boolean isNew = Dicts.find(seen, known) == null;
      if (isNew) {
        Dicts.put(seen, known, true);
      }
      return isNew;
    }));
  }

  /** All that is undefined is one key. */
  private static final Set<Object> UNDEFINED = Collections.unmodifiableSet(new HashSet<>());

  private static Object groupBy(Run run, Object value, Arguments a) {
    List<?> items = Iteration.list(value, run);
    Keys key = Keys.of(a.at(0));
    Object absent = a.at(1, None.NONE);
    boolean isCaseSensitive = a.truth(2, false);
    List<Object> keys = new ArrayList<>();
    for (Object item : items) {
      keys.add(Keys.folded(key.get(None.orNone(item), absent, run), isCaseSensitive));
    }
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    Object groupKey = None.NONE;
    for (Object item : Sorting.sorted(items, keys, false, run)) {
      Object itemKey = Keys.folded(key.get(item, absent, run), isCaseSensitive);
      if (group.isEmpty() || !Equality.equal(groupKey, itemKey, run)) {
        group = new ArrayList<>();
        groups.add(Tuple.group(key.get(item, absent, run), group));
        groupKey = itemKey;
      }
      group.add(item);
    }
    return groups;
  }

  private static Object slice(Run run, Object value, Arguments a) {
    List<?> items = Iteration.list(value, run);
    int slices = a.integer(0, 0);
    if (slices == 0) {
      throw new JinjaError("integer division or modulo by zero");
    }
    List<Object> parts = new ArrayList<>();
    int each = items.size() / Math.max(1, slices);
    int longer = items.size() % Math.max(1, slices);
    int at = 0;
    for (int i = 0; i < slices; i++) {
      run.step();
      int end = at + each + (i < longer ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(at, end));
      if (a.hasValue(1) && i >= longer) {
        part.add(a.at(1));
      }
      parts.add(part);
      at = end;
    }
    return Generator.of(parts.iterator());
  }

  private static Object batch(Run run, Object value, Arguments a) {
    int size = a.integer(0, 0);
    List<Object> parts = new ArrayList<>();
    List<Object> part = new ArrayList<>();
    Iterator<Object> items = Iteration.of(value, run);
    while (items.hasNext()) {
      run.step();
      if (part.size() == size) {
        parts.add(part);
        part = new ArrayList<>();
      }
      part.add(items.next());
    }
    if (!part.isEmpty()) {
      int missing = a.hasValue(1) ? Math.max(0, size - part.size()) : 0;
      run.make(missing);
      part.addAll(Collections.nCopies(missing, a.at(1, None.NONE)));
      parts.add(part);
    }
    return Generator.of(parts.iterator());
  }
}
