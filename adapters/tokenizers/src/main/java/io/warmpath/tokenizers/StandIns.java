package io.warmpath.tokenizers;

import java.util.HashMap;
import java.util.Map;

/**
 * Text in which {@code java.util.regex} finds what Oniguruma finds in the original, although the two
 * have different versions of Unicode and do not agree on {@code \w}.
 *
 * <p>A character that this JDK puts in another general category than the original does, or takes for
 * a word character where the original does not, is replaced by the last one of the same length before
 * it that it takes for the right thing: so mostly by one of the same script, and of the same ranges that
 * patterns name.
 */
final class StandIns {

  private static final int FIRST_NOT_ASCII = 0x80;
  private static final int WORD = 1 << 5;
  private static final int CLASSES = 1 << 6;

  /** Marks, digits and connectors; with what is alphabetic and the joiners, the word characters. */
  private static final int WORD_TYPES = 1 << Character.NON_SPACING_MARK
      | 1 << Character.ENCLOSING_MARK
      | 1 << Character.COMBINING_SPACING_MARK
      | 1 << Character.DECIMAL_DIGIT_NUMBER
      | 1 << Character.CONNECTOR_PUNCTUATION;

  /** From character to stand-in. */
  private static final Map<Integer, Integer> STAND_INS = standIns();

  private StandIns() {}

  /** {@return the text, with stand-ins in place; as long as the original} */
  static String of(char[] text, int from, int to) {
    char[] seen = null;
    int at = from;
    while (at < to) {
      int codePoint = Character.codePointAt(text, at, to);
      Integer standIn = codePoint < FIRST_NOT_ASCII ? null : STAND_INS.get(codePoint);
      if (standIn != null) {
        if (seen == null) {
          seen = text.clone();
        }
        Character.toChars(standIn, seen, at);
      }
      at += Character.charCount(codePoint);
    }
    return new String(seen == null ? text : seen, from, to - from);
  }

  private static Map<Integer, Integer> standIns() {
    int[][] last = new int[3][CLASSES];
    Map<Integer, Integer> standIns = new HashMap<>();
    for (int c = FIRST_NOT_ASCII; c <= Character.MAX_CODE_POINT; c++) {
      int wanted = original(c);
      int[] alike = last[Character.charCount(c)];
      if (javas(c) != wanted) {
        standIns.put(c, alike[wanted]);
      } else {
        alike[wanted] = c;
      }
    }
    // None came before some: by now there is one behind them, or this JDK has none at all.
    standIns.replaceAll(
        (c, standIn) -> standIn == 0 ? last[Character.charCount(c)][original(c)] : standIn);
    standIns.values().removeIf(standIn -> standIn == 0);
    return standIns;
  }

  private static int javas(int c) {
    int type = Character.getType(c);
    boolean word =
        (WORD_TYPES >>> type & 1) != 0 || c == 0x200C || c == 0x200D || Character.isAlphabetic(c);
    return type | (word ? WORD : 0);
  }

  private static int original(int c) {
    return UnicodeTable.type(c) | (UnicodeTable.isPatternWord(c) ? WORD : 0);
  }
}
