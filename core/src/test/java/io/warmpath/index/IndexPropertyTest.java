package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.endpoint.Endpoint;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories give the same answers as {@link ModelIndex}. A failure names its seed and step. */
class IndexPropertyTest {

  private static final int STEPS = 3_000;
  private static final int ENDPOINTS = 4;
  private static final int GROUPS = 2;
  private static final int BLOCKS = 48;

  /** All blocks start their search at the first or the last place of a table, or are 0 or -1. */
  private static final long[] COLLIDING = collidingBlocks();

  private long now;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithTheModel(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    now = random.nextLong();
    LongSupplier clock = () -> now;
    KvBlockIndex index = KvBlockIndex.create(1000, clock);
    KvBlockIndex model = new ModelIndex(1000, clock);

    for (int step = 0; step < STEPS; step++) {
      String where = "seed " + seed + ", step " + step;
      change(random, index, model);
      compareMatches(random, index, model, where);
      compareStats(index.stats(), model.stats(), where);
    }
    for (int i = 0; i < 100; i++) {
      removeNothingKnown(index);
      removeNothingKnown(model);
    }
    assertEquals(model.stats().blocks(), index.stats().blocks(), "seed " + seed);
  }

  private void change(SplittableRandom random, KvBlockIndex... both) {
    HolderKey key = new HolderKey(
        endpoint(random.nextInt(ENDPOINTS)),
        Tier.values()[random.nextInt(Tier.values().length)],
        random.nextInt(GROUPS));
    int from = random.nextInt(BLOCKS);
    int count = random.nextInt(1 + Math.min(12, BLOCKS - from));
    int what = random.nextInt(100);
    int more = random.nextInt(BLOCKS);
    long life = random.nextLong(0, 40);
    now += random.nextInt(3);
    for (KvBlockIndex index : both) {
      int holder = index.holder(key);
      if (what < 40) {
        long parent = COLLIDING[Math.max(0, from - 1)];
        index.store(holder, parent, from > 0, COLLIDING, from, count);
      } else if (what < 45) {
        index.store(holder, COLLIDING[more], true, COLLIDING, from, count);
      } else if (what < 80) {
        index.remove(holder, COLLIDING, from, count);
      } else if (what < 88) {
        index.expect(holder, COLLIDING, more, now, life);
      } else if (what < 91) {
        index.confirm(holder, COLLIDING, more, now);
      } else if (what < 96) {
        index.clear(holder);
      } else if (what < 99) {
        index.drop(key.endpoint());
      } else {
        removeNothingKnown(index);
      }
    }
    if (what == 99) {
      now += KvBlockIndex.CONFIRM_LIFE_NANOS / 2;
    }
  }

  private static void compareMatches(
      SplittableRandom random, KvBlockIndex index, KvBlockIndex model, String where) {
    int length = random.nextInt(BLOCKS + 1);
    int middle = random.nextInt(length + 1);
    long[] chain = Arrays.copyOf(COLLIDING, length);
    if (random.nextInt(4) == 0 && length > 0) {
      chain[random.nextInt(length)] = COLLIDING[random.nextInt(BLOCKS)];
    }
    PrefixMatch got = new PrefixMatch();
    PrefixMatch want = new PrefixMatch();
    index.match(chain, 0, middle, got);
    index.match(chain, middle, length, got);
    model.match(chain, 0, length, want);

    for (int e = 0; e < ENDPOINTS; e++) {
      int there = index.slot(endpoint(e));
      int here = model.slot(endpoint(e));
      for (Tier tier : Tier.values()) {
        assertEquals(want.blocks(here, tier), got.blocks(there, tier), where + ", " + tier);
      }
      assertEquals(want.blocks(here), got.blocks(there), where);
    }
    assertEquals(want.longest(), got.longest(), where);
    assertEquals(want.open(), got.open(), where);
  }

  private static void compareStats(IndexStats got, IndexStats want, String where) {
    assertEquals(want.stored(), got.stored(), where);
    assertEquals(want.removed(), got.removed(), where);
    assertEquals(want.unknownRemoved(), got.unknownRemoved(), where);
    assertEquals(want.orphans(), got.orphans(), where);
    assertEquals(want.holders(), got.holders(), where);
  }

  private static void removeNothingKnown(KvBlockIndex index) {
    int holder = index.holder(HolderKey.gpu(endpoint(0)));
    index.remove(holder, new long[] {4711}, 0, 1);
  }

  private static Endpoint endpoint(int i) {
    return Endpoint.of("10.0.0." + i + ":8000");
  }

  private static long[] collidingBlocks() {
    BlockTable table = new BlockTable(384);
    int last = table.places() - 2;
    long[] blocks = new SplittableRandom(0)
        .longs()
        .filter(block -> table.home(block) == 0 || table.home(block) == last)
        .limit(BLOCKS)
        .toArray();
    blocks[3] = 0;
    blocks[20] = -1;
    return blocks;
  }
}
