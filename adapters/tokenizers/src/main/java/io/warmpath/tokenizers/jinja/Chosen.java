package io.warmpath.tokenizers.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Those of some values that a test holds for, tested when they are asked for. */
final class Chosen implements Iterator<Object> {

  /** One such iterator may stand on another; each counts as so many levels. */
  static final int WEIGHT = 4;

  private final Iterator<Object> items;
  private final Run run;
  private final Predicate<Object> test;
  private @Nullable Object next;

  Chosen(Iterator<Object> items, Run run, Predicate<Object> test) {
    this.items = items;
    this.run = run;
    this.test = test;
  }

  @Override
  public boolean hasNext() {
    run.enter(WEIGHT);
    while (next == null && items.hasNext()) {
      run.step();
      Object item = items.next();
      if (test.test(item)) {
        next = item;
      }
    }
    run.leave(WEIGHT);
    return next != null;
  }

  @Override
  public Object next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    Object item = next;
    next = null;
    return item;
  }
}
