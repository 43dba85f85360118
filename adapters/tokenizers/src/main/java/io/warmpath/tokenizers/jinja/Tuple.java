package io.warmpath.tokenizers.jinja;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/** Python's tuple. The array is shared, nobody changes it. */
final class Tuple extends AbstractList<Object> implements RandomAccess {

  private final Object[] items;
  private final boolean isGroup;

  private Tuple(Object[] items, boolean isGroup) {
    this.items = items;
    this.isGroup = isGroup;
  }

  static Tuple of(Object... items) {
    return new Tuple(items, false);
  }

  /** {@return what the filter {@code groupby} gives: a pair whose parts have names} */
  static Tuple group(Object grouper, Object list) {
    return new Tuple(new Object[] {grouper, list}, true);
  }

  boolean isGroup() {
    return isGroup;
  }

  static Tuple copyOf(List<?> items) {
    return new Tuple(items.toArray(), false);
  }

  @Override
  public Object get(int index) {
    return items[index];
  }

  @Override
  public int size() {
    return items.length;
  }

  @Override
  public Object[] toArray() {
    return Arrays.copyOf(items, items.length, Object[].class);
  }
}
