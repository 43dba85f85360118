package io.warmpath.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandleMapTest {

  private static final long MIX = 0x9E3779B97F4A7C15L;

  /** Inverse of {@link #MIX} modulo 2^64. */
  private static final long UNMIX = 0xF1DE83E19937733DL;

  private final long[] out = new long[1];

  /** Eight keys want each eighth place, and none the others. */
  private static long key(long number) {
    return (((number / 8 * 8) << 26) | (number % 8)) * UNMIX;
  }

  private static long number(long key) {
    long mixed = key * MIX;
    return (mixed >>> 26) + mixed % 8;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithAPlainMapAndForgetsOnlyTheDead(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] oldestAlive = {0};
    HandleMap map = new HandleMap(1, 1 << 16, value -> number(~value) >= oldestAlive[0]);
    Map<Long, Long> model = new HashMap<>();
    long next = 0;
    int sweeps = 0;

    for (int step = 0; step < 30_000; step++) {
      long before = map.size();
      long bytes = map.bytes();
      long key = key(next++);
      assertEquals(HandleMap.KEPT, map.put(key, ~key, false), "seed " + seed + ", step " + step);
      sweeps += map.size() < before && map.bytes() == bytes ? 1 : 0;
      model.put(key, ~key);
      if (random.nextInt(3) == 0) {
        model.remove(key(oldestAlive[0]++));
        while (next - oldestAlive[0] > 1_500) {
          model.remove(key(oldestAlive[0]++));
        }
      }
      long known = key(oldestAlive[0] + random.nextLong(next - oldestAlive[0]));
      assertTrue(map.get(known, out), "seed " + seed + ", step " + step);
    }

    assertTrue(sweeps > 2, "sweeps without growth: " + sweeps);
    model.forEach((key, value) -> {
      assertTrue(map.get(key, out), "seed " + seed + ", key " + key);
      assertEquals(value, out[0]);
    });
    assertTrue(map.size() < 20_000, "dead entries stayed: " + map.size());
    assertFalse(map.get(key(next), out));
  }

  @Test
  void everyLongIsAKeyAndAValue() {
    HandleMap map = new HandleMap(64, 1_000, value -> true);
    for (long key : new long[] {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertFalse(map.get(key, out), "key " + key);
      assertEquals(HandleMap.KEPT, map.put(key, 0, false));
      assertTrue(map.get(key, out), "key " + key);
      assertEquals(0, out[0]);
      assertEquals(HandleMap.TAKEN, map.put(key, 7, false), "key " + key);
      assertEquals(HandleMap.KEPT, map.put(key, 7, true));
      assertTrue(map.get(key, out));
      assertEquals(7, out[0]);
    }
    assertEquals(5, map.size());

    map.clear();
    assertEquals(0, map.size());
    assertFalse(map.get(0, out));
  }

  @Test
  void aDeadBlocksKeyIsFreeForAnother() {
    HandleMap map = new HandleMap(1, 1_000, value -> value != 5);
    map.put(1, 5, false);
    map.put(0, 5, false);

    assertEquals(HandleMap.KEPT, map.put(1, 6, false));
    assertEquals(HandleMap.KEPT, map.put(0, 6, false));
    assertEquals(HandleMap.TAKEN, map.put(1, 5, false));
    assertEquals(HandleMap.TAKEN, map.put(0, 5, false));
  }

  @Test
  void aFullMapRefusesUntilBlocksDie() {
    long[] oldestAlive = {0};
    HandleMap map = new HandleMap(1, 1_000, value -> value >= oldestAlive[0]);
    for (int i = 0; i < 1_000; i++) {
      assertEquals(HandleMap.KEPT, map.put(i + 1, i, false));
    }
    assertEquals(HandleMap.FULL, map.put(5_000, 5_000, false));
    assertEquals(HandleMap.KEPT, map.put(1, 0, false));
    assertEquals(1_000, map.size());

    oldestAlive[0] = 900;
    int refused = 0;
    while (map.put(5_000 + refused, 5_000, false) == HandleMap.FULL) {
      refused++;
    }
    assertTrue(refused < 200, "refused " + refused);
    assertTrue(map.size() < 500, "size " + map.size());
  }

  @Test
  void theNewestAreSparedThoughTheIndexDoesNotHaveThemYet() {
    AtomicLong asked = new AtomicLong();
    HandleMap map = new HandleMap(1, 1 << 12, value -> {
      asked.incrementAndGet();
      return false;
    });
    int last = 0;
    while (asked.get() == 0) {
      assertEquals(HandleMap.KEPT, map.put(++last, last, false));
    }

    for (int i = 0; i < 100; i++) {
      assertTrue(map.get(last - i, out), "newest but " + i);
    }
    assertFalse(map.get(1, out));
  }

  @Test
  void aSweepWithoutGrowthKeepsTheMemory() {
    long[] oldestAlive = {0};
    HandleMap map = new HandleMap(1, 1 << 20, value -> value >= oldestAlive[0]);
    for (int i = 0; i < 5_000; i++) {
      map.put(i, i, false);
    }
    long bytes = map.bytes();
    for (int i = 5_000; i < 200_000; i++) {
      oldestAlive[0] = i - 1_000L;
      map.put(i, i, false);
    }

    assertEquals(bytes, map.bytes());
  }

  @Test
  void threadsThatShareAMapFindWhatEachPut() throws Exception {
    int threads = 4;
    int keys = 60_000;
    AtomicLongArray done = new AtomicLongArray(threads);
    HandleMap map = new HandleMap(1, 1 << 20, value -> {
      long slowest = done.get(0);
      for (int t = 1; t < threads; t++) {
        slowest = Math.min(slowest, done.get(t));
      }
      return value >= slowest - 5_000;
    });
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Integer>> results = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int own = t;
      results.add(pool.submit(() -> {
        long[] found = new long[1];
        int wrong = 0;
        start.await();
        for (int i = 0; i < keys; i++) {
          long shared = i;
          long mine = ((own + 1L) << 32) + i;
          wrong += map.put(shared, shared, false) == HandleMap.FULL ? 1 : 0;
          wrong += map.put(mine, i, false) == HandleMap.KEPT ? 0 : 1;
          wrong += map.get(mine, found) && found[0] == i ? 0 : 1;
          wrong += !map.get(shared, found) || found[0] == shared ? 0 : 1;
          done.set(own, i);
        }
        return wrong;
      }));
    }
    start.countDown();
    for (Future<Integer> result : results) {
      assertEquals(0, result.get(60, TimeUnit.SECONDS));
    }
    pool.shutdown();

    for (int t = 0; t < threads; t++) {
      for (int i = keys - 4_000; i < keys; i++) {
        assertTrue(map.get(((t + 1L) << 32) + i, out), "thread " + t + ", key " + i);
        assertEquals(i, out[0]);
      }
    }
    assertTrue(map.size() < (threads + 1L) * keys, "no dead entry went");
  }
}
