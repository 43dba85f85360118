package io.warmpath.tokenizers;

/**
 * The words of the pattern of GPT-4o (o200k, also of gpt-oss) and of Mistral's Tekken, which breaks
 * words where a small letter is before a capital one; by hand, many times faster than the regular
 * expression.
 *
 * <p>Equal to {@link #pattern} applied with behaviour Isolated; tested against it.
 *
 * <p>Capitals, marks and letters without case may begin a word ({@link #HEAD}); small ones, marks
 * and letters without case may end it ({@link #TAIL}). Of {@code HEAD*TAIL+} the run of heads is
 * taken first. If a tail follows, the word goes on to the end of the tails. Else the pattern gives
 * heads back up to the last one that is a tail as well. Without any it is {@code HEAD+TAIL*}.
 */
final class CasedWords implements PreTokenizer {

  private static final int BOTH = Characters.CASELESS | Characters.MARK;
  private static final int HEAD = Characters.UPPER | BOTH;
  private static final int TAIL = Characters.LOWER | BOTH;

  private final int maxDigits;
  private final boolean contractions;

  /**
   * @param maxDigits how many digits make a word at most: 3 in o200k, 1 in Tekken
   * @param contractions whether 's and the like belong to the word before them, as in o200k
   */
  CasedWords(int maxDigits, boolean contractions) {
    this.maxDigits = maxDigits;
    this.contractions = contractions;
  }

  /** {@return the pattern, as the files of the models have it} */
  static String pattern(int maxDigits, boolean contractions) {
    String before = "[^\\r\\n\\p{L}\\p{N}]?";
    String head = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    String tail = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    String after = contractions ? "(?i:'s|'t|'re|'ve|'m|'ll|'d)?" : "";
    return before + head + "*" + tail + "+" + after + "|" + before + head + "+" + tail + "*" + after
        + "|\\p{N}"
        + (maxDigits == 1 ? "" : "{1," + maxDigits + "}")
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

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
    return LineCuts.AFTER_ANY_BREAK;
  }

  private int end(char[] text, int at, int to) {
    int kind = 1 << Characters.kindAt(text, at);
    if ((kind & Characters.LETTER) != 0) {
      return word(text, at, at, to);
    }
    if (kind == Characters.NUMBER) {
      return Characters.runEnd(Characters.NUMBER, text, at, to, maxDigits);
    }
    int second = at + Characters.length(text, at);
    int next = second < to ? 1 << Characters.kindAt(text, second) : Characters.BLANK;
    if (kind != Characters.LINE_BREAK && (next & (HEAD | TAIL)) != 0) {
      return word(text, at, second, to);
    }
    if (kind == Characters.MARK) {
      return contraction(text, second, to);
    }
    if ((kind & Characters.NEITHER) != 0) {
      return others(text, second, to);
    }
    if (text[at] == ' ' && (next & Characters.NEITHER) != 0) {
      return others(text, second, to);
    }
    return Characters.linesEnd(text, at, to);
  }

  /**
   * Returns the end of a word.
   *
   * @param at where it starts
   * @param first its first character that is a head or a tail for sure; a mark before that may be
   *     the character that any word may have before it, or a head
   */
  private int word(char[] text, int at, int first, int to) {
    int heads = Characters.runEnd(HEAD, text, first, to);
    int end = Characters.runEnd(TAIL, text, heads, to);
    if (end == heads) {
      int both = lastBoth(text, first, heads);
      if (both < 0 && first > at && Characters.isIn(BOTH, text, at)) {
        both = first;
      }
      end = both < 0 ? heads : both;
    }
    return contraction(text, end, to);
  }

  /** {@return behind the last character of the heads that is a tail, too; -1 if there is none} */
  private static int lastBoth(char[] text, int from, int to) {
    int at = to;
    while (at > from) {
      int start = at - (Character.isLowSurrogate(text[at - 1]) ? 2 : 1);
      if (Characters.isIn(BOTH, text, start)) {
        return at;
      }
      at = start;
    }
    return -1;
  }

  private int contraction(char[] text, int at, int to) {
    if (!contractions || at == to || text[at] != '\'') {
      return at;
    }
    int end = Contractions.endIgnoringCase(text, at, to);
    return end > 0 ? end : at;
  }

  /** The rest of {@code [^\s\p{L}\p{N}]+[\r\n/]*}. */
  private static int others(char[] text, int from, int to) {
    int end = Characters.runEnd(Characters.NEITHER, text, from, to);
    while (end < to && (Characters.isLineBreak(text[end]) || text[end] == '/')) {
      end++;
    }
    return end;
  }
}
