package io.warmpath.tokenizers.djl;

/** Text that can be UTF-8. */
final class WellFormed {

  private WellFormed() {}

  /** {@return the text with every lone surrogate as U+FFFD} */
  static String of(CharSequence text) {
    if (text.codePoints().noneMatch(WellFormed::isSurrogate)) {
      return text.toString();
    }
    StringBuilder mended = new StringBuilder(text.length());
    text.codePoints().map(c -> isSurrogate(c) ? 0xFFFD : c).forEach(mended::appendCodePoint);
    return mended.toString();
  }

  /** A code point of a sequence is one only where its other half is missing. */
  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
