package io.warmpath.tokenizers.jinja;

import java.util.Iterator;

/**
 * What can be gone through once: the result of filters such as {@code map}, made while it is read.
 *
 * @param type Python's name of it
 * @param items the values that are left
 */
record Generator(String type, Iterator<Object> items) {

  static Generator of(Iterator<Object> items) {
    return new Generator("generator", items);
  }
}
