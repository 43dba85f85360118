package io.warmpath.tokenizers;

/**
 * The character classes that pre-tokenizer patterns are made of, as Oniguruma and Rust have them.
 */
final class Characters {

  /** Neither of the others; also combining marks, as they are no letters. */
  static final byte OTHER = 0;

  /** {@code \p{L}}. */
  static final byte LETTER = 1;

  /** {@code \p{N}}. */
  static final byte NUMBER = 2;

  /** {@code \s}: Unicode's White_Space, line breaks included. */
  static final byte SPACE = 3;

  private static final int TABLE = 0x800;
  private static final byte[] CLASSES = classes();

  private static final int LETTERS = 1 << Character.UPPERCASE_LETTER
      | 1 << Character.LOWERCASE_LETTER
      | 1 << Character.TITLECASE_LETTER
      | 1 << Character.MODIFIER_LETTER
      | 1 << Character.OTHER_LETTER;
  private static final int NUMBERS = 1 << Character.DECIMAL_DIGIT_NUMBER
      | 1 << Character.LETTER_NUMBER
      | 1 << Character.OTHER_NUMBER;
  private static final int WORD_MARKS = 1 << Character.NON_SPACING_MARK
      | 1 << Character.ENCLOSING_MARK
      | 1 << Character.COMBINING_SPACING_MARK
      | 1 << Character.DECIMAL_DIGIT_NUMBER
      | 1 << Character.CONNECTOR_PUNCTUATION;

  private Characters() {}

  /** {@return one of the constants above} */
  static byte classOf(int codePoint) {
    return codePoint < TABLE ? CLASSES[codePoint] : computed(codePoint);
  }

  /** {@return whether this is White_Space; every such character is a single {@code char}} */
  static boolean isSpace(int c) {
    return (c >= 0x9 && c <= 0xD)
        || c == ' '
        || c == 0x85
        || c == 0xA0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200A)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  /** {@return whether this is {@code \w} as Unicode TR 18 defines it} */
  static boolean isWord(int codePoint) {
    return Character.isAlphabetic(codePoint)
        || (WORD_MARKS >>> Character.getType(codePoint) & 1) != 0
        || codePoint == 0x200C
        || codePoint == 0x200D;
  }

  static boolean isLineBreak(int c) {
    return c == '\n' || c == '\r';
  }

  private static byte[] classes() {
    byte[] classes = new byte[TABLE];
    for (int c = 0; c < TABLE; c++) {
      classes[c] = computed(c);
    }
    return classes;
  }

  private static byte computed(int codePoint) {
    int type = Character.getType(codePoint);
    if ((LETTERS >>> type & 1) != 0) {
      return LETTER;
    }
    if ((NUMBERS >>> type & 1) != 0) {
      return NUMBER;
    }
    return isSpace(codePoint) ? SPACE : OTHER;
  }
}
