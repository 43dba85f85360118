package io.warmpath.tokenizers.djl;

import java.util.List;
import java.util.Random;

/** Texts that tokenizers find hard, the same ones for the same seed. */
final class RandomTexts {

  private static final int MAX_PARTS = 10;
  private static final int LONG_WORD_IN = 400;

  private static final String SPACES =
      " \t\n\r\u000B\f\u0085\u00A0\u1680\u2000\u2003\u2009\u200A\u2028\u2029\u202F\u205F\u3000";
  private static final String NOT_QUITE_SPACES =
      "\u180E\u200B\u200C\u200D\u2060\uFEFF\u001C\u001D\u001E\u001F\u00AD\u034F\u115F\u3164";
  private static final String[] CONTRACTIONS = {
    "'s", "'S", "'\u017F", "'t", "'re", "'vE", "'M", "'ll", "'lL", "'d", "'", "''", "\u2019s", "'x"
  };
  private static final String[] CODE = {
    "def f(x):\n    return x\n",
    "for (int i = 0; i < n; i++) {\n\t\tsum += a[i];\n}\r\n",
    "{\"a\": [1, -2.5e10, null]}",
    "</div>\n<p class='b'>",
    "SELECT * FROM t WHERE a>=1;--",
    "#include <stdio.h>",
    "a_b.c->d::e()!",
    "C:\\dir\\x/y//z",
    "====\n----\n\n\n",
    "https://example.org/?q=%ED%95%9C&b=1#c"
  };
  private static final String[] WORDS = {
    "the",
    "The",
    "cache",
    "HTTPServer",
    "camelCase",
    "na\u00EFve",
    "Stra\u00DFe",
    "\u0130stanbul",
    "\uC548\uB155\uD558\uC138\uC694",
    "\u0645\u0631\u062D\u0628\u0627",
    "\u05E9\u05DC\u05D5\u05DD",
    "\u0928\u092E\u0938\u094D\u0924\u0947",
    "\u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35",
    "\u01C5",
    "\u02B0\u02B1",
    "\u2167",
    "\u00BD",
    "\u00B2"
  };
  private static final String[] EMOJI = {
    "\uD83D\uDE80",
    "\uD83D\uDC69\u200D\uD83D\uDCBB",
    "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
    "\uD83D\uDC4D\uD83C\uDFFD",
    "\uD83C\uDDF0\uD83C\uDDF7",
    "\u2764\uFE0F",
    "1\uFE0F\u20E3",
    "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC7F"
  };

  /** First and last code points of what a text is drawn from, one range a kind. */
  private static final int[][] RANGES = {
    {0x00, 0x1F}, // controls
    {0x21, 0x7E},
    {0x7F, 0xFF},
    {0x100, 0x24F},
    {0x300, 0x36F}, // combining marks
    {0x370, 0x52F},
    {0x590, 0x6FF}, // Hebrew, Arabic
    {0x900, 0xDFF}, // Indic
    {0xE00, 0xEFF},
    {0x1100, 0x11FF}, // jamo
    {0x1E00, 0x1FFF},
    {0x2000, 0x206F}, // punctuation, format characters
    {0x2070, 0x23FF},
    {0x3041, 0x30FF}, // kana
    {0x3130, 0x318F},
    {0x3400, 0x9FFF}, // Chinese
    {0xA960, 0xA97F},
    {0xAC00, 0xD7A3}, // Hangul syllables
    {0xD7B0, 0xD7FF},
    {0xE000, 0xF8FF}, // private use
    {0xF900, 0xFAFF}, // compatibility ideographs
    {0xFB1D, 0xFDFF}, // presentation forms, noncharacters
    {0xFE00, 0xFFFF},
    {0x10000, 0x1FFFF},
    {0x1D400, 0x1D7FF}, // mathematical letters and digits
    {0x1F300, 0x1FAFF},
    {0x20000, 0x323AF},
    {0xE0000, 0xE01EF}, // tags, variation selectors
    {0xF0000, 0x10FFFF}
  };

  private final Random random;
  private final List<String> specials;

  /**
   * Draws texts.
   *
   * @param specials added tokens; parts of them are drawn as well
   */
  RandomTexts(long seed, List<String> specials) {
    this.random = new Random(seed);
    this.specials = specials;
  }

  String next() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, MAX_PARTS + 1); i > 0; i--) {
      part(text);
    }
    if (random.nextInt(LONG_WORD_IN) == 0) {
      int[] range = oneOf(RANGES);
      for (int i = random.nextInt(200, 600); i > 0; i--) {
        character(text, range);
      }
    }
    return text.toString();
  }

  private void part(StringBuilder text) {
    switch (random.nextInt(12)) {
      case 0 -> special(text);
      case 1 -> times(text, SPACES, 5);
      case 2 -> times(text, " \n\r\t", 6);
      case 3 -> times(text, NOT_QUITE_SPACES, 2);
      case 4 -> text.append(oneOf(CONTRACTIONS));
      case 5 -> text.append(oneOf(CODE));
      case 6 -> text.append(oneOf(WORDS));
      case 7 -> text.append(oneOf(EMOJI));
      case 8 -> times(text, "0123456789", 7);
      case 9 -> {
        character(text, new int[] {'a', 'z'});
        for (int i = random.nextInt(1, 4); i > 0; i--) {
          character(text, RANGES[4]);
        }
      }
      default -> {
        int[] range = oneOf(RANGES);
        for (int i = random.nextInt(1, 5); i > 0; i--) {
          character(text, range);
        }
      }
    }
  }

  private void special(StringBuilder text) {
    if (specials.isEmpty()) {
      return;
    }
    String special = specials.get(random.nextInt(specials.size()));
    boolean isWhole = random.nextInt(4) > 0;
    text.append(isWhole ? special : special.substring(0, random.nextInt(special.length())));
  }

  private void times(StringBuilder text, String characters, int most) {
    for (int i = random.nextInt(1, most + 1); i > 0; i--) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
  }

  private void character(StringBuilder text, int[] range) {
    int codePoint = random.nextInt(range[0], range[1] + 1);
    boolean isSurrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    if (!isSurrogate) {
      text.appendCodePoint(codePoint);
    }
  }

  private <T> T oneOf(T[] choices) {
    return choices[random.nextInt(choices.length)];
  }
}
