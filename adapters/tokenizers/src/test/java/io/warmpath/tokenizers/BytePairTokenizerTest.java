package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.AllocatedBytes;
import io.warmpath.token.TokenBuffer;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class BytePairTokenizerTest {

  private final BytePairTokenizer tokenizer;

  BytePairTokenizerTest() throws IOException {
    tokenizer = Tokenizers.pureJava(Golden.path("tokenizers/own_llama3_style"));
  }

  @Test
  void llama3StyleGivesTheIdsOfTheOriginal() throws IOException {
    assertEquals(127, TokenizerVectors.check(Golden.path("tokenizers/own_llama3_style")));
  }

  @Test
  void gpt2StyleWithFlaggedAddedTokensGivesTheIdsOfTheOriginal() throws IOException {
    assertEquals(127, TokenizerVectors.check(Golden.path("tokenizers/own_gpt2_style")));
  }

  @Test
  void theFrameIsAddedOnlyWhenAskedFor() {
    assertArrayEquals(new int[] {}, Golden.encode(tokenizer, "", false));
    assertArrayEquals(new int[] {1868}, Golden.encode(tokenizer, "", true));
  }

  @Test
  void idsAreAppendedToThoseThatAreThere() {
    TokenBuffer out = new TokenBuffer();
    out.add(7);

    tokenizer.encode("<|eot_id|>", false, out);

    assertArrayEquals(new int[] {7, 1872}, out.toArray());
  }

  @Test
  void aLoneSurrogateCountsAsTheReplacementCharacter() {
    int[] expected = Golden.encode(tokenizer, "a\uFFFDb\uFFFD", false);

    assertArrayEquals(expected, Golden.encode(tokenizer, "a\uD800b\uDC00", false));
    assertEquals("a\uFFFDb\uFFFD", tokenizer.decode(expected));
  }

  @Test
  void decodingLeavesOutIdsThatDoNotExist() {
    assertEquals("<|eot_id|>!", tokenizer.decode(new int[] {-1, 1872, 1_000_000, 0}));
    assertEquals(1873, tokenizer.vocabularySize());
  }

  @Test
  void aWarmCallAllocatesNothing() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      text.append("def word")
          .append(i % 50)
          .append("(x):\n\t# \uD55C\uAE00 \uD83D\uDE80 <|eot_id|>");
    }
    String whole = text.toString();
    TokenBuffer out = new TokenBuffer();
    tokenizer.encode(whole, true, out);

    assertEquals(0, AllocatedBytes.leastOf(() -> {
      out.clear();
      tokenizer.encode(whole, true, out);
    }));
  }

  @Test
  void textThatIsNoStringGivesTheSameIds() {
    String text = "some \uD55C\uAE00 text<|eot_id|> and \uD800";
    TokenBuffer out = new TokenBuffer();

    StringBuilder builder = new StringBuilder();
    builder.append(text);
    tokenizer.encode(builder, false, out);
    assertArrayEquals(Golden.encode(tokenizer, text, false), out.toArray());

    out.clear();
    tokenizer.encode(CharBuffer.wrap(text), false, out);
    assertArrayEquals(Golden.encode(tokenizer, text, false), out.toArray());
  }

  @Test
  void aWordOfAMegabyteIsEncodedWithoutQuadraticWork() {
    String word = "ab".repeat(1 << 19);

    int[] ids = Golden.encode(tokenizer, word, false);

    assertTrue(ids.length > 0 && ids.length <= word.length());
    assertEquals(word, tokenizer.decode(ids));
  }

  @Test
  void threadsThatShareATokenizerGetTheSameIds() throws Exception {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      texts.add("shared word" + i % 300 + " \uD55C\uAE00 " + i);
    }
    List<int[]> expected =
        texts.stream().map(text -> Golden.encode(tokenizer, text, false)).toList();
    BytePairTokenizer shared = Tokenizers.pureJava(Golden.path("tokenizers/own_llama3_style"));
    Callable<List<int[]>> encodeAll =
        () -> texts.stream().map(text -> Golden.encode(shared, text, false)).toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);

    try {
      List<Future<List<int[]>>> results =
          threads.invokeAll(List.of(encodeAll, encodeAll, encodeAll));

      for (Future<List<int[]>> result : results) {
        for (int i = 0; i < texts.size(); i++) {
          assertArrayEquals(expected.get(i), result.get().get(i));
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
