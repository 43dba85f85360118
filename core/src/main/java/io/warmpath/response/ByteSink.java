package io.warmpath.response;

/** Where response bytes go on to. */
@FunctionalInterface
public interface ByteSink {

  /**
   * Takes bytes; they are valid for the duration of the call only.
   *
   * @param bytes read only
   * @param offset first byte
   * @param length number of bytes, at least 1
   */
  void write(byte[] bytes, int offset, int length);
}
