package io.warmpath.block;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Python's pickle, protocol 5, as CPython's C pickler writes tuples, integers, texts, byte strings
 * and None (<a href="https://peps.python.org/pep-3154/">PEP 3154</a>; opcodes of {@code
 * pickletools}).
 *
 * <p>What decides the bytes beside the opcodes:
 *
 * <ul>
 *   <li><b>Memo.</b> Texts, byte strings and tuples that are not empty are numbered as they end. An
 *       object met again is a reference to its number; here only texts are ({@link ExtraKey.Text}).
 *   <li><b>Frames.</b> All behind the protocol's two bytes lies in frames. One ends where the next
 *       value begins once it holds 64 KiB. A text or byte string of 64 KiB or more stands between two
 *       frames. A frame of fewer than 4 bytes loses its header.
 * </ul>
 */
final class PickleWriter extends ValueWriter {

  private static final int PROTOCOL = 0x80;
  private static final int VERSION = 5;
  private static final int FRAME = 0x95;
  private static final int STOP = '.';
  private static final int MEMOIZE = 0x94;
  private static final int GET = 'h';
  private static final int LONG_GET = 'j';
  private static final int NONE = 'N';
  private static final int INT_1 = 'K';
  private static final int INT_2 = 'M';
  private static final int INT_4 = 'J';
  private static final int INT_LONG = 0x8a;
  private static final int SHORT_BYTES = 'C';
  private static final int BYTES = 'B';
  private static final int SHORT_TEXT = 0x8c;
  private static final int TEXT = 'X';
  private static final int MARK = '(';
  private static final int TUPLE = 't';
  private static final int EMPTY_TUPLE = ')';
  private static final int TUPLE_1 = 0x85;

  private static final int MOST_WITHOUT_MARK = 3;
  private static final int FRAME_TARGET_BYTES = 64 * 1024;
  private static final int FRAME_LEAST_BYTES = 4;
  private static final int FRAME_HEADER_BYTES = 9;
  private static final int NO_FRAME = -1;

  private final List<ExtraKey.Text> seen = new ArrayList<>();
  private final List<Integer> seenAs = new ArrayList<>();
  private int memoized;
  private int frame = NO_FRAME;

  @Override
  void start() {
    out.clear();
    out.put(PROTOCOL).put(VERSION);
    seen.clear();
    seenAs.clear();
    memoized = 0;
    frame = NO_FRAME;
  }

  @Override
  void finish() {
    framed().put(STOP);
    endFrame();
  }

  @Override
  void none() {
    begin().put(NONE);
  }

  @Override
  void integer(long value) {
    begin();
    if (value >= 0 && value < 0x100) {
      out.put(INT_1).put((int) value);
    } else if (value >= 0 && value < 0x10000) {
      out.put(INT_2).littleShort((int) value);
    } else if (value == (int) value) {
      out.put(INT_4).littleInt((int) value);
    } else {
      putLong(BigInteger.valueOf(value));
    }
  }

  @Override
  void unsigned(byte[] bigEndian, int at, int length) {
    BigInteger value = new BigInteger(1, bigEndian, at, length);
    if (value.bitLength() < Long.SIZE) {
      integer(value.longValue());
    } else {
      begin();
      putLong(value);
    }
  }

  @Override
  void bytes(byte[] value, int at, int length) {
    begin();
    putSized(SHORT_BYTES, BYTES, value, at, length);
    memoize();
  }

  @Override
  void text(ExtraKey.Text value) {
    begin();
    int known = seen.indexOf(value); // texts have no equals: the same object
    if (known >= 0) {
      int index = seenAs.get(known);
      if (index < 0x100) {
        out.put(GET).put(index);
      } else {
        out.put(LONG_GET).littleInt(index);
      }
      return;
    }
    byte[] utf8 = HashInput.utf8(value.value());
    putSized(SHORT_TEXT, TEXT, utf8, 0, utf8.length);
    seen.add(value);
    seenAs.add(memoized);
    memoize();
  }

  @Override
  void openTuple(int members) {
    begin();
    if (members > MOST_WITHOUT_MARK) {
      out.put(MARK);
    }
  }

  @Override
  void closeTuple(int members) {
    framed();
    if (members == 0) {
      out.put(EMPTY_TUPLE);
      return;
    }
    out.put(members > MOST_WITHOUT_MARK ? TUPLE : TUPLE_1 + members - 1);
    memoize();
  }

  @Override
  void tokens(int[] tokens, int from, int to) {
    openTuple(to - from);
    for (int i = from; i < to; i++) {
      integer(Integer.toUnsignedLong(tokens[i]));
    }
    closeTuple(to - from);
  }

  private void putLong(BigInteger value) {
    byte[] bytes = value.toByteArray();
    out.put(INT_LONG).put(bytes.length);
    for (int i = bytes.length - 1; i >= 0; i--) {
      out.put(bytes[i]);
    }
  }

  private void putSized(int shortCode, int code, byte[] value, int at, int length) {
    boolean isBetweenFrames = length >= FRAME_TARGET_BYTES;
    if (isBetweenFrames) {
      endFrame();
    }
    if (length < 0x100) {
      out.put(shortCode).put(length);
    } else {
      out.put(code).littleInt(length);
    }
    out.put(value, at, length);
  }

  private void memoize() {
    framed().put(MEMOIZE);
    memoized++;
  }

  /** Where a value begins: the place where a full frame may end. */
  private HashInput begin() {
    if (frame != NO_FRAME && out.size() - frame - FRAME_HEADER_BYTES >= FRAME_TARGET_BYTES) {
      endFrame();
    }
    return framed();
  }

  private HashInput framed() {
    if (frame == NO_FRAME) {
      frame = out.size();
      out.room(FRAME_HEADER_BYTES);
      out.size(frame + FRAME_HEADER_BYTES);
    }
    return out;
  }

  private void endFrame() {
    if (frame == NO_FRAME) {
      return;
    }
    int body = frame + FRAME_HEADER_BYTES;
    int length = out.size() - body;
    byte[] bytes = out.bytes();
    if (length >= FRAME_LEAST_BYTES) {
      bytes[frame] = (byte) FRAME;
      out.overwriteLittleLong(frame + 1, length);
    } else {
      System.arraycopy(bytes, body, bytes, frame, length);
      out.size(frame + length);
    }
    frame = NO_FRAME;
  }
}
