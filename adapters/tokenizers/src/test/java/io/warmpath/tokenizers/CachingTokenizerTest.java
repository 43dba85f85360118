package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.warmpath.golden.GoldenFiles;
import io.warmpath.token.TokenBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Remembered pieces give the ids of the whole. */
final class CachingTokenizerTest {

  private static final long SEED = 20_261_122;
  private static final int STEPS = 3_000;
  private static final String SPECIAL = "<|eot_id|>";

  /** Room for some pieces of a few hundred tokens: most are forgotten soon. */
  private static final long FEW_BYTES = 20_000;

  private static BytePairTokenizer own(String name) throws IOException {
    return Tokenizers.pureJava(Golden.path("tokenizers/" + name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"own_llama3_style", "own_gpt2_style"})
  void rememberedPiecesGiveTheIdsOfTheWhole(String name) throws IOException {
    // The other has an added token that takes the white space before it, wherever that is.
    boolean cuts = name.equals("own_llama3_style");
    compare(own(name), List.of(SPECIAL, "<|begin_of_text|>", "<tag>"), cuts);
  }

  @Test
  void rememberedPiecesGiveTheIdsOfTheWholeWithQwen3() throws IOException {
    Optional<Path> given = GoldenFiles.directory("warmpath.tokenizers");
    assumeTrue(
        given.isPresent() && Files.exists(given.get().resolve("qwen3/tokenizer.json")),
        "needs -Dwarmpath.tokenizers=DIR with qwen3/tokenizer.json");

    compare(
        Tokenizers.pureJava(given.orElseThrow().resolve("qwen3")),
        List.of("<|im_start|>", "<|im_end|>\n", "<think>\n"),
        true);
  }

  /** Texts share beginnings, so that pieces are met again. */
  private static void compare(BytePairTokenizer whole, List<String> specials, boolean cuts) {
    for (long bytes : new long[] {1L << 24, FEW_BYTES, 0}) {
      CachingTokenizer caching = new CachingTokenizer(whole, bytes, 7);
      Random random = new Random(SEED);
      List<String> seen = new ArrayList<>();
      seen.add("");
      for (int step = 0; step < STEPS; step++) {
        String before = seen.get(random.nextInt(seen.size()));
        String text =
            before.substring(0, random.nextInt(before.length() + 1)) + more(random, specials);
        if (text.length() < 20_000 && seen.size() < 200) {
          seen.add(text);
        }
        boolean special = random.nextInt(4) == 0;
        int at = step;

        assertArrayEquals(
            Golden.encode(whole, text, special),
            ids(caching, text, special),
            () -> "seed " + SEED + " step " + at + " bytes " + bytes);
      }
      TokenCacheStats stats = caching.stats();
      assertTrue(stats.bytes() <= bytes, stats.toString());
      assertEquals(bytes > 0 && cuts, stats.knownChars() > 0, stats.toString());
    }
  }

  private static String more(Random random, List<String> specials) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 40); i > 0; i--) {
      switch (random.nextInt(8)) {
        case 0 -> text.append(specials.get(random.nextInt(specials.size())));
        case 1 ->
          text.append(
              "a line of words that is rather long, as in prose\n".repeat(random.nextInt(60)));
        case 2 -> text.append("\n");
        case 3 -> text.append((char) random.nextInt(0xD7F0, 0xE010));
        default -> text.append(WordsPropertyTest.text(random));
      }
    }
    return text.toString();
  }

  @Test
  void equalMarksStandBehindEqualIds() throws IOException {
    CachingTokenizer caching = new CachingTokenizer(own("own_llama3_style"), 1 << 20, 7);
    String turn = SPECIAL + "user\n" + "some words in a message, again\n".repeat(200) + SPECIAL;
    TokenBuffer first = encoded(caching, turn + "and a question");
    TokenBuffer second = encoded(caching, turn + "and another " + turn);

    assertTrue(first.marks() >= 3, first.marks() + " marks");
    for (int mark = 0; mark < first.marks(); mark++) {
      assertEquals(first.markHigh(mark), second.markHigh(mark));
      assertEquals(first.markLow(mark), second.markLow(mark));
      assertEquals(first.markedSize(mark), second.markedSize(mark));
    }
    assertTrue(
        first.markedSize(first.marks() - 1) < first.size(), "no mark at an end that may go on");
  }

  @Test
  void otherTextsAndFramesHaveOtherMarks() throws IOException {
    CachingTokenizer caching = new CachingTokenizer(own("own_llama3_style"), 1 << 20, 7);
    String rest = "words that are the same in both of the texts" + SPECIAL;
    TokenBuffer one = encoded(caching, "one " + SPECIAL + rest);
    TokenBuffer two = encoded(caching, "two " + SPECIAL + rest);
    TokenBuffer framed = new TokenBuffer();
    caching.encode("one " + SPECIAL + rest, true, framed);

    assertEquals(1, one.marks());
    assertFalse(one.markLow(0) == two.markLow(0) && one.markHigh(0) == two.markHigh(0));
    assertFalse(one.markLow(0) == framed.markLow(0) && one.markHigh(0) == framed.markHigh(0));
  }

  @Test
  void whatIsRememberedIsNotNew() throws IOException {
    CachingTokenizer caching = new CachingTokenizer(own("own_llama3_style"), 1 << 20, 7);
    String text = IntStream.range(0, 100)
        .mapToObj(line -> "a text of some length, line " + line)
        .collect(Collectors.joining("\n"));

    assertFalse(caching.encodeIfQuick(text, false, 1_000, new TokenBuffer()));
    assertTrue(caching.encodeIfQuick(text, false, text.length(), new TokenBuffer()));
    TokenBuffer ids = new TokenBuffer();
    assertTrue(caching.encodeIfQuick(text, false, 0, ids));

    assertArrayEquals(Golden.encode(own("own_llama3_style"), text, false), ids.toArray());
    assertEquals(text.length(), caching.stats().newChars(), "each piece once");
  }

  private static TokenBuffer encoded(CachingTokenizer tokenizer, String text) {
    TokenBuffer buffer = new TokenBuffer();
    tokenizer.encode(text, false, buffer);
    return buffer;
  }

  private static int[] ids(CachingTokenizer tokenizer, String text, boolean special) {
    TokenBuffer buffer = new TokenBuffer();
    tokenizer.encode(text, special, buffer);
    return buffer.toArray();
  }
}
