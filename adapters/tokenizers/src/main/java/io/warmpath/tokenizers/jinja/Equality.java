package io.warmpath.tokenizers.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's {@code ==} and {@code in}. */
final class Equality {

  private Equality() {}

  static boolean equal(Object left, Object right, Run run) {
    return equal(left, right, run, 0);
  }

  private static boolean equal(Object left, Object right, Run run, int depth) {
    if (left instanceof String text) {
      return right instanceof String other && text.equals(other);
    }
    if (left == right) {
      return !(left instanceof Double number) || !number.isNaN() || depth > 0;
    }
    if (Types.isNumber(left)) {
      return Types.isNumber(right) && compare(left, right) == 0;
    }
    if (depth > Run.MAX_NESTED) {
      throw new JinjaError("maximum recursion depth exceeded in comparison");
    }
    run.step();
    if (left instanceof List<?> list) {
      return right instanceof List<?> other
          && isSameKind(list, other)
          && list.size() == other.size()
          && equalItems(list, other, run, depth);
    }
    if (left instanceof Map<?, ?> map) {
      return right instanceof Map<?, ?> other
          && map.size() == other.size()
          && equalEntries(map, other, run, depth);
    }
    return left instanceof Undefined && right instanceof Undefined;
  }

  private static boolean isSameKind(List<?> left, List<?> right) {
    return left instanceof Tuple == right instanceof Tuple
        && left instanceof Range == right instanceof Range;
  }

  private static boolean equalItems(List<?> left, List<?> right, Run run, int depth) {
    for (int i = 0; i < left.size(); i++) {
      if (!equal(None.orNone(left.get(i)), None.orNone(right.get(i)), run, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalEntries(Map<?, ?> left, Map<?, ?> right, Run run, int depth) {
    for (Map.Entry<?, ?> entry : left.entrySet()) {
      Object other = Dicts.find(right, None.orNone(entry.getKey()));
      if (other == null || !equal(None.orNone(entry.getValue()), other, run, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /** {@return how two numbers compare, exactly; 2 if one is not a number} */
  static int compare(Object left, Object right) {
    if (left instanceof Double || right instanceof Double) {
      double a = left instanceof Double number ? number : 0;
      double b = right instanceof Double number ? number : 0;
      if (Double.isNaN(a) || Double.isNaN(b)) {
        return 2;
      }
      if (Double.isInfinite(a) || Double.isInfinite(b)) {
        return Double.compare(a, b);
      }
      return exact(left).compareTo(exact(right));
    }
    if (left instanceof BigInteger || right instanceof BigInteger) {
      return Integers.big(left).compareTo(Integers.big(right));
    }
    return Long.compare(Integers.small(left), Integers.small(right));
  }

  private static BigDecimal exact(Object number) {
    return number instanceof Double real
        ? new BigDecimal(real)
        : new BigDecimal(Integers.big(number));
  }

  static boolean contains(Object container, Object item, Run run) {
    if (container instanceof String text) {
      if (item instanceof String part) {
        run.work(text.length());
        return text.contains(part);
      }
      if (item instanceof Undefined undefined) {
        throw new JinjaError(
            "'in <string>' requires string as left operand, not " + Types.name(undefined));
      }
      throw new JinjaError(
          "'in <string>' requires string as left operand, not " + Types.name(item));
    }
    if (container instanceof Map<?, ?> map) {
      return Dicts.find(map, item) != null;
    }
    if (container instanceof DictView view && view.kind() == DictView.Kind.KEYS) {
      return Dicts.find(view.dict(), item) != null;
    }
    if (!Iteration.isIterable(container)) {
      throw new JinjaError("argument of type '" + Types.name(container) + "' is not iterable");
    }
    Iterator<Object> items = Iteration.of(container, run);
    while (items.hasNext()) {
      run.step();
      Object next = items.next();
      if (next == item || equal(next, item, run)) {
        return true;
      }
    }
    return false;
  }
}
