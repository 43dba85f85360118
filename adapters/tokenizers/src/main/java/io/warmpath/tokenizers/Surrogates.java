package io.warmpath.tokenizers;

/** Text that is well-formed UTF-16. */
final class Surrogates {

  private Surrogates() {}

  /** {@return the text with every lone surrogate as U+FFFD; the same object if there is none} */
  static String paired(String text) {
    int i = 0;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      if (isLone(codePoint)) {
        return mended(text);
      }
      i += Character.charCount(codePoint);
    }
    return text;
  }

  private static String mended(String text) {
    StringBuilder mended = new StringBuilder(text.length());
    text.codePoints().map(c -> isLone(c) ? 0xFFFD : c).forEach(mended::appendCodePoint);
    return mended.toString();
  }

  private static boolean isLone(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
