package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;

/**
 * Turns one word into ids by a {@link BytePairModel}.
 *
 * <p>Not thread-safe; reusable, and allocates only for a word that is longer than all before it.
 */
final class WordEncoder {

  /** Room for the bytes of words of up to this many chars at once. */
  private static final int USUAL_CHARS = 64;

  private static final int MAX_BYTES_A_CHAR = 3;

  private final BytePairModel model;
  private final WordMerger merger;
  private byte[] bytes = new byte[MAX_BYTES_A_CHAR * USUAL_CHARS];
  private int[] tokens = new int[MAX_BYTES_A_CHAR * USUAL_CHARS];

  WordEncoder(BytePairModel model) {
    this.model = model;
    this.merger = new WordMerger(model.merges());
  }

  /** Appends the ids of the word {@code text[from, to)}, which is well-formed UTF-16. */
  void encode(char[] text, int from, int to, TokenBuffer out) {
    int length = utf8(text, from, to);
    int token = model.find(bytes, length);
    byte isWhole = token < 0 ? BytePairModel.NO : model.isWhole(token);
    if (isWhole == BytePairModel.YES) {
      out.add(token);
      return;
    }
    int before = out.size();
    merge(length, out);
    if (isWhole == BytePairModel.UNKNOWN) {
      model.noteWhole(token, out.size() == before + 1 && out.ids()[before] == token);
    }
  }

  private void merge(int length, TokenBuffer out) {
    if (length > tokens.length) {
      tokens = new int[length];
    }
    int[] byteTokens = model.byteTokens();
    int count = 0;
    for (int i = 0; i < length; i++) {
      int token = byteTokens[bytes[i] & 0xFF];
      if (token >= 0) {
        tokens[count++] = token;
      }
    }
    if (count > 0) {
      merger.merge(tokens, count, out);
    }
  }

  private int utf8(char[] text, int from, int to) {
    if (to - from > bytes.length / MAX_BYTES_A_CHAR) {
      bytes = new byte[Math.multiplyExact(to - from, MAX_BYTES_A_CHAR)];
    }
    byte[] bytes = this.bytes;
    int length = 0;
    for (int i = from; i < to; i++) {
      int c = text[i];
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xC0 | c >> 6);
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
      } else if (!Character.isHighSurrogate((char) c)) {
        bytes[length++] = (byte) (0xE0 | c >> 12);
        bytes[length++] = (byte) (0x80 | (c >> 6 & 0x3F));
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
      } else {
        int codePoint = Character.toCodePoint((char) c, text[++i]);
        bytes[length++] = (byte) (0xF0 | codePoint >> 18);
        bytes[length++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
        bytes[length++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
        bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
      }
    }
    return length;
  }
}
