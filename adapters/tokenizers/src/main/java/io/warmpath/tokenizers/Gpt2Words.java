package io.warmpath.tokenizers;

/**
 * The words of GPT-2's pattern, by hand: several times faster than the regular expression.
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
  public void split(String text, int from, int to, Pieces out) {
    int at = from;
    while (at < to) {
      int end = end(text, at, to);
      out.piece(text, at, end);
      at = end;
    }
  }

  private static int end(String text, int at, int to) {
    char first = text.charAt(at);
    if (first == '\'') {
      int end = Contractions.end(text, at, to);
      if (end > 0) {
        return end;
      }
    }
    int start = first == ' ' && at + 1 < to ? at + 1 : at;
    byte kind = Characters.classOf(text.codePointAt(start));
    return kind == Characters.SPACE ? Runs.spaces(text, at, to) : Runs.end(text, start, to, kind);
  }
}
