package io.warmpath.tokenizers;

/** Text that is well-formed UTF-16. */
final class Surrogates {

  private static final char REPLACEMENT = '\uFFFD';

  private Surrogates() {}

  /** Puts U+FFFD for every lone surrogate of {@code text[0, length)}. */
  static void mend(char[] text, int length) {
    for (int i = 0; i < length; i++) {
      char c = text[i];
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < length
            && Character.isLowSurrogate(text[i + 1])) {
          i++;
        } else {
          text[i] = REPLACEMENT;
        }
      }
    }
  }
}
