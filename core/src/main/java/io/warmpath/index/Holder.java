package io.warmpath.index;

import org.jspecify.annotations.Nullable;

/** One holder of an index, from its first mention to the drop of its endpoint. */
final class Holder {

  static final int NO_LEASE = 0;

  final int number;
  final HolderKey key;
  final int slot;

  /** Touched only by the thread that applies changes, as all below. */
  int lease = NO_LEASE;

  boolean retired;

  /** Where the next removal may be, if the engine evicts from the tail. */
  long hint;

  /** Copies beyond the first. */
  final CopyCounts copies = new CopyCounts();

  /** Of an approximate holder. */
  @Nullable
  MarkAges ages;

  Holder(int number, HolderKey key, int slot) {
    this.number = number;
    this.key = key;
    this.slot = slot;
  }
}
