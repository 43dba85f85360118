package io.warmpath.tokenizers.jinja;

import org.jspecify.annotations.Nullable;

/** Texts as Python counts them: by code points, which a text without surrogate pairs has one a char. */
final class Strings {

  private Strings() {}

  /** {@return the number of code points; at once where all are below U+0100} */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** {@return the code points from {@code from} to {@code to}; {@code size} is how many there are} */
  static String substring(String text, int from, int to, int size) {
    if (size == text.length()) {
      return text.substring(from, to);
    }
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  /** {@return code point {@code index} as a text, or null if there is none} */
  static @Nullable String at(String text, int index) {
    int size = length(text);
    int i = index < 0 ? index + size : index;
    return i < 0 || i >= size ? null : substring(text, i, i + 1, size);
  }

  /** By code points, unlike {@code String.compareTo}. */
  static int compare(String left, String right) {
    int size = Math.min(left.length(), right.length());
    for (int i = 0; i < size; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return Integer.compare(left.codePointAt(i), right.codePointAt(i));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /** What Python's {@code str.isspace} holds for, which its {@code strip} and regular expressions use. */
  static boolean isSpace(char c) {
    if (c <= ' ') {
      return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1C && c <= 0x1F);
    }
    return c >= 0x85
        && (c == 0x85
            || c == 0xA0
            || c == 0x1680
            || (c >= 0x2000 && c <= 0x200A)
            || c == 0x2028
            || c == 0x2029
            || c == 0x202F
            || c == 0x205F
            || c == 0x3000);
  }

  /** {@return the text without these characters, or without white space, at both ends} */
  static String strip(String text, @Nullable String characters) {
    return stripEnd(stripStart(text, characters), characters);
  }

  static String stripStart(String text, @Nullable String characters) {
    int start = 0;
    while (start < text.length()) {
      int c = text.codePointAt(start);
      if (characters == null ? !isSpace(text.charAt(start)) : characters.indexOf(c) < 0) {
        break;
      }
      start += Character.charCount(c);
    }
    return text.substring(start);
  }

  static String stripEnd(String text, @Nullable String characters) {
    int end = text.length();
    while (end > 0) {
      int c = text.codePointBefore(end);
      if (characters == null ? !isSpace(text.charAt(end - 1)) : characters.indexOf(c) < 0) {
        break;
      }
      end -= Character.charCount(c);
    }
    return text.substring(0, end);
  }

  /** {@return whether Python's {@code splitlines} ends a line here} */
  static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1C && c <= 0x1E)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }
}
