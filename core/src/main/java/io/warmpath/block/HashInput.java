package io.warmpath.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes that are hashed next: a growing array, reused from block to block. */
final class HashInput {

  private static final int INITIAL_BYTES = 256;
  private static final VarHandle BIG_SHORT = view(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_INT = view(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_LONG = view(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE_SHORT = view(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LITTLE_INT = view(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LITTLE_LONG = view(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;

  private static VarHandle view(Class<?> words, ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(words, order);
  }

  /** {@return the 8 bytes from {@code at}, big-endian} */
  static long bigLong(byte[] from, int at) {
    return (long) BIG_LONG.get(from, at);
  }

  /** Writes 8 bytes from {@code at}, big-endian. */
  static void bigLong(byte[] to, int at, long value) {
    BIG_LONG.set(to, at, value);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** {@return shared array; entries {@code 0 .. size() - 1} are valid, the rest is arbitrary} */
  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** {@return a copy of the valid part} */
  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  void clear() {
    size = 0;
  }

  /** Makes room for {@code more} bytes, for who writes to {@link #bytes()} and then calls {@link #size(int)}. */
  byte[] room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
    return bytes;
  }

  void size(int newSize) {
    size = newSize;
  }

  HashInput put(int value) {
    room(1)[size++] = (byte) value;
    return this;
  }

  HashInput put(byte[] from) {
    return put(from, 0, from.length);
  }

  HashInput put(byte[] from, int at, int length) {
    System.arraycopy(from, at, room(length), size, length);
    size += length;
    return this;
  }

  HashInput bigShort(int value) {
    BIG_SHORT.set(room(Short.BYTES), size, (short) value);
    size += Short.BYTES;
    return this;
  }

  HashInput bigInt(int value) {
    BIG_INT.set(room(Integer.BYTES), size, value);
    size += Integer.BYTES;
    return this;
  }

  HashInput bigLong(long value) {
    BIG_LONG.set(room(Long.BYTES), size, value);
    size += Long.BYTES;
    return this;
  }

  HashInput littleShort(int value) {
    LITTLE_SHORT.set(room(Short.BYTES), size, (short) value);
    size += Short.BYTES;
    return this;
  }

  HashInput littleInt(int value) {
    LITTLE_INT.set(room(Integer.BYTES), size, value);
    size += Integer.BYTES;
    return this;
  }

  HashInput littleLong(long value) {
    LITTLE_LONG.set(room(Long.BYTES), size, value);
    size += Long.BYTES;
    return this;
  }

  /** Writes 8 bytes over those from {@code at}, little-endian. */
  void overwriteLittleLong(int at, long value) {
    LITTLE_LONG.set(bytes, at, value);
  }

  /** Writes each of the tokens as 4 bytes, little-endian. */
  HashInput littleTokens(int[] tokens, int from, int to) {
    byte[] out = room((to - from) * Integer.BYTES);
    int at = size;
    for (int i = from; i < to; i++) {
      LITTLE_INT.set(out, at, tokens[i]);
      at += Integer.BYTES;
    }
    size = at;
    return this;
  }
}
