package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.token.TokenBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tokens a, b, c, ab and abc, of which the merges make only ab. */
final class WordEncoderTest {

  private static final int AB = 3;
  private static final int ABC = 4;

  @Test
  void aTokenThatTheMergesNeverMakeIsNotTakenHoweverOftenItIsMet() {
    BytePairModel model = model(false);
    WordEncoder words = new WordEncoder(model);

    for (int time = 0; time < 3; time++) {
      assertArrayEquals(new int[] {AB, 2}, encode(words, "abc"));
      assertArrayEquals(new int[] {AB}, encode(words, "ab"));
    }
    assertEquals(BytePairModel.NO, model.isWhole(ABC));
    assertEquals(BytePairModel.YES, model.isWhole(AB));
  }

  @Test
  void itIsTakenIfMergesAreIgnored() {
    assertArrayEquals(new int[] {ABC}, encode(new WordEncoder(model(true)), "abc"));
  }

  private static int[] encode(WordEncoder words, String word) {
    TokenBuffer out = new TokenBuffer();
    words.encode(word.toCharArray(), 0, word.length(), out);
    return out.toArray();
  }

  private static BytePairModel model(boolean ignoreMerges) {
    Vocabulary vocabulary = new Vocabulary();
    int[] byteTokens = new int[256];
    Arrays.fill(byteTokens, -1);
    int id = 0;
    for (String token : new String[] {"a", "b", "c", "ab", "abc"}) {
      byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
      if (bytes.length == 1) {
        byteTokens[bytes[0]] = id;
      }
      vocabulary.add(id++, bytes, bytes.length);
    }
    vocabulary.index();
    MergeTable merges = new MergeTable(1);
    merges.add(0, 1, AB);
    return new BytePairModel(vocabulary, merges, byteTokens, ignoreMerges);
  }
}
