package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The words found by hand are those of the patterns. */
final class WordsPropertyTest {

  private static final long SEED = 20_261_121;
  private static final String[] PARTS = {
    " ",
    "  ",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u00A0",
    "\u3000",
    "\u2028",
    "\u0085",
    "\u001C",
    "\u200B",
    "'",
    "'s",
    "'S",
    "'\u017F",
    "'re",
    "'vE",
    "'l",
    "'ll",
    "'m",
    "'d",
    "'T",
    "a",
    "Z",
    "word",
    "Word",
    "\u01C5",
    "\u02B0",
    "\u0903",
    "/",
    "/\n",
    "$",
    "\u30A0",
    "\u3099",
    "\u309B",
    "\u3042",
    "\u9FA6",
    "\u00A9",
    "\u00DF",
    "e\u0301",
    "\u0301",
    "\uD55C\uAE00",
    "\u4E2D",
    "\uD835\uDCB3",
    "\uD842\uDFB7",
    "1",
    "12345",
    "\u0661",
    "\u00BD",
    "\u2167",
    "\uD835\uDFD8",
    ".",
    "!?",
    "<|",
    "_",
    "\uD83D\uDE80",
    "\uD83D\uDC69\u200D\uD83D\uDCBB",
    "\u0000",
    "\uFFFD"
  };

  @Test
  void gpt2WordsAreThoseOfThePattern() {
    compare(new Gpt2Words(), isolated(Gpt2Words.PATTERN));
  }

  @Test
  void gpt4WordsAreThoseOfThePattern() {
    for (int maxDigits : new int[] {1, 3}) {
      compare(new Gpt4Words(maxDigits, false), isolated(Gpt4Words.pattern(maxDigits, false)));
      compare(new Gpt4Words(maxDigits, true), isolated(Gpt4Words.pattern(maxDigits, true)));
    }
  }

  @Test
  void casedWordsAreThoseOfThePattern() {
    for (int maxDigits : new int[] {1, 3}) {
      compare(new CasedWords(maxDigits, false), isolated(CasedWords.pattern(maxDigits, false)));
      compare(new CasedWords(maxDigits, true), isolated(CasedWords.pattern(maxDigits, true)));
    }
  }

  @Test
  void deepSeekWordsAreThoseOfThePatterns() {
    compare(
        new DeepSeekWords(),
        DeepSeekWords.PATTERNS.stream()
            .map(WordsPropertyTest::isolated)
            .reduce(PreTokenizer::then)
            .orElseThrow());
  }

  private static PreTokenizer isolated(String pattern) {
    return new RegexSplit(RegexDialect.compile("test", pattern), SplitBehavior.ISOLATED, false);
  }

  private static void compare(PreTokenizer byHand, PreTokenizer model) {
    Random random = new Random(SEED);
    for (int step = 0; step < 20_000; step++) {
      String text = text(random);
      int at = step;

      assertEquals(words(model, text), words(byHand, text), () -> "seed " + SEED + " step " + at);
    }
  }

  /** {@return some parts in a row, now and then a code point of any kind among them} */
  static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 12); i > 0; i--) {
      if (random.nextInt(8) == 0) {
        int codePoint = random.nextInt(random.nextBoolean() ? 0x3000 : 0x32000);
        text.appendCodePoint(
            Character.getType(codePoint) == Character.SURROGATE ? 0x1C80 : codePoint);
      } else {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
    }
    return text.toString();
  }

  static List<String> words(PreTokenizer preTokenizer, String text) {
    String framed = "x" + text + "x";
    List<String> words = new ArrayList<>();
    preTokenizer.split(
        framed.toCharArray(),
        1,
        framed.length() - 1,
        (t, from, to) -> words.add(new String(t, from, to - from)));
    return words;
  }
}
