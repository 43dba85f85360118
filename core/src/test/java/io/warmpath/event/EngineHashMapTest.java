package io.warmpath.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineHashMapTest {

  /** Inverse of the map's mixing factor modulo 2^64: multiples of it all want neighbouring slots. */
  private static final long COLLIDING = 0xF1DE83E19937733DL;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithAPlainMap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    EngineHashMap map = new EngineHashMap(1 << 16);
    Map<Long, Integer> copies = new HashMap<>();

    for (int step = 0; step < 40_000; step++) {
      long key = random.nextInt(3000) * COLLIDING;
      if (random.nextInt(5) > 1) {
        map.add(key, ~key);
        copies.merge(key, 1, Integer::sum);
      } else {
        int slot = map.find(key);
        assertEquals(copies.containsKey(key), slot >= 0, "seed " + seed + ", step " + step);
        if (slot >= 0) {
          assertEquals(~key, map.value(slot));
          map.removeCopy(slot);
          copies.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1);
        }
      }
      assertEquals(copies.size(), map.size(), "seed " + seed + ", step " + step);
    }
    for (long key : copies.keySet()) {
      assertTrue(map.find(key) >= 0, "seed " + seed);
    }
  }

  @Test
  void keyZeroIsAnOrdinaryKey() {
    EngineHashMap map = new EngineHashMap(10);

    assertEquals(-1, map.find(0));
    map.add(0, 5);
    assertEquals(5, map.value(map.find(0)));
  }

  @Test
  void aFullMapRefusesNewKeysButCountsCopiesOfKnownOnes() {
    EngineHashMap map = new EngineHashMap(2);
    map.add(1, 1);
    map.add(2, 2);

    assertFalse(map.add(3, 3));
    assertTrue(map.add(2, 2));
  }

  @Test
  void clearForgetsEverything() {
    EngineHashMap map = new EngineHashMap(10);
    map.add(1, 1);
    map.clear();

    assertEquals(-1, map.find(1));
    assertEquals(0, map.size());
  }
}
