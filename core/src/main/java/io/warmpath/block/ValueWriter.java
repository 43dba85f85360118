package io.warmpath.block;

/** Writes values of Python as bytes to be hashed: {@link CborWriter} or {@link PickleWriter}. */
abstract sealed class ValueWriter permits CborWriter, PickleWriter {

  final HashInput out = new HashInput();

  /** {@return what was written since {@link #start}; valid until then} */
  final HashInput written() {
    return out;
  }

  abstract void start();

  /** Ends the one value that stands at the top. */
  abstract void finish();

  abstract void none();

  abstract void integer(long value);

  /** Writes an integer of any length. */
  abstract void unsigned(byte[] bigEndian, int at, int length);

  abstract void bytes(byte[] value, int at, int length);

  abstract void text(ExtraKey.Text value);

  /** Begins a tuple of this many members; {@link #closeTuple} with the same number ends it. */
  abstract void openTuple(int members);

  abstract void closeTuple(int members);

  /** Writes a tuple of integers. Tokens are read as unsigned. */
  abstract void tokens(int[] tokens, int from, int to);

  final void value(ExtraKey key) {
    if (key instanceof ExtraKey.Text text) {
      text(text);
    } else if (key instanceof ExtraKey.Int number) {
      integer(number.value());
    } else if (key instanceof ExtraKey.Bytes bytes) {
      bytes(bytes.value(), 0, bytes.value().length);
    } else if (key instanceof ExtraKey.Tuple tuple) {
      openTuple(tuple.members().size());
      for (ExtraKey member : tuple.members()) {
        value(member);
      }
      closeTuple(tuple.members().size());
    } else {
      none();
    }
  }
}
