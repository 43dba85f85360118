package io.warmpath.tokenizers.jinja;

import org.jspecify.annotations.Nullable;

/** The variables of a function that runs: the template, a macro, the body of a recursive loop. */
final class Frame {

  /** A variable that has no value is null. */
  final @Nullable Object[] slots;

  final @Nullable Frame outer;

  Frame(int size, @Nullable Frame outer) {
    slots = new @Nullable Object[size];
    this.outer = outer;
  }
}
