package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What the jcstress classes have in common: a cache of one pair of lines, and words 1 to 5, which all
 * want its first line. They are of one length; how many ids a word has, and which, follows from its
 * number, so that a mixture is seen.
 */
class WordsUnderStress {

  /** How often an actor does what it does: a state costs more than what is done to it. */
  static final int TIMES = 16;

  private static final int LONGS = BytePairTokenizer.LONG_LINE;

  /** A word's chars: two {@code long}s, both unlike those of any other word. */
  private static final int CHARS = 8;

  private static final long[][] KEYS =
      IntStream.range(0, 6).mapToObj(word -> new long[] {word, -word}).toArray(long[][]::new);
  private static final int[][] IDS = IntStream.range(0, 6)
      .mapToObj(word -> IntStream.range(0, 40 + word).map(i -> word << 8 | i).toArray())
      .toArray(int[][]::new);

  private final WordCache cache = new WordCache(2, LONGS);

  final void put(int word) {
    cache.put(0, KEYS[word], CHARS, IDS[word], 0, IDS[word].length);
  }

  /** {@return the words among 1, 2, 3 that were found, as digits; -1 if one had ids of another} */
  final int find() {
    int found = 0;
    for (int word = 1; word <= 3; word++) {
      int digit = find(word);
      if (digit < 0) {
        return digit;
      }
      found = digit == 0 ? found : 10 * found + digit;
    }
    return found;
  }

  /** {@return the word, 0 if it was not found, -1 if it had ids of another} */
  final int find(int word) {
    TokenBuffer out = new TokenBuffer();
    if (!cache.append(0, KEYS[word], CHARS, new int[2 * LONGS], out)) {
      return 0;
    }
    int[] ids = IDS[word];
    return Arrays.equals(out.ids(), 0, out.size(), ids, 0, ids.length) ? word : -1;
  }
}
