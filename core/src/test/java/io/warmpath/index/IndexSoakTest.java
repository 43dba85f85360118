package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two producers, two readers, drops and growth for a while: readers never see what was never true, in
 * the end the index has what the oracle has, and memory stays flat. {@code -Dwarmpath.index.soak=60s}
 * says how long.
 */
class IndexSoakTest {

  private static final int LENGTH = 600;
  private static final int NEAR = 10;
  private static final int FAR = 590;
  private static final int OPS_IN_ROUND = 300;
  private static final int ENDPOINTS = 6;
  private static final int SMALL = 2_000;

  private static final long[] CHAIN = LongStream.range(1, LENGTH + 1).toArray();
  private static final long[] BACKWARDS =
      IntStream.range(0, LENGTH).mapToLong(i -> LENGTH - i).toArray();
  private static final Endpoint HOLE = Endpoint.of("10.0.0.1:8000");
  private static final Endpoint ALL_OR_NOTHING = Endpoint.of("10.0.0.2:8000");

  /** Prompts that all producers have in common. */
  private static final long[][] COMMON = prompts(new SplittableRandom(7), 4);

  /** With room for everything, and with too little; each change goes to both. */
  private final List<RunBlockIndex> indexes = List.of(
      new RunBlockIndex(1 << 22, Long.MAX_VALUE, () -> 0),
      new RunBlockIndex(SMALL, Long.MAX_VALUE, () -> 0));

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicLong drops = new AtomicLong();
  private final AtomicLong lookUps = new AtomicLong();
  private final AtomicLong tooShort = new AtomicLong();

  @Test
  @Tag("slow")
  void theIndexStaysTheOraclesWhileProducersReadersDropsAndGrowthGoOn()
      throws InterruptedException {
    Duration length = Duration.parse("PT" + System.getProperty("warmpath.index.soak", "10s"));
    RunBlockIndex large = indexes.get(0);
    for (RunBlockIndex index : indexes) {
      int hole = index.holder(HolderKey.gpu(HOLE));
      index.store(hole, 0, false, CHAIN, 0, LENGTH);
      index.remove(hole, CHAIN, NEAR, 1);
    }
    long[] lastRounds = new long[2];
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < 2; p++) {
      int producer = p;
      threads.add(start(() -> lastRounds[producer] = produce(producer)));
    }
    for (RunBlockIndex index : indexes) {
      threads.add(start(() -> read(index)));
    }

    waitFor(length.dividedBy(2));
    long heapMidway = usedHeap();
    waitFor(length.dividedBy(2));
    done.set(true);
    for (Thread thread : threads) {
      thread.join(60_000);
      assertFalse(thread.isAlive());
    }
    long heap = usedHeap();

    if (failure.get() != null) {
      throw new AssertionError("a thread has failed", failure.get());
    }
    IndexStats stats = large.stats();
    IndexStats small = indexes.get(1).stats();
    System.out.printf(
        "index soak, %d s: %d changes, %d look-ups, %d growths, %d splits, %d evicted, %d drops,"
            + " %d retries, %d shortened, heap %d MiB midway and %d MiB after%n",
        length.toSeconds(),
        changes.get(),
        lookUps.get(),
        stats.growths() + small.growths(),
        stats.splits() + small.splits(),
        small.evicted(),
        drops.get(),
        stats.retries() + small.retries(),
        stats.shortened() + small.shortened(),
        heapMidway >> 20,
        heap >> 20);
    for (long counted : new long[] {
      changes.get(),
      lookUps.get(),
      stats.growths(),
      stats.splits(),
      small.evicted(),
      drops.get(),
      stats.retries() + small.retries()
    }) {
      assertTrue(counted > 0, "everything has happened");
    }
    assertTrue(
        tooShort.get() <= stats.shortened() + small.shortened(),
        () -> tooShort.get() + " prefixes too short, not counted");
    assertTrue(heap < heapMidway * 3 / 2 + (32 << 20), "the heap is flat");
    assertEquals(0, stats.overflows());
    compareWithTheOracle(lastRounds);
  }

  private void compareWithTheOracle(long[] lastRounds) {
    KvBlockIndex flat = KvBlockIndex.builder().nanoClock(() -> 0).flat().build();
    flat.store(flat.holder(HolderKey.gpu(HOLE)), 0, false, CHAIN, 0, LENGTH);
    flat.remove(flat.holder(HolderKey.gpu(HOLE)), CHAIN, NEAR, 1);
    for (int p = 0; p < 2; p++) {
      playRound(p, lastRounds[p], List.of(flat));
    }
    Map<HolderKey, Set<Long>> want = holdings(flat);
    Map<HolderKey, Set<Long>> got = holdings(indexes.get(0));
    assertEquals(want.keySet(), got.keySet());
    want.forEach((key, blocks) -> assertTrue(blocks.equals(got.get(key)), key.toString()));
    holdings(indexes.get(1))
        .forEach((key, blocks) ->
            assertTrue(want.getOrDefault(key, Set.of()).containsAll(blocks), key.toString()));
    assertTrue(indexes.get(1).map.size() <= SMALL);
    for (RunBlockIndex index : indexes) {
      int hole = index.holder(HolderKey.gpu(HOLE));
      index.store(hole, 0, false, new long[] {-1}, 0, 1);
      IndexStructure.sweep(index, hole);
      IndexStructure.check(index);
      IndexStructure.checkSwept(index, 0);
    }
  }

  private static Map<HolderKey, Set<Long>> holdings(KvBlockIndex index) {
    Map<HolderKey, Set<Long>> held = new HashMap<>();
    index.visit((key, blocks, from, count) -> {
      for (int i = from; i < from + count; i++) {
        assertTrue(held.computeIfAbsent(key, k -> new HashSet<>()).add(blocks[i]), "shown once");
      }
    });
    return held;
  }

  /** Plays rounds; what one leaves goes before the next. {@return the last} */
  private long produce(int producer) {
    long round = 0;
    while (true) {
      playRound(producer, round, indexes);
      for (RunBlockIndex index : indexes) {
        moveTheHole(producer, index);
      }
      if (done.get()) {
        return round;
      }
      for (int e = 0; e < ENDPOINTS; e++) {
        for (RunBlockIndex index : indexes) {
          index.drop(endpoint(producer, e));
        }
        drops.incrementAndGet();
      }
      round++;
    }
  }

  /** The changes of a round, the same for the same numbers. */
  private void playRound(int producer, long round, List<? extends KvBlockIndex> targets) {
    SplittableRandom random = new SplittableRandom(round * 2 + producer);
    long[][] own = prompts(random, 6);
    for (int i = 0; i < OPS_IN_ROUND; i++) {
      int which = random.nextInt(own.length + COMMON.length);
      long[] chain = which < own.length ? own[which] : COMMON[which - own.length];
      Endpoint endpoint = endpoint(producer, random.nextInt(ENDPOINTS));
      HolderKey key = new HolderKey(endpoint, random.nextInt(4) == 0 ? Tier.CPU : Tier.GPU, 0);
      int from = random.nextInt(3) == 0 ? 0 : random.nextInt(chain.length);
      int count = random.nextInt(chain.length - from + 1);
      int what = random.nextInt(100);
      for (KvBlockIndex index : targets) {
        change(index, index.holder(key), what, chain, from, count);
        if (what == 99) {
          index.drop(endpoint);
        }
      }
      changes.incrementAndGet();
    }
  }

  private static void change(
      KvBlockIndex index, int holder, int what, long[] chain, int from, int count) {
    if (what < 50) {
      long parent = from > 0 ? chain[from - 1] : 0;
      while (!index.store(holder, parent, from > 0, chain, from, count)) {
        Thread.onSpinWait();
      }
    } else if (what < 90) {
      while (!index.remove(holder, chain, from, count)) {
        Thread.onSpinWait();
      }
    } else if (what < 96) {
      index.confirm(holder, chain, from + count, 0);
    } else if (what < 99) {
      index.clear(holder);
    }
  }

  /** One producer has an endpoint that never has all, the other one that has all or nothing. */
  private static void moveTheHole(int producer, KvBlockIndex index) {
    if (producer == 0) {
      int hole = index.holder(HolderKey.gpu(HOLE));
      for (int i = 0; i < 20; i++) {
        index.remove(hole, CHAIN, FAR, 1);
        index.store(hole, 0, false, CHAIN, NEAR, 1);
        index.remove(hole, CHAIN, NEAR, 1);
        index.store(hole, 0, false, CHAIN, FAR, 1);
      }
    } else {
      int all = index.holder(HolderKey.gpu(ALL_OR_NOTHING));
      index.store(all, 0, false, BACKWARDS, 0, LENGTH);
      index.remove(all, CHAIN, 0, LENGTH);
      index.store(all, 0, false, BACKWARDS, 0, LENGTH);
      index.clear(all);
    }
  }

  private void read(RunBlockIndex index) {
    PrefixMatch match = new PrefixMatch();
    int hole = index.slot(HOLE);
    int all = index.slot(ALL_OR_NOTHING);
    boolean forgets = index.stats().capacityBlocks() == SMALL;
    SplittableRandom random = new SplittableRandom(3);
    while (!done.get()) {
      index.match(CHAIN, 0, LENGTH, match);
      int depth = match.blocks(hole);
      assertTrue(depth <= FAR, () -> "depth " + depth + " was never true");
      int other = match.blocks(all);
      int longest = match.longest();
      assertTrue(
          depth <= longest && longest <= LENGTH, () -> "longest " + longest + ", one has " + depth);
      if (!forgets) {
        tooShort.addAndGet(depth == NEAR || depth == FAR ? 0 : 1);
        tooShort.addAndGet(other == 0 || other == LENGTH ? 0 : 1);
      }
      long[] chain = COMMON[random.nextInt(COMMON.length)];
      int middle = random.nextInt(chain.length);
      index.match(chain, 0, middle, match);
      index.match(chain, middle, chain.length, match);
      int going = match.longest();
      assertTrue(going <= chain.length, () -> "longest " + going + " of " + chain.length);
      lookUps.addAndGet(3);
    }
  }

  /** Prompts that fork from one another, of up to 400 blocks. */
  private static long[][] prompts(SplittableRandom random, int count) {
    long[][] prompts = new long[count][];
    for (int p = 0; p < count; p++) {
      prompts[p] = random.longs(random.nextInt(50, 401)).toArray();
      if (p > 0) {
        long[] trunk = prompts[random.nextInt(p)];
        int shared = random.nextInt(Math.min(trunk.length, prompts[p].length));
        System.arraycopy(trunk, 0, prompts[p], 0, shared);
      }
    }
    return prompts;
  }

  private static Endpoint endpoint(int producer, int e) {
    return Endpoint.of("10.1." + producer + "." + e + ":8000");
  }

  private Thread start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setUncaughtExceptionHandler((t, e) -> {
      failure.compareAndSet(null, e);
      done.set(true);
    });
    thread.start();
    return thread;
  }

  /** Returns after a time, or at once if something has failed. */
  private void waitFor(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    synchronized (failure) {
      while (!done.get() && end - System.nanoTime() > 0) {
        failure.wait(100);
      }
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
