package io.warmpath.tokenizers.jinja;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Python's range. */
final class Range extends AbstractList<Object> implements RandomAccess {

  /** As in jinja2's sandbox (MAX_RANGE). */
  private static final int MAX_SIZE = 100_000;

  final long start;
  final long stop;
  final long step;
  private final int size;

  Range(long start, long stop, long step) {
    if (step == 0) {
      throw new JinjaError("range() arg 3 must not be zero");
    }
    this.start = start;
    this.stop = stop;
    this.step = step;
    double count = Math.ceil(((double) stop - start) / step);
    if (count > MAX_SIZE) {
      throw new JinjaError(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
    }
    size = (int) Math.max(0, count);
  }

  @Override
  public Object get(int index) {
    return start + index * step;
  }

  @Override
  public int size() {
    return size;
  }

  String text() {
    return "range(" + start + ", " + stop + (step == 1 ? ")" : ", " + step + ")");
  }
}
