package io.warmpath.tokenizers;

import java.text.Normalizer;
import java.util.function.UnaryOperator;

/**
 * A Unicode normalization form as Hugging Face tokenizers has it, on any JDK.
 *
 * <p>Its Unicode version is older than those of JDK 17 and later. A character that came since then is
 * left alone there and neither composes nor changes places with others. So text is cut at such
 * characters and the JDK normalizes what is between. It knows all that the older version knew, which
 * Unicode's stability policy keeps as it was.
 */
final class UnicodeForm implements UnaryOperator<String> {

  /** Below are only characters that no form of composition changes. */
  private static final char FIRST_MARK = 0x300;

  private final Normalizer.Form form;

  /** One bit for each char that the form may change; half a character counts as one. */
  private final long[] unsafe = new long[1 << 10];

  private final char firstUnsafe;

  UnicodeForm(Normalizer.Form form) {
    this.form = form;
    char first = FIRST_MARK;
    for (char c = Character.MAX_VALUE; c > 0; c--) {
      if (Character.isHighSurrogate(c) || UnicodeTable.mayChange(c, form)) {
        unsafe[c >> 6] |= 1L << c;
        first = c;
      }
    }
    firstUnsafe = first;
  }

  /** {@return whether the text is normalized for sure} */
  boolean isDone(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c >= firstUnsafe
          && (unsafe[c >> 6] >>> c & 1) != 0
          && (!Character.isHighSurrogate(c)
              || UnicodeTable.mayChange(Character.toCodePoint(c, text[i + 1]), form))) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether a text may be changed because of this character} */
  boolean mayChange(int codePoint) {
    return UnicodeTable.mayChange(codePoint, form);
  }

  @Override
  public String apply(String text) {
    StringBuilder normalized = new StringBuilder(text.length() + 16);
    int done = 0;
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      int next = at + Character.charCount(codePoint);
      if (!UnicodeTable.isActive(codePoint)) {
        append(text, done, at, normalized);
        normalized.append(text, at, next);
        done = next;
      }
      at = next;
    }
    append(text, done, at, normalized);
    return normalized.toString();
  }

  private void append(String text, int from, int to, StringBuilder out) {
    if (from < to) {
      out.append(Normalizer.normalize(text.substring(from, to), form));
    }
  }
}
