package io.warmpath.tokenizers;

/** Text that is well-formed UTF-16. */
final class Surrogates {

  private static final char REPLACEMENT = '\uFFFD';

  /** Chars that are looked at together. */
  private static final int STRETCH = 64;

  private Surrogates() {}

  /** Puts U+FFFD for every lone surrogate of {@code text[from, to)}. */
  static void mend(char[] text, int from, int to) {
    int at = from;
    while (at < to) {
      int end = Math.min(at + STRETCH, to);
      at = mayHaveAny(text, at, end) ? mend(text, at, end, to) : end;
    }
  }

  /** The bits of all chars together are no less than any of them. */
  private static boolean mayHaveAny(char[] text, int from, int to) {
    int bits = 0;
    for (int i = from; i < to; i++) {
      bits |= text[i];
    }
    return bits >= Character.MIN_SURROGATE;
  }

  /** {@return where to go on: at {@code to}, or one behind if a pair crosses it} */
  private static int mend(char[] text, int from, int to, int length) {
    int at = from;
    while (at < to) {
      char c = text[at];
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && at + 1 < length
            && Character.isLowSurrogate(text[at + 1])) {
          at++;
        } else {
          text[at] = REPLACEMENT;
        }
      }
      at++;
    }
    return at;
  }
}
