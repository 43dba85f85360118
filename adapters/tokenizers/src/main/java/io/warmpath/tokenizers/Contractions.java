package io.warmpath.tokenizers;

/** The English endings {@code 's 't 're 've 'm 'll 'd} that are words of their own. */
final class Contractions {

  private static final char LONG_S = '\u017F';

  private Contractions() {}

  /** {@return the end of the contraction that starts at the apostrophe at {@code at}, or -1} */
  static int end(char[] text, int at, int to) {
    char first = at + 1 < to ? text[at + 1] : 0;
    char second = at + 2 < to ? text[at + 2] : 0;
    return end(first, second, at);
  }

  /** The same in either case; the long s is a small form of S in Unicode's case folding. */
  static int endIgnoringCase(char[] text, int at, int to) {
    char first = at + 1 < to ? lower(text[at + 1]) : 0;
    char second = at + 2 < to ? lower(text[at + 2]) : 0;
    return end(first, second, at);
  }

  private static int end(char first, char second, int at) {
    return switch (first) {
      case 's', 't', 'm', 'd' -> at + 2;
      case 'r', 'v' -> second == 'e' ? at + 3 : -1;
      case 'l' -> second == 'l' ? at + 3 : -1;
      default -> -1;
    };
  }

  private static char lower(char c) {
    if (c >= 'A' && c <= 'Z') {
      return (char) (c + 'a' - 'A');
    }
    return c == LONG_S ? 's' : c;
  }
}
