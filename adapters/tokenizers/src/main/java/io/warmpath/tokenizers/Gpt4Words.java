package io.warmpath.tokenizers;

/**
 * The words of the pattern that Llama 3, Qwen 2 to 3 and their kin took from GPT-4, by hand:
 * several times faster than the regular expression.
 *
 * <p>Equal to {@link #pattern} applied with behaviour Isolated; tested against it.
 */
final class Gpt4Words implements PreTokenizer {

  private final int maxDigits;

  /**
   * @param maxDigits how many digits make a word at most: 3 in Llama 3, 1 in Qwen
   */
  Gpt4Words(int maxDigits) {
    this.maxDigits = maxDigits;
  }

  /** {@return the pattern, as the files of the models have it} */
  static String pattern(int maxDigits) {
    return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
        + (maxDigits == 1 ? "" : "{1," + maxDigits + "}")
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  @Override
  public void split(String text, int from, int to, Pieces out) {
    int at = from;
    while (at < to) {
      int end = end(text, at, to);
      out.piece(text, at, end);
      at = end;
    }
  }

  private int end(String text, int at, int to) {
    int first = text.codePointAt(at);
    byte kind = Characters.classOf(first);
    if (kind == Characters.LETTER) {
      return Runs.end(text, at, to, Characters.LETTER);
    }
    if (kind == Characters.NUMBER) {
      return digits(text, at, to);
    }
    if (first == '\'') {
      int end = Contractions.endIgnoringCase(text, at, to);
      if (end > 0) {
        return end;
      }
    }
    int second = at + Character.charCount(first);
    byte nextKind = second < to ? Characters.classOf(text.codePointAt(second)) : Characters.SPACE;
    if (nextKind == Characters.LETTER && !Characters.isLineBreak(first)) {
      return Runs.end(text, second, to, Characters.LETTER);
    }
    if (kind == Characters.OTHER || (first == ' ' && nextKind == Characters.OTHER)) {
      int end = Runs.end(text, kind == Characters.OTHER ? at : second, to, Characters.OTHER);
      while (end < to && Characters.isLineBreak(text.charAt(end))) {
        end++;
      }
      return end;
    }
    int lastBreak = lastLineBreak(text, at, to);
    return lastBreak >= 0 ? lastBreak + 1 : Runs.spaces(text, at, to);
  }

  private int digits(String text, int at, int to) {
    int end = at;
    for (int count = 0; count < maxDigits && end < to; count++) {
      int digit = text.codePointAt(end);
      if (Characters.classOf(digit) != Characters.NUMBER) {
        break;
      }
      end += Character.charCount(digit);
    }
    return end;
  }

  /**
   * Finds the last line break of the white space that starts at {@code at}; -1 if there is none.
   */
  private static int lastLineBreak(String text, int at, int to) {
    int last = -1;
    for (int i = at; i < to && Characters.isSpace(text.charAt(i)); i++) {
      if (Characters.isLineBreak(text.charAt(i))) {
        last = i;
      }
    }
    return last;
  }
}
