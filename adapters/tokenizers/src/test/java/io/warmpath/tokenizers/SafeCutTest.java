package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.token.TokenBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a text may be cut before it is encoded, and that it may be cut there. */
final class SafeCutTest {

  private static final long SEED = 20_261_122;
  private static final int NO_CUT = BytePairTokenizer.NO_CUT;
  private static final String[] ENDS = {
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\n\n",
    " \n",
    ".\n",
    "!\n\n",
    "\u3000\n",
    "1\n",
    "\u2000\n",
    "\u0301\n"
  };
  private static final String[] STARTS = {
    "a", "The", "\uAC00", "\u4E2D", "\u1100\u1161", "\u00E9", "e\u0301", "\u212B", "\u01C5",
        "\u037A",
    "\uFB01", "\u0301", "'s", " x", "7", ".", "\uD842\uDFB7", "\uD801\uDDD2\u0307", "\n", "/"
  };

  @TempDir
  private Path directory;

  @Test
  void textIsCutBetweenALineFeedAndALetter() throws IOException {
    BytePairTokenizer tokenizer = tokenizer(Gpt4Words.pattern(3, false), "null", "");

    assertEquals(3, cut(tokenizer, "ab\ncd\nef", 0));
    assertEquals(3, cut(tokenizer, "ab\ncd\nef", 3));
    assertEquals(6, cut(tokenizer, "ab\ncd\nef", 4));
    assertEquals(NO_CUT, cut(tokenizer, "ab\ncd\nef", 7));
    assertEquals(NO_CUT, cut(tokenizer, "ab\n 1\n.\n\rx", 0));
    assertEquals(NO_CUT, cut(tokenizer, "ab\n", 0));
    assertEquals(4, cut(tokenizer, "ab\n\n\uD55C", 0));
  }

  @Test
  void gpt2TextIsCutOnlyWhereNoOtherSpaceIsBeforeTheLineFeed() throws IOException {
    BytePairTokenizer tokenizer = tokenizer(Gpt2Words.PATTERN, "null", "");

    assertEquals(3, cut(tokenizer, "ab\ncd", 0));
    assertEquals(NO_CUT, cut(tokenizer, "ab\n\ncd", 0));
    assertEquals(NO_CUT, cut(tokenizer, "ab \ncd", 0));
    assertEquals(1, cut(tokenizer, "\ncd", 0));
  }

  @Test
  void aLetterThatNormalizationMayChangeIsNoPlaceToCut() throws IOException {
    String nfkd = "{'type': 'NFKD'}";

    assertEquals(
        2, cut(tokenizer(Gpt4Words.pattern(1, false), "{'type': 'NFC'}", ""), "a\n\uAC00", 0));
    assertEquals(NO_CUT, cut(tokenizer(Gpt4Words.pattern(1, false), nfkd, ""), "a\n\uAC00", 0));
    assertEquals(2, cut(tokenizer(Gpt4Words.pattern(1, false), nfkd, ""), "a\na", 0));
  }

  @Test
  void whatIsNotProvenIsNotCut() throws IOException {
    String pattern = Gpt4Words.pattern(1, false);

    assertEquals(NO_CUT, cut(tokenizer("\\p{L}+|\\s+", "null", ""), "a\nb", 0));
    assertEquals(
        NO_CUT, cut(tokenizer(pattern, "{'type': 'Prepend', 'prepend': '_'}", ""), "a\nb", 0));
    assertEquals(NO_CUT, cut(tokenizer(pattern, "null", added("x\\ny", "false")), "a\nb", 0));
    assertEquals(NO_CUT, cut(tokenizer(pattern, "null", added("xy", "true")), "a\nb", 0));
    assertEquals(2, cut(tokenizer(pattern, "null", added("xy", "false")), "a\nb", 0));
  }

  @Test
  void halvesHaveTheIdsOfTheWhole() throws IOException {
    List<String> patterns = new ArrayList<>(List.of(Gpt2Words.PATTERN));
    for (int maxDigits : new int[] {1, 3}) {
      for (boolean flag : new boolean[] {false, true}) {
        patterns.add(Gpt4Words.pattern(maxDigits, flag));
        patterns.add(CasedWords.pattern(maxDigits, flag));
      }
    }
    for (String form : List.of("NFC", "NFD", "NFKC", "NFKD")) {
      for (String pattern : patterns) {
        assertHalves(tokenizer(pattern, "{'type': '" + form + "'}", added("word", "false")), 500);
      }
      assertHalves(tokenizer("deepseek", "{'type': '" + form + "'}", ""), 500);
    }
  }

  private static void assertHalves(BytePairTokenizer tokenizer, int steps) {
    Random random = new Random(SEED);
    int cuts = 0;
    for (int step = 0; step < steps; step++) {
      String text = WordsPropertyTest.text(random)
          + ENDS[random.nextInt(ENDS.length)]
          + STARTS[random.nextInt(STARTS.length)]
          + WordsPropertyTest.text(random);
      char[] chars = text.toCharArray();
      int at = step;
      for (int cut = tokenizer.safeCut(chars, 0, chars.length, 0);
          cut != NO_CUT;
          cut = tokenizer.safeCut(chars, 0, chars.length, cut + 1)) {
        TokenBuffer halves = new TokenBuffer();
        tokenizer.encodePart(chars, 0, cut, halves);
        tokenizer.encodePart(chars, cut, chars.length, halves);
        cuts++;

        assertArrayEquals(
            Golden.encode(tokenizer, text, false),
            halves.toArray(),
            () -> "seed " + SEED + " step " + at + " '" + text + "'");
      }
    }
    assertTrue(cuts > steps / 20, () -> "too few cuts in " + steps + " texts");
  }

  @Test
  void partsAreTheAddedTokensAndTheTextBetweenThem() throws IOException {
    BytePairTokenizer tokenizer = Tokenizers.pureJava(Golden.path("tokenizers/own_llama3_style"));
    String text = "one\uD800<|eot_id|><|eot_id|>two\nthree <|x|>";
    TokenBuffer out = new TokenBuffer();
    List<String> parts = new ArrayList<>();

    tokenizer.parts(text, new AddedTokenMatcher.Parts() {
      @Override
      public void token(int id) {
        parts.add("token " + id);
        out.add(id);
      }

      @Override
      public void text(char[] chars, int from, int to) {
        parts.add(from + " " + new String(chars, from, to - from));
        tokenizer.encodePart(chars, from, to, out);
      }
    });

    assertEquals(List.of("0 one\uD800", "token 1872", "token 1872", "24 two\nthree <|x|>"), parts);
    assertArrayEquals(Golden.encode(tokenizer, text, false), out.toArray());
  }

  private static int cut(BytePairTokenizer tokenizer, String text, int atLeast) {
    String framed = "\n" + text + "x";
    int cut = tokenizer.safeCut(framed.toCharArray(), 1, framed.length() - 1, atLeast);
    return cut == NO_CUT ? NO_CUT : cut - 1;
  }

  private static String added(String content, String lstrip) {
    return "{'id': 300, 'content': '%s', 'normalized': true, 'lstrip': %s}"
        .formatted(content, lstrip);
  }

  /** {@return a tokenizer whose tokens are words up to 8 bytes of these texts' usual parts} */
  private BytePairTokenizer tokenizer(String pattern, String normalizer, String added)
      throws IOException {
    List<String> patterns = pattern.equals("deepseek") ? DeepSeekWords.PATTERNS : List.of(pattern);
    StringBuilder splits = new StringBuilder();
    for (String one : patterns) {
      splits
          .append(
              "{'type': 'Split', 'behavior': 'Isolated', 'invert': false, 'pattern': {'Regex': '")
          .append(quoted(one))
          .append("'}}, ");
    }
    StringBuilder vocabulary = new StringBuilder();
    StringBuilder merges = new StringBuilder();
    int id = 0;
    for (char c = 0; c < 0x144; c++) {
      if (ByteAlphabet.byteOf(c) >= 0) {
        vocabulary
            .append(id++ == 0 ? "" : ", ")
            .append('"')
            .append(escaped(c))
            .append("\": ")
            .append(id);
      }
    }
    // Pairs of line feeds and spaces, and of bytes that many characters share, tell borders apart.
    for (String pair :
        List.of("\u010A \u010A", "\u0120 \u010A", "\u010A \u0120", ". \u010A", "a b")) {
      vocabulary.append(", \"").append(pair.replace(" ", "")).append("\": ").append(++id);
      merges.append(merges.isEmpty() ? "" : ", ").append('"').append(pair).append('"');
    }
    String json = ("{'added_tokens': [%s], 'normalizer': %s, 'pre_tokenizer': {'type': 'Sequence',"
            + " 'pretokenizers': [%s{'type': 'ByteLevel', 'add_prefix_space': false, 'use_regex':"
            + " false}]}, 'post_processor': null, 'model': {'type': 'BPE', 'vocab': {")
        .formatted(added, normalizer, splits)
        .replace('\'', '"')
        .replace('\u0001', '\'');
    Files.writeString(
        directory.resolve("tokenizer.json"),
        json + vocabulary + "}, \"merges\": [" + merges + "]}}");
    return Tokenizers.pureJava(directory);
  }

  private static String quoted(String pattern) {
    return pattern
        .replace("\\", "\\\\")
        .replace("\r", "\\r")
        .replace("\n", "\\n")
        .replace("\"", "\\\"")
        .replace('\'', '\u0001');
  }

  private static String escaped(char c) {
    return c == '"' || c == '\\' ? "\\" + c : String.valueOf(c);
  }
}
