package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.token.TokenBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WordMergerTest {

  private static final long SEED = 7;

  @Test
  void theLeftmostOfEqualPairsIsMergedFirst() {
    MergeTable table = new MergeTable(1);
    table.add(0, 0, 1);

    assertArrayEquals(new int[] {1, 0}, merge(table, new int[] {0, 0, 0}));
  }

  @Test
  void theLowestRankIsMergedFirst() {
    MergeTable table = new MergeTable(2);
    table.add(1, 2, 12);
    table.add(0, 1, 10);

    assertArrayEquals(new int[] {0, 12}, merge(table, new int[] {0, 1, 2}));
  }

  @Test
  void theLastOfTwoEqualMergesCounts() {
    MergeTable table = new MergeTable(3);
    table.add(1, 2, 12);
    table.add(0, 1, 10);
    table.add(0, 1, 10);

    assertEquals(2, table.rank(0, 1));
    assertEquals(MergeTable.NO_MERGE, table.rank(1, 0));
  }

  @Test
  void wordsOfAnyLengthAreMergedAsTheObviousWayDoes() {
    Random random = new Random(SEED);
    for (int step = 0; step < 300; step++) {
      MergeTable table = randomMerges(random);
      int[] word = random.ints(random.nextInt(1, 200), 0, 3).toArray();
      int at = step;

      assertArrayEquals(
          model(table, word), merge(table, word), () -> "seed " + SEED + " step " + at);
    }
  }

  private static MergeTable randomMerges(Random random) {
    MergeTable table = new MergeTable(60);
    for (int id = 3; id < 63; id++) {
      table.add(random.nextInt(id), random.nextInt(id), id);
    }
    return table;
  }

  private static int[] merge(MergeTable table, int[] word) {
    TokenBuffer out = new TokenBuffer();
    new WordMerger(table).merge(word, word.length, out);
    return out.toArray();
  }

  private static int[] model(MergeTable table, int[] word) {
    List<Integer> tokens = new ArrayList<>();
    for (int token : word) {
      tokens.add(token);
    }
    while (true) {
      int best = -1;
      int bestRank = MergeTable.NO_MERGE;
      for (int i = 0; i + 1 < tokens.size(); i++) {
        int rank = table.rank(tokens.get(i), tokens.get(i + 1));
        if (rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best < 0) {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
      }
      tokens.remove(best);
      tokens.set(best, table.merged(bestRank));
    }
  }
}
