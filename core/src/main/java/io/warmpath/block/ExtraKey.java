package io.warmpath.block;

import java.util.List;

/**
 * A value of Python that vLLM hashes beside a block's tokens.
 *
 * <p>Texts have an identity: pickle writes an object that it meets again as a reference to the first
 * (see {@link PickleWriter}), so one {@link Text} stands for one object of the engine.
 */
sealed interface ExtraKey {

  /** A text; two of equal value are two objects. */
  final class Text implements ExtraKey {
    private final String value;

    Text(String value) {
      this.value = value;
    }

    String value() {
      return value;
    }
  }

  /** An integer. */
  record Int(long value) implements ExtraKey {}

  /** A byte string; the array is shared. */
  record Bytes(byte[] value) implements ExtraKey {
    @Override
    public String toString() {
      return "Bytes[" + value.length + "]";
    }
  }

  /** A tuple, perhaps an empty one. */
  record Tuple(List<ExtraKey> members) implements ExtraKey {
    public Tuple {
      members = List.copyOf(members);
    }

    static Tuple of(ExtraKey... members) {
      return new Tuple(List.of(members));
    }
  }

  /** Python's None. */
  enum None implements ExtraKey {
    NONE
  }
}
