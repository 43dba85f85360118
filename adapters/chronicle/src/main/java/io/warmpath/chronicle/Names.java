package io.warmpath.chronicle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Text in a snapshot: uint16 length of its UTF-8 bytes, and these. */
final class Names {

  static final int MOST_BYTES = 0xFFFF;

  private Names() {}

  static void put(ByteBuffer to, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    to.putShort((short) bytes.length).put(bytes);
  }

  /** {@return the bytes that {@link #put} takes} */
  static int size(String name) {
    return Short.BYTES + name.getBytes(StandardCharsets.UTF_8).length;
  }

  static String get(ByteBuffer from) {
    byte[] bytes = new byte[Short.toUnsignedInt(from.getShort())];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
