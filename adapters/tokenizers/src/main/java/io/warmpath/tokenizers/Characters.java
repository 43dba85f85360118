package io.warmpath.tokenizers;

/**
 * The character classes that pre-tokenizer patterns are made of, as Oniguruma and Rust have them,
 * see {@link UnicodeTable}.
 *
 * <p>Each character is of one kind. A class is a set of kinds: bit {@code k} is set if kind {@code
 * k} is in it.
 */
final class Characters {

  /** {@code \p{Lu}\p{Lt}}. */
  static final int UPPER = 1;

  /** {@code \p{Ll}}. */
  static final int LOWER = 1 << 1;

  /** {@code \p{Lm}\p{Lo}}. */
  static final int CASELESS = 1 << 2;

  /** {@code \p{M}}. */
  static final int MARK = 1 << 3;

  /** {@code \p{N}}. */
  static final int NUMBER = 1 << 4;

  /** {@code \s} without line breaks; Unicode's White_Space. */
  static final int BLANK = 1 << 5;

  /** {@code [\r\n]}. */
  static final int LINE_BREAK = 1 << 6;

  /** {@code \p{P}}. */
  static final int PUNCTUATION = 1 << 7;

  /** {@code \p{S}}. */
  static final int SYMBOL = 1 << 8;

  /** None of the others: control, format, private and unassigned characters. */
  static final int OTHER = 1 << 9;

  /** {@code \p{L}}. */
  static final int LETTER = UPPER | LOWER | CASELESS;

  /** {@code \s}. */
  static final int SPACE = BLANK | LINE_BREAK;

  /** {@code [^\s\p{L}\p{N}]}. */
  static final int NEITHER = MARK | PUNCTUATION | SYMBOL | OTHER;

  /** Kind of a char that is half of a character; in no class. */
  private static final int HALF = 10;

  private static final byte[] KINDS = kinds();

  private Characters() {}

  /** {@return whether the character that starts at {@code at} of well-formed text is in the class} */
  static boolean isIn(int set, char[] text, int at) {
    return (set >>> kindAt(text, at) & 1) != 0;
  }

  /** {@return the kind of the character that starts at {@code at}, as the place of its bit} */
  static int kindAt(char[] text, int at) {
    int kind = KINDS[text[at]];
    return kind == HALF ? kind(Character.toCodePoint(text[at], text[at + 1])) : kind;
  }

  /** {@return the length in chars of the character that starts at {@code at}} */
  static int length(char[] text, int at) {
    return KINDS[text[at]] == HALF ? 2 : 1;
  }

  /** {@return where the run of characters of the class ends that may start at {@code from}} */
  static int runEnd(int set, char[] text, int from, int to) {
    int at = from;
    while (at < to) {
      int kind = KINDS[text[at]];
      if ((set >>> kind & 1) != 0) {
        at++;
      } else if (kind == HALF && isIn(set, text, at)) {
        at += 2;
      } else {
        break;
      }
    }
    return at;
  }

  /**
   * Returns the end of {@code \s+(?!\S)|\s+} at a white space: all of the run at the end of the
   * text, else all but the last, which goes to the word behind; at least one.
   */
  static int spacesEnd(char[] text, int from, int to) {
    int end = runEnd(SPACE, text, from, to);
    return end < to && end - 1 > from ? end - 1 : end;
  }

  /**
   * Returns the end of {@code \s*[\r\n]+|\s+(?!\S)|\s+} at a white space: behind the last line
   * break of the run, if it has one.
   */
  static int linesEnd(char[] text, int from, int to) {
    int end = runEnd(SPACE, text, from, to);
    for (int i = end - 1; i >= from; i--) {
      if (isLineBreak(text[i])) {
        return i + 1;
      }
    }
    return end < to && end - 1 > from ? end - 1 : end;
  }

  /** {@return the end of at most {@code max} characters of the class} */
  static int runEnd(int set, char[] text, int from, int to, int max) {
    int at = from;
    for (int count = 0; count < max && at < to && isIn(set, text, at); count++) {
      at += length(text, at);
    }
    return at;
  }

  /** {@return whether this is White_Space; every such character is a single {@code char}} */
  static boolean isSpace(char c) {
    return (SPACE >>> KINDS[c] & 1) != 0;
  }

  /** {@return whether this is {@code \p{L}}} */
  static boolean isLetter(int codePoint) {
    return (LETTER >>> kind(codePoint) & 1) != 0;
  }

  static boolean isLineBreak(char c) {
    return c == '\n' || c == '\r';
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[Character.MIN_SUPPLEMENTARY_CODE_POINT];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] = (byte) (Character.isSurrogate((char) c) ? HALF : kind(c));
    }
    return kinds;
  }

  private static int kind(int codePoint) {
    int set = switch (UnicodeTable.type(codePoint)) {
      case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER;
      case Character.LOWERCASE_LETTER -> LOWER;
      case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> CASELESS;
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
        MARK;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
        NUMBER;
      case Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.CONNECTOR_PUNCTUATION,
          Character.OTHER_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION -> PUNCTUATION;
      case Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL -> SYMBOL;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
        BLANK;
      default -> control(codePoint);
    };
    return Integer.numberOfTrailingZeros(set);
  }

  private static int control(int codePoint) {
    if (codePoint == '\n' || codePoint == '\r') {
      return LINE_BREAK;
    }
    return (codePoint >= '\t' && codePoint <= '\r') || codePoint == 0x85 ? BLANK : OTHER;
  }
}
