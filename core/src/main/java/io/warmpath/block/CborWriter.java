package io.warmpath.block;

import java.math.BigInteger;

/**
 * Canonical CBOR: integers in their shortest form, definite lengths, tuples as arrays (RFC 8949
 * section 4.2.1; what Python's {@code cbor2.dumps(value, canonical=True)} and Go's {@code
 * fxamacker/cbor} in canonical mode write).
 */
final class CborWriter extends ValueWriter {

  private static final int UNSIGNED = 0x00;
  private static final int NEGATIVE = 0x20;
  private static final int BYTES = 0x40;
  private static final int TEXT = 0x60;
  private static final int ARRAY = 0x80;
  private static final int MAP = 0xa0;
  private static final int NULL = 0xf6;
  private static final int UNSIGNED_BIGNUM = 0xc2;

  /** Added to the major type: the argument follows in 1, 2, 4 or 8 bytes. Less is the argument itself. */
  private static final int ONE_BYTE = 24;

  private static final int TWO_BYTES = 25;
  private static final int FOUR_BYTES = 26;
  private static final int EIGHT_BYTES = 27;
  private static final int LONGEST_TOKEN = 5;
  private static final int LONGEST_HEAD = 9;

  @Override
  void start() {
    out.clear();
  }

  @Override
  void finish() {}

  @Override
  void none() {
    out.put(NULL);
  }

  @Override
  void integer(long value) {
    if (value >= 0) {
      head(UNSIGNED, value);
    } else {
      head(NEGATIVE, ~value); // -1 - value
    }
  }

  @Override
  void unsigned(byte[] bigEndian, int at, int length) {
    BigInteger value = new BigInteger(1, bigEndian, at, length);
    if (value.bitLength() <= Long.SIZE) {
      head(UNSIGNED, value.longValue());
    } else {
      byte[] all = value.toByteArray();
      int sign = all[0] == 0 ? 1 : 0;
      out.put(UNSIGNED_BIGNUM);
      bytes(all, sign, all.length - sign);
    }
  }

  @Override
  void bytes(byte[] value, int at, int length) {
    head(BYTES, length);
    out.put(value, at, length);
  }

  @Override
  void text(ExtraKey.Text value) {
    text(value.value());
  }

  void text(String value) {
    byte[] utf8 = HashInput.utf8(value);
    head(TEXT, utf8.length);
    out.put(utf8);
  }

  void openMap(int entries) {
    head(MAP, entries);
  }

  @Override
  void openTuple(int members) {
    head(ARRAY, members);
  }

  @Override
  void closeTuple(int members) {}

  @Override
  void tokens(int[] tokens, int from, int to) {
    head(ARRAY, to - from);
    byte[] buffer = out.room((to - from) * LONGEST_TOKEN + Long.BYTES);
    int at = out.size();
    for (int i = from; i < to; i++) {
      int token = tokens[i];
      int high = token >>> 16;
      if ((token & ~0xff) == 0) {
        if (token >= ONE_BYTE) {
          buffer[at++] = UNSIGNED | ONE_BYTE;
        }
        buffer[at++] = (byte) token;
      } else {
        // Whether a token has two bytes or four, a processor cannot guess: without a branch this
        // takes half the time.
        int isFour = -high >> 31; // -1 or 0
        long head = (UNSIGNED | TWO_BYTES) - (long) isFour;
        long argument = Integer.toUnsignedLong(token) << (40 + 16 * isFour);
        HashInput.bigLong(buffer, at, head << 56 | argument);
        at += 3 - 2 * isFour;
      }
    }
    out.size(at);
  }

  /** Writes a major type with its argument, which is read as unsigned. */
  void head(int major, long argument) {
    out.room(LONGEST_HEAD);
    if (argument >>> 32 != 0) {
      out.put(major | EIGHT_BYTES).bigLong(argument);
    } else if (argument >= 0x10000) {
      out.put(major | FOUR_BYTES).bigInt((int) argument);
    } else if (argument >= 0x100) {
      out.put(major | TWO_BYTES).bigShort((int) argument);
    } else if (argument >= ONE_BYTE) {
      out.put(major | ONE_BYTE).put((int) argument);
    } else {
      out.put(major | (int) argument);
    }
  }

  /** Writes an integer of 64 bits without sign. */
  void unsigned(long value) {
    head(UNSIGNED, value);
  }
}
