package io.warmpath.tokenizers.jinja;

import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Filters that go through values one by one: {@code map}, {@code select} and their kin. */
final class SelectionFilters {

  private SelectionFilters() {}

  static void addTo(Map<String, Builtin> all) {
    all.put("map", new Builtin("map", null, 0, (run, value, a) -> map(run, value, a)));
    choice(all, "select", false, true);
    choice(all, "reject", false, false);
    choice(all, "selectattr", true, true);
    choice(all, "rejectattr", true, false);
  }

  private static Object map(Run run, Object value, Arguments a) {
    if (!Truth.of(value)) {
      return Generator.of(Iteration.of("", run));
    }
    UnaryOperator<Object> change = change(run, a);
    Iterator<Object> items = Iteration.of(value, run);
    return Generator.of(new Iterator<>() {
      @Override
      public boolean hasNext() {
        run.enter(Chosen.WEIGHT);
        boolean hasNext = items.hasNext();
        run.leave(Chosen.WEIGHT);
        return hasNext;
      }

      @Override
      public Object next() {
        run.enter(Chosen.WEIGHT);
        Object item = change.apply(items.next());
        run.leave(Chosen.WEIGHT);
        return item;
      }
    });
  }

  private static UnaryOperator<Object> change(Run run, Arguments a) {
    Object attribute = a.find("attribute");
    if (a.size() == 0 && attribute != null) {
      Keys key = Keys.of(attribute);
      Object absent = a.find("default");
      if (a.names.length > (absent == null ? 1 : 2)) {
        throw new JinjaError("Unexpected keyword argument");
      }
      return item -> key.get(item, absent, run);
    }
    if (a.size() == 0) {
      throw new JinjaError("map requires a filter argument");
    }
    Builtin filter = a.at(0) instanceof String name ? Filters.ALL.get(name) : null;
    if (filter == null) {
      throw new JinjaError("No filter named " + Text.repr(a.at(0)) + ".");
    }
    Arguments rest = a.from(1);
    return item -> filter.call(run, item, rest);
  }

  private static void choice(
      Map<String, Builtin> all, String name, boolean byAttribute, boolean wanted) {
    all.put(name, new Builtin(name, null, 0, (run, value, a) -> {
      if (!Truth.of(value)) {
        return Generator.of(Iteration.of("", run));
      }
      if (byAttribute && a.size() == 0) {
        throw new JinjaError("Missing parameter for attribute name");
      }
      Keys key = Keys.of(byAttribute ? a.at(0) : None.NONE);
      Predicate<Object> test = test(run, a.from(byAttribute ? 1 : 0));
      return Generator.of(new Chosen(
          Iteration.of(value, run), run, item -> test.test(key.get(item, null, run)) == wanted));
    }));
  }

  private static Predicate<Object> test(Run run, Arguments a) {
    if (a.size() == 0) {
      return Truth::of;
    }
    Builtin test = a.at(0) instanceof String name ? Tests.ALL.get(name) : null;
    if (test == null) {
      throw new JinjaError("No test named " + Text.repr(a.at(0)) + ".");
    }
    Arguments rest = a.from(1);
    return item -> Truth.of(test.call(run, item, rest));
  }
}
