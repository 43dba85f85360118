package io.warmpath.tokenizers;

/** Runs of characters of one class. */
final class Runs {

  private Runs() {}

  /** {@return where the run of {@code kind} ends that may start at {@code from}} */
  static int end(String text, int from, int to, byte kind) {
    int at = from;
    while (at < to) {
      int codePoint = text.codePointAt(at);
      if (Characters.classOf(codePoint) != kind) {
        break;
      }
      at += Character.charCount(codePoint);
    }
    return at;
  }

  /**
   * Returns the end of {@code \s+(?!\S)|\s+} at a white space: all of the run at the end of the
   * text, else all but the last, which goes to the word behind; at least one.
   */
  static int spaces(String text, int from, int to) {
    int end = end(text, from, to, Characters.SPACE);
    return end < to && end - 1 > from ? end - 1 : end;
  }
}
