package io.warmpath.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A cursor over the MessagePack values of a byte array. It trusts no length, knows no recursion,
 * allocates nothing and throws nothing: what is broken reads as {@link #BROKEN}.
 *
 * <p>{@link #next} reads one value; of an array or a map only its head, the members follow as values
 * of their own. Format: github.com/msgpack/msgpack, spec.md.
 *
 * <p><b>Threads:</b> one.
 */
final class MessagePackReader {

  /** Containers within containers, the outermost being the first. */
  static final int MAX_NESTING = 32;

  /** Nothing valid here; the cursor is of no more use. */
  static final int BROKEN = -1;

  static final int NIL = 0;
  static final int BOOLEAN = 1;

  /** An integer: {@link #number} has its 64-bit pattern, negative too for unsigned ones from 2^63. */
  static final int INTEGER = 2;

  /** A float of either size; its value is not kept. */
  static final int FLOAT = 3;

  /** Text: {@link #count} bytes from {@link #from}. */
  static final int STRING = 4;

  /** Bytes: {@link #count} of them from {@link #from}. */
  static final int BINARY = 5;

  /** An array of {@link #count} members. */
  static final int ARRAY = 6;

  /** A map of {@link #count} pairs. */
  static final int MAP = 7;

  /** An extension value; skipped as a whole. */
  static final int EXTENSION = 8;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final int[] left = new int[MAX_NESTING + 1];
  private byte[] bytes = {};
  private int position;
  private int limit;
  private int kind;
  private long number;
  private int from;
  private int count;

  /**
   * Starts over.
   *
   * @param bytes shared
   * @param offset first byte
   * @param length bytes to read; offset and length are within the array
   */
  void wrap(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    position = offset;
    limit = offset + length;
  }

  /** {@return index of the next byte} */
  int position() {
    return position;
  }

  /** Moves to where {@link #position} was once. */
  void position(int position) {
    this.position = position;
  }

  /** {@return 64-bit pattern of the integer just read} */
  long number() {
    return number;
  }

  /** {@return index of the first byte of the text or bytes just read} */
  int from() {
    return from;
  }

  /** {@return bytes of the text or bytes, members of the array or pairs of the map just read} */
  int count() {
    return count;
  }

  /** {@return which of the words the text just read is, or -1} */
  int indexIn(byte[][] words) {
    for (int i = 0; i < words.length; i++) {
      byte[] word = words[i];
      if (word.length == count && Arrays.equals(word, 0, word.length, bytes, from, from + count)) {
        return i;
      }
    }
    return -1;
  }

  /** {@return whether the text just read equals {@code length} bytes from {@code start}} */
  boolean isText(int start, int length) {
    return Arrays.equals(bytes, start, start + length, bytes, from, from + count);
  }

  /** {@return the last 8 bytes, big-endian, of the at least 8 bytes just read} */
  long lastEightBytes() {
    return (long) LONG.get(bytes, from + count - Long.BYTES);
  }

  /**
   * Walks over one value and everything in it.
   *
   * @return whether it is complete, made of legal values and not nested beyond {@link #MAX_NESTING}
   */
  boolean isWellFormed() {
    int depth = 0;
    left[0] = 1;
    while (true) {
      while (left[depth] == 0) {
        if (depth == 0) {
          return true;
        }
        depth--;
      }
      left[depth]--;
      switch (next()) {
        case BROKEN -> {
          return false;
        }
        case ARRAY, MAP -> {
          if (count > 0) {
            if (depth == MAX_NESTING) {
              return false;
            }
            left[++depth] = members();
          }
        }
        default -> {}
      }
    }
  }

  /** Walks over one value and everything in it, or up to the end of the bytes if that comes first. */
  void skip() {
    next();
    skipMembers();
  }

  /** Walks over the members of what {@link #next} returned last, if it has any. */
  void skipMembers() {
    long open = members();
    while (open > 0 && next() != BROKEN) {
      open += members() - 1;
    }
  }

  private int members() {
    return kind == ARRAY ? count : kind == MAP ? 2 * count : 0;
  }

  /**
   * Reads a value, or the head of an array or map.
   *
   * @return its kind; {@link #BROKEN} if the bytes end within it or its type byte is not legal
   */
  int next() {
    kind = read();
    return kind;
  }

  private int read() {
    if (position >= limit) {
      return BROKEN;
    }
    int type = bytes[position++];
    if (type >= -32) {
      number = type;
      return INTEGER;
    }
    type &= 0xff;
    if (type < 0x90) {
      return container(MAP, type & 0x0f);
    }
    if (type < 0xa0) {
      return container(ARRAY, type & 0x0f);
    }
    if (type < 0xc0) {
      return raw(STRING, type & 0x1f);
    }
    return switch (type) {
      case 0xc0 -> NIL;
      case 0xc2, 0xc3 -> BOOLEAN;
      case 0xc4 -> has(1) ? raw(BINARY, u8()) : BROKEN;
      case 0xc5 -> has(2) ? raw(BINARY, u16()) : BROKEN;
      case 0xc6 -> has(4) ? raw(BINARY, u32()) : BROKEN;
      case 0xc7 -> has(1) ? raw(EXTENSION, u8() + 1L) : BROKEN;
      case 0xc8 -> has(2) ? raw(EXTENSION, u16() + 1L) : BROKEN;
      case 0xc9 -> has(4) ? raw(EXTENSION, u32() + 1L) : BROKEN;
      case 0xca -> raw(FLOAT, 4);
      case 0xcb -> raw(FLOAT, 8);
      case 0xcc -> has(1) ? integer(u8()) : BROKEN;
      case 0xcd -> has(2) ? integer(u16()) : BROKEN;
      case 0xce -> has(4) ? integer(u32()) : BROKEN;
      case 0xcf, 0xd3 -> has(8) ? integer(i64()) : BROKEN;
      case 0xd0 -> has(1) ? integer((byte) u8()) : BROKEN;
      case 0xd1 -> has(2) ? integer((short) u16()) : BROKEN;
      case 0xd2 -> has(4) ? integer((long) (int) u32()) : BROKEN;
      case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8 -> raw(EXTENSION, (1L << (type - 0xd4)) + 1);
      case 0xd9 -> has(1) ? raw(STRING, u8()) : BROKEN;
      case 0xda -> has(2) ? raw(STRING, u16()) : BROKEN;
      case 0xdb -> has(4) ? raw(STRING, u32()) : BROKEN;
      case 0xdc -> has(2) ? container(ARRAY, u16()) : BROKEN;
      case 0xdd -> has(4) ? container(ARRAY, u32()) : BROKEN;
      case 0xde -> has(2) ? container(MAP, u16()) : BROKEN;
      case 0xdf -> has(4) ? container(MAP, u32()) : BROKEN;
      default -> BROKEN; // 0xc1, which the format never uses
    };
  }

  private boolean has(long needed) {
    return needed <= limit - position;
  }

  private int integer(long value) {
    number = value;
    return INTEGER;
  }

  private int raw(int kind, long length) {
    if (!has(length)) {
      return BROKEN;
    }
    from = position;
    count = (int) length;
    position += count;
    return kind;
  }

  /** A member takes at least one byte, so a count beyond the bytes left is a lie. */
  private int container(int kind, long members) {
    if (!has(kind == MAP ? 2 * members : members)) {
      return BROKEN;
    }
    count = (int) members;
    return kind;
  }

  private int u8() {
    return bytes[position++] & 0xff;
  }

  private int u16() {
    int value = (short) SHORT.get(bytes, position) & 0xffff;
    position += 2;
    return value;
  }

  private long u32() {
    long value = (int) INT.get(bytes, position) & 0xffff_ffffL;
    position += 4;
    return value;
  }

  private long i64() {
    long value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }
}
