package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's slices, {@code value[start:stop:step]}; a bound that is None is open. */
final class Slices {

  private Slices() {}

  static Object slice(Object value, Object start, Object stop, Object step, Run run) {
    int by = step == None.NONE ? 1 : index(step);
    if (by == 0) {
      throw new JinjaError("slice step cannot be zero");
    }
    if (value instanceof String text) {
      return text(text, start, stop, by, run);
    }
    if (!(value instanceof List<?> list)) {
      return Undefined.member(
          value,
          "slice(" + Text.repr(start, run) + ", " + Text.repr(stop, run) + ", "
              + Text.repr(step, run) + ")");
    }
    int size = list.size();
    int from = bound(start, size, by, true);
    int to = bound(stop, size, by, false);
    if (list instanceof Range range) {
      return new Range(
          range.start + from * range.step, range.start + to * range.step, range.step * by);
    }
    if (by == 1 && from == 0 && to == size) {
      return list;
    }
    List<Object> items = new ArrayList<>(Math.max(0, (int) Math.ceil(((double) to - from) / by)));
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      items.add(None.orNone(list.get((int) i)));
    }
    run.make(items.size());
    return list instanceof Tuple ? Tuple.copyOf(items) : Collections.unmodifiableList(items);
  }

  private static int index(Object bound) {
    if (!Types.isInteger(bound)) {
      throw new JinjaError("slice indices must be integers or None or have an __index__ method");
    }
    return Integers.clamped(bound);
  }

  private static int bound(Object bound, int size, int by, boolean isStart) {
    if (bound == None.NONE) {
      if (by > 0) {
        return isStart ? 0 : size;
      }
      return isStart ? size - 1 : -1;
    }
    int index = index(bound);
    if (index < 0) {
      index += size;
      return index < 0 ? by > 0 ? 0 : -1 : index;
    }
    return index >= size ? by > 0 ? size : size - 1 : index;
  }

  private static String text(String text, Object start, Object stop, int by, Run run) {
    int size = Strings.length(text);
    int from = bound(start, size, by, true);
    int to = bound(stop, size, by, false);
    if (by == 1) {
      return from >= to ? "" : run.made(Strings.substring(text, from, to, size));
    }
    boolean isPlain = size == text.length();
    int[] points = isPlain ? new int[0] : text.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      out.appendCodePoint(isPlain ? text.charAt((int) i) : points[(int) i]);
    }
    return run.made(out.toString());
  }
}
