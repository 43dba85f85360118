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
    compare(new Gpt2Words(), Gpt2Words.PATTERN);
  }

  @Test
  void gpt4WordsOfThreeDigitsAreThoseOfThePattern() {
    compare(new Gpt4Words(3), Gpt4Words.pattern(3));
  }

  @Test
  void gpt4WordsOfOneDigitAreThoseOfThePattern() {
    compare(new Gpt4Words(1), Gpt4Words.pattern(1));
  }

  private static void compare(PreTokenizer byHand, String pattern) {
    PreTokenizer model =
        new RegexSplit(RegexDialect.compile("test", pattern), SplitBehavior.ISOLATED, false);
    Random random = new Random(SEED);
    for (int step = 0; step < 20_000; step++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      int at = step;

      assertEquals(
          words(model, text.toString()),
          words(byHand, text.toString()),
          () -> "seed " + SEED + " step " + at);
    }
  }

  private static List<String> words(PreTokenizer preTokenizer, String text) {
    String framed = "x" + text + "x";
    List<String> words = new ArrayList<>();
    preTokenizer.split(
        framed, 1, framed.length() - 1, (t, from, to) -> words.add(t.substring(from, to)));
    return words;
  }
}
