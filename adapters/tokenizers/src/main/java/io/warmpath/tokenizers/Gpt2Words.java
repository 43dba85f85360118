package io.warmpath.tokenizers;

/**
 * The words of GPT-2's pattern, by hand: many times faster than the regular expression.
 *
 * <p>Equal to {@link #PATTERN} applied with behaviour Isolated; tested against it.
 */
final class Gpt2Words implements PreTokenizer {

  /**
   * {@code ByteLevel::regex} of Hugging Face tokenizers; from OpenAI's GPT-2 {@code encoder.py}.
   */
  static final String PATTERN =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  @Override
  public void split(char[] text, int from, int to, Pieces out) {
    int at = from;
    while (at < to) {
      int end = end(text, at, to);
      out.piece(text, at, end);
      at = end;
    }
  }

  @Override
  public LineCuts lineCuts() {
    return LineCuts.AFTER_LONE_BREAK;
  }

  private static int end(char[] text, int at, int to) {
    char first = text[at];
    if (first == '\'') {
      int end = Contractions.end(text, at, to);
      if (end > 0) {
        return end;
      }
    }
    int start = first == ' ' && at + 1 < to ? at + 1 : at;
    int kind = 1 << Characters.kindAt(text, start);
    if ((kind & Characters.SPACE) != 0) {
      return Characters.spacesEnd(text, at, to);
    }
    int set = kind == Characters.NUMBER ? Characters.NUMBER : Characters.NEITHER;
    if ((kind & Characters.LETTER) != 0) {
      set = Characters.LETTER;
    }
    return Characters.runEnd(set, text, start, to);
  }
}
