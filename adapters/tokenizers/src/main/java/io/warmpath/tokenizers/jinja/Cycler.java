package io.warmpath.tokenizers.jinja;

/** What {@code cycler()} makes: it gives its items one after the other, again and again. */
final class Cycler {

  private final Object[] items;
  private int at;

  Cycler(Object[] items) {
    this.items = items;
  }

  Object current() {
    return items[at];
  }

  Object next() {
    Object item = items[at];
    at = (at + 1) % items.length;
    return item;
  }

  void reset() {
    at = 0;
  }
}
