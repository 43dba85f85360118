package io.warmpath.tokenizers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The printable characters that byte-level vocabularies write for the 256 bytes.
 *
 * <p>Bytes 0x21..0x7E, 0xA1..0xAC and 0xAE..0xFF stand for themselves, the others for U+0100 and up
 * in their order ({@code bytes_to_unicode} in OpenAI's GPT-2 {@code encoder.py}).
 */
final class ByteAlphabet {

  private static final int CHARACTERS = 0x144;
  private static final short[] BYTE_OF = byteOf();

  private ByteAlphabet() {}

  /**
   * Returns the bytes that a token of the vocabulary stands for.
   *
   * @param token as the file has it; one with any character outside of the alphabet (an added
   *     token) stands for its own UTF-8 bytes, as in the ByteLevel decoder
   */
  static byte[] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      int value = byteOf(token.charAt(i));
      if (value < 0) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  /** {@return whether all characters of the token are of the alphabet} */
  static boolean isByteLevel(String token) {
    return token.chars().allMatch(c -> byteOf((char) c) >= 0);
  }

  /** {@return the byte 0..255 that {@code character} stands for, or -1 if it is none of the 256} */
  static int byteOf(char character) {
    return character < CHARACTERS ? BYTE_OF[character] : -1;
  }

  private static short[] byteOf() {
    short[] byteOf = new short[CHARACTERS];
    Arrays.fill(byteOf, (short) -1);
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean itself = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      byteOf[itself ? b : next++] = (short) b;
    }
    return byteOf;
  }
}
