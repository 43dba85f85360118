package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.token.TokenBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WordCacheTest {

  private static final int LONGS = 8;

  private final WordCache cache = new WordCache(2, LONGS);

  @Test
  void aWordGivesTheIdsThatWereKept() {
    for (String word : List.of("a", "ab", "abc", "abcd", "abcde", "\u0000", "\uFFFF\u0000")) {
      put(cache, word, 7, -1, Integer.MAX_VALUE);

      assertArrayEquals(new int[] {7, -1, Integer.MAX_VALUE}, find(cache, word));
    }
  }

  @Test
  void aWordThatIsLongerOrShorterByNulIsAnother() {
    put(cache, "ab", 1);

    assertNull(find(cache, "ab\u0000"));
    assertNull(find(cache, "a"));
  }

  @Test
  void aWordThatNeedsMoreThanALineIsNotKept() {
    put(cache, "abcdefghijklmnop", 1, 2, 3, 4, 5, 6);
    assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6}, find(cache, "abcdefghijklmnop"));

    put(cache, "ponmlkjihgfedcba", 1, 2, 3, 4, 5, 6, 7);
    assertNull(find(cache, "ponmlkjihgfedcba"));
  }

  @Test
  void theLastWordsOfAPairOfLinesAreKept() {
    WordCache one = new WordCache(2, LONGS);
    List<String> words = new ArrayList<>();
    for (char c = 'a'; words.size() < 3; c++) {
      long hash = WordCache.pack(new char[] {c}, 0, 1, new long[LONGS]);
      if ((hash & 1) == 0) {
        words.add(String.valueOf(c));
      }
    }

    for (int i = 0; i < words.size(); i++) {
      put(one, words.get(i), i);
    }

    assertNull(find(one, words.get(0)));
    assertArrayEquals(new int[] {1}, find(one, words.get(1)));
    assertArrayEquals(new int[] {2}, find(one, words.get(2)));
  }

  @Test
  void writersAndReadersOfTheSameLinesNeverSeeTornWords() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> found = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        long seed = thread;
        found.add(threads.submit(() -> hammer(new Random(seed))));
      }
      int hits = 0;
      for (Future<Integer> one : found) {
        hits += one.get();
      }
      assertTrue(hits > 0);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Each id of a word is a function of the word, so that a mixture is seen. */
  private int hammer(Random random) {
    int hits = 0;
    for (int i = 0; i < 100_000; i++) {
      int number = random.nextInt(6);
      String word = String.valueOf((char) ('a' + number)).repeat(5 + number % 2);
      int id = 1000 * number;
      int[] ids = find(cache, word);
      if (ids != null) {
        assertArrayEquals(new int[] {id, id + 1, id + 2, id + 3, id + 4}, ids);
        hits++;
      } else {
        put(cache, word, id, id + 1, id + 2, id + 3, id + 4);
      }
    }
    return hits;
  }

  @Test
  void nothingIsFoundInAnEmptyCache() {
    TokenBuffer out = new TokenBuffer();
    long[] key = new long[LONGS];
    long hash = WordCache.pack("a".toCharArray(), 0, 1, key);

    assertFalse(cache.append(hash, key, 1, new int[2 * LONGS], out));
    assertEquals(0, out.size());
  }

  private static void put(WordCache cache, String word, int... ids) {
    long[] key = new long[LONGS];
    long hash = WordCache.pack(word.toCharArray(), 0, word.length(), key);
    cache.put(hash, key, word.length(), ids, 0, ids.length);
  }

  private static int @Nullable [] find(WordCache cache, String word) {
    long[] key = new long[LONGS];
    TokenBuffer out = new TokenBuffer();
    long hash = WordCache.pack(word.toCharArray(), 0, word.length(), key);
    boolean found = cache.append(hash, key, word.length(), new int[2 * LONGS], out);
    return found ? out.toArray() : null;
  }
}
