package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code <} and {@code sorted}. */
final class Sorting {

  private Sorting() {}

  /** {@return {@code left OPERATOR right}, the operator one of {@code < <= > >=}} */
  static boolean compare(String operator, Object left, Object right, Run run) {
    if (left instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.error();
    }
    int order = order(operator, left, right, run, 0);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0 && order != 2;
      default -> order >= 0 && order != 2;
    };
  }

  static boolean isLess(Object left, Object right, Run run) {
    return compare("<", left, right, run);
  }

  private static int order(String operator, Object left, Object right, Run run, int depth) {
    if (left instanceof String text && right instanceof String other) {
      run.work(Math.min(text.length(), other.length()));
      return Strings.compare(text, other);
    }
    if (Types.isNumber(left) && Types.isNumber(right)) {
      return Equality.compare(left, right);
    }
    if (left instanceof List<?> list
        && right instanceof List<?> other
        && left instanceof Tuple == right instanceof Tuple
        && !(left instanceof Range)
        && !(right instanceof Range)
        && depth < Run.MAX_NESTED) {
      for (int i = 0; i < Math.min(list.size(), other.size()); i++) {
        Object a = None.orNone(list.get(i));
        Object b = None.orNone(other.get(i));
        if (a != b && !Equality.equal(a, b, run)) {
          return order(operator, a, b, run, depth + 1);
        }
      }
      return Integer.compare(list.size(), other.size());
    }
    throw new JinjaError("'%s' not supported between instances of '%s' and '%s'"
        .formatted(operator, Types.name(left), Types.name(right)));
  }

  /** Sorts stably. */
  static void sort(List<Object> values, Run run) {
    List<Object> sorted = sorted(values, values, false, run);
    values.clear();
    values.addAll(sorted);
  }

  /**
   * Sorts stably by merging, which any order of the keys leaves finite.
   *
   * @param keys entry i is what value i is compared by
   * @return a new list
   */
  static List<Object> sorted(List<?> values, List<?> keys, boolean isReverse, Run run) {
    int size = values.size();
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      // Reversed before and after, as Python does it to keep it stable.
      order[i] = isReverse ? size - 1 - i : i;
    }
    mergeSort(order, new int[size], 0, size, keys, run);
    List<Object> sorted = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      sorted.add(None.orNone(values.get(order[isReverse ? size - 1 - i : i])));
    }
    run.make(size);
    return sorted;
  }

  private static void mergeSort(int[] order, int[] spare, int from, int to, List<?> keys, Run run) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    mergeSort(order, spare, from, middle, keys, run);
    mergeSort(order, spare, middle, to, keys, run);
    System.arraycopy(order, from, spare, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      run.step();
      boolean takesRight = right < to
          && (left >= middle
              || isLess(
                  None.orNone(keys.get(spare[right])), None.orNone(keys.get(spare[left])), run));
      order[i] = takesRight ? spare[right++] : spare[left++];
    }
  }
}
