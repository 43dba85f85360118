package io.warmpath.jmh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PodCacheTest {

  @Test
  void theLastBlocksOfTheOldestPromptGoFirst() {
    PodCache cache = new PodCache(8);
    long[] evicted = new long[8];
    cache.admit(new long[] {1, 2, 3, 4}, 0, evicted);
    cache.admit(new long[] {1, 5, 6}, 1, evicted);

    int gone = cache.admit(new long[] {7, 8, 9, 10}, 0, evicted);

    assertEquals(2, gone);
    assertArrayEquals(new long[] {4, 3}, Arrays.copyOf(evicted, 2));
    assertEquals(2, cache.held(new long[] {1, 2, 3, 4}));
    assertEquals(3, cache.held(new long[] {1, 5, 6}));
  }

  @Test
  void randomHistoriesAreThoseOfAPlainList() {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int capacity = 20 + random.nextInt(30);
      PodCache cache = new PodCache(capacity);
      List<Long> model = new ArrayList<>();
      for (int step = 0; step < 300; step++) {
        String where = "seed " + seed + ", step " + step;
        long[] chain = chain(random);
        int held = 0;
        while (held < chain.length && model.contains(chain[held])) {
          held++;
        }
        List<Long> gone = admit(model, capacity, chain);
        long[] evicted = new long[capacity];

        assertEquals(held, cache.held(chain), where);
        int count = cache.admit(chain, held, evicted);

        assertEquals(gone, Arrays.stream(evicted, 0, count).boxed().toList(), where);
      }
    }
  }

  /** A path in a tree with two children at each node; blocks whose table places collide. */
  private static long[] chain(SplittableRandom random) {
    long[] chain = new long[1 + random.nextInt(12)];
    long node = 1;
    for (int i = 0; i < chain.length; i++) {
      node = node * 2 + (random.nextInt(5) == 0 ? 1 : 0);
      chain[i] = node << 30;
    }
    return chain;
  }

  /** The most recent block is first in the list. */
  private static List<Long> admit(List<Long> model, int capacity, long[] chain) {
    List<Long> gone = new ArrayList<>();
    long missing = Arrays.stream(chain).filter(b -> !model.contains(b)).count();
    List<Long> touched = Arrays.stream(chain).boxed().toList();
    while (model.size() + missing > capacity) {
      int oldest = model.size() - 1;
      while (touched.contains(model.get(oldest))) {
        oldest--;
      }
      gone.add(model.remove(oldest));
    }
    model.removeAll(touched);
    model.addAll(0, touched);
    return gone;
  }
}
