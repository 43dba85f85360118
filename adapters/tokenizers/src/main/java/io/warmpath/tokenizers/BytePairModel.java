package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;

/**
 * Vocabulary and merges: what turns one word into ids.
 *
 * @param vocabulary all tokens
 * @param merges pairs of tokens that become one
 * @param byteTokens the token of each byte, or -1 if there is none, which drops the byte as the
 *     original does without an unknown token; 256 long, shared, never changed
 * @param ignoreMerges whether a word that is a token is that token, whatever the merges make of it
 */
record BytePairModel(
    Vocabulary vocabulary, MergeTable merges, int[] byteTokens, boolean ignoreMerges) {

  Scratch scratch() {
    return new Scratch();
  }

  @Override
  public String toString() {
    return "BytePairModel[%d tokens]".formatted(vocabulary.size());
  }

  /** The reusable arrays of one call. */
  final class Scratch {
    private final WordMerger merger = new WordMerger(merges);
    private byte[] bytes = new byte[3 * WordCache.MAX_CHARS];
    private int[] tokens = new int[3 * WordCache.MAX_CHARS];

    /** Appends the ids of the word {@code text[from, to)}, which is well-formed UTF-16. */
    void encode(String text, int from, int to, TokenBuffer out) {
      int length = utf8(text, from, to);
      if (ignoreMerges) {
        int id = vocabulary.find(bytes, length);
        if (id >= 0) {
          out.add(id);
          return;
        }
      }
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

    private int utf8(String text, int from, int to) {
      if ((to - from) * 3L > bytes.length) {
        int room = Math.toIntExact((to - from) * 3L);
        bytes = new byte[room];
        tokens = new int[room];
      }
      int length = 0;
      for (int i = from; i < to; i++) {
        int c = text.charAt(i);
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
          int codePoint = Character.toCodePoint((char) c, text.charAt(++i));
          bytes[length++] = (byte) (0xF0 | codePoint >> 18);
          bytes[length++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
          bytes[length++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
          bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
        }
      }
      return length;
    }
  }
}
