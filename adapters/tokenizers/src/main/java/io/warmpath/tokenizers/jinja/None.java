package io.warmpath.tokenizers.jinja;

import org.jspecify.annotations.Nullable;

/** Python's {@code None}, so that null can mean that there is no value at all. */
enum None {
  NONE;

  /** {@return a value as it comes from outside, null as {@code NONE}} */
  static Object orNone(@Nullable Object value) {
    return value == null ? NONE : value;
  }
}
