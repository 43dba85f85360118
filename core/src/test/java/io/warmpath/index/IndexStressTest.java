package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Readers beside writers see only what was true; what is there in the end is what was announced. */
class IndexStressTest {

  private static final int LENGTH = 600;
  private static final int NEAR = 10;
  private static final int FAR = 590;
  private static final long[] CHAIN = LongStream.range(1, LENGTH + 1).toArray();
  private static final int PIECE = 20;

  private static final Endpoint HOLE = Endpoint.of("10.0.0.1:8000");
  private static final Endpoint ALL_OR_NOTHING = Endpoint.of("10.0.0.2:8000");
  private static final Endpoint COMES_AND_GOES = Endpoint.of("10.0.0.3:8000");

  private final KvBlockIndex index = KvBlockIndex.create(200_000, () -> 0);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @Test
  void aReaderNeverSeesADepthThatWasNeverTrue() throws InterruptedException {
    int hole = index.holder(HolderKey.gpu(HOLE));
    int holeSlot = index.slot(HOLE);
    index.store(hole, 0, false, CHAIN, 0, LENGTH);
    index.remove(hole, CHAIN, NEAR, 1);
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong tooShort = new AtomicLong();

    List<Thread> writers =
        List.of(thread(() -> moveTheHole(hole, 60_000)), thread(() -> fillAndEmpty(600)));
    List<Thread> readers = new ArrayList<>();
    CountDownLatch reading = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      boolean inTwoCalls = i == 1;
      readers.add(thread(() -> {
        PrefixMatch match = new PrefixMatch();
        reading.countDown();
        while (!done.get()) {
          if (inTwoCalls) {
            index.match(CHAIN, 0, LENGTH / 2, match);
          }
          index.match(CHAIN, inTwoCalls ? LENGTH / 2 : 0, LENGTH, match);
          check(match, holeSlot, tooShort);
        }
      }));
    }
    readers.forEach(Thread::start);
    reading.await();
    writers.forEach(Thread::start);
    join(writers);
    done.set(true);
    join(readers);

    assertNull(failure.get(), () -> failure.get().toString());
    assertTrue(tooShort.get() <= index.stats().shortened(), "prefixes too short and not counted");
    PrefixMatch match = new PrefixMatch();
    index.match(CHAIN, 0, LENGTH, match);
    assertEquals(NEAR, match.blocks(holeSlot));
    assertEquals(0, match.blocks(index.slot(ALL_OR_NOTHING)));
    assertEquals(LENGTH, match.blocks(index.slot(COMES_AND_GOES)));
  }

  /** There is always a hole, so the whole chain is never there; only NEAR and FAR are ever true. */
  private void moveTheHole(int holder, int times) {
    for (int i = 0; i < times; i++) {
      remove(holder, FAR, 1);
      store(holder, NEAR, 1);
      remove(holder, NEAR, 1);
      store(holder, FAR, 1);
    }
  }

  /** Filled from the tail and emptied from the head, cleared or dropped: all or nothing is ever true. */
  private void fillAndEmpty(int times) {
    for (int i = 0; i < times; i++) {
      int holder = index.holder(HolderKey.gpu(ALL_OR_NOTHING));
      storeFromTheTail(holder);
      remove(holder, 0, LENGTH);
      storeFromTheTail(holder);
      index.clear(holder);
      index.drop(COMES_AND_GOES);
      int again = index.holder(HolderKey.gpu(COMES_AND_GOES));
      storeFromTheTail(again);
    }
  }

  private void storeFromTheTail(int holder) {
    for (int from = LENGTH - PIECE; from >= 0; from -= PIECE) {
      store(holder, from, PIECE);
    }
  }

  /** A change that is refused, because another thread is behind with too many, is tried again. */
  private void store(int holder, int from, int count) {
    while (!index.store(holder, 0, false, CHAIN, from, count)) {
      Thread.onSpinWait();
    }
  }

  private void remove(int holder, int from, int count) {
    while (!index.remove(holder, CHAIN, from, count)) {
      Thread.onSpinWait();
    }
  }

  private static void check(PrefixMatch match, int holeSlot, AtomicLong tooShort) {
    int hole = match.blocks(holeSlot);
    assertTrue(hole <= FAR, () -> "depth " + hole + " was never true");
    if (hole != NEAR && hole != FAR) {
      tooShort.incrementAndGet();
    }
    for (int slot = 0; slot < 16; slot++) {
      int depth = match.blocks(slot);
      if (slot != holeSlot && depth != 0 && depth != LENGTH) {
        tooShort.incrementAndGet();
      }
    }
  }

  @Test
  void aReaderNeverSeesAWindowThatWasNeverWholeInSharedStorage() throws InterruptedException {
    checkWindow(HolderKey.gpu(HOLE), HolderKey.shared(1));
  }

  @Test
  void aReaderNeverSeesAWindowThatWasNeverWholeUnderASharedPrefix() throws InterruptedException {
    checkWindow(HolderKey.shared(0), new HolderKey(HOLE, Tier.GPU, 1));
  }

  /** A window of two blocks has one of them at a time, so nothing of the prefix can be reused. */
  private void checkWindow(HolderKey whole, HolderKey window) throws InterruptedException {
    index.group(0, KvBlockIndex.WHOLE_PREFIX);
    index.group(1, 2);
    index.store(index.holder(whole), 0, false, CHAIN, 0, NEAR);
    int holder = index.holder(window);
    int slot = index.slot(HOLE);
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch reading = new CountDownLatch(1);

    Thread writer = thread(() -> {
      for (int i = 0; i < 200_000; i++) {
        store(holder, NEAR - 2, 1);
        remove(holder, NEAR - 2, 1);
        store(holder, NEAR - 1, 1);
        remove(holder, NEAR - 1, 1);
      }
    });
    Thread reader = thread(() -> {
      PrefixMatch match = new PrefixMatch();
      reading.countDown();
      while (!done.get()) {
        index.match(CHAIN, 0, NEAR, match);
        assertEquals(0, match.blocks(slot), "a depth that was never true");
      }
    });
    reader.start();
    reading.await();
    writer.start();
    join(List.of(writer));
    done.set(true);
    join(List.of(reader));

    assertNull(failure.get(), () -> failure.get().toString());
    store(holder, NEAR - 2, 2);
    PrefixMatch match = new PrefixMatch();
    index.match(CHAIN, 0, NEAR, match);
    assertEquals(NEAR, match.blocks(slot));
  }

  @Test
  void aReaderFindsAWindowWhileItsRunIsSplit() throws InterruptedException {
    index.group(0, KvBlockIndex.WHOLE_PREFIX);
    index.group(1, NEAR);
    int whole = index.holder(HolderKey.gpu(HOLE));
    int window = index.holder(new HolderKey(HOLE, Tier.GPU, 1));
    int slot = index.slot(HOLE);
    AtomicReference<long[]> prompt = new AtomicReference<>();
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong tooShort = new AtomicLong();

    Thread writer = thread(() -> {
      for (int i = 1; i <= 3_000; i++) {
        long first = 1000L * i;
        long[] chain = LongStream.range(first, first + PIECE).toArray();
        index.store(whole, 0, false, chain, 0, PIECE);
        index.store(window, 0, false, chain, 0, PIECE);
        prompt.set(chain);
        for (int fork = PIECE - 1; fork > 0; fork--) {
          index.store(whole, chain[fork - 1], true, new long[] {first + PIECE + fork}, 0, 1);
        }
      }
    });
    Thread reader = thread(() -> {
      PrefixMatch match = new PrefixMatch();
      while (!done.get()) {
        long[] chain = prompt.get();
        if (chain != null) {
          index.match(chain, 0, PIECE, match);
          tooShort.addAndGet(match.blocks(slot) < PIECE ? 1 : 0);
        }
      }
    });
    reader.start();
    writer.start();
    join(List.of(writer));
    done.set(true);
    join(List.of(reader));

    assertNull(failure.get(), () -> failure.get().toString());
    assertEquals(0, index.stats().evicted());
    assertTrue(tooShort.get() <= index.stats().shortened(), () -> tooShort + " too short");
  }

  @Test
  void inTheEndEveryChangeIsApplied() throws InterruptedException {
    int writers = 4;
    List<Thread> threads = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      int seed = w;
      threads.add(thread(() -> history(index, seed)));
    }
    threads.forEach(Thread::start);
    join(threads);

    KvBlockIndex model = new ModelIndex(100_000, () -> 0);
    for (int w = 0; w < writers; w++) {
      history(model, w);
    }
    assertNull(failure.get(), () -> failure.get().toString());
    assertEquals(0, index.stats().overflows());
    assertEquals(announced(model.stats()), announced(index.stats()));
    assertEquals(model.stats().removed(), index.stats().removed());
    PrefixMatch got = new PrefixMatch();
    PrefixMatch want = new PrefixMatch();
    for (long block : CHAIN) {
      index.match(new long[] {block}, 0, 1, got);
      model.match(new long[] {block}, 0, 1, want);
      for (int w = 0; w < writers; w++) {
        Endpoint endpoint = Endpoint.of("10.0.1." + w + ":8000");
        assertEquals(
            want.blocks(model.slot(endpoint)),
            got.blocks(index.slot(endpoint)),
            "seed " + w + ", block " + block);
      }
    }
  }

  @Test
  void whatWasQueuedBehindAnotherChangeIsAppliedWhenBothHaveReturned() throws Exception {
    int rounds = 500;
    int first = index.holder(HolderKey.gpu(HOLE));
    int second = index.holder(HolderKey.gpu(ALL_OR_NOTHING));
    int slot = index.slot(ALL_OR_NOTHING);
    CyclicBarrier barrier = new CyclicBarrier(2);
    AtomicLong missing = new AtomicLong();

    Thread busy = thread(() -> {
      for (int i = 0; i < rounds; i++) {
        await(barrier);
        index.store(first, 0, false, CHAIN, 0, LENGTH);
        await(barrier);
      }
    });
    Thread queuing = thread(() -> {
      PrefixMatch match = new PrefixMatch();
      for (int i = 0; i < rounds; i++) {
        long[] block = {-1 - i};
        await(barrier);
        index.store(second, 0, false, block, 0, 1);
        await(barrier);
        index.match(block, 0, 1, match);
        missing.addAndGet(1 - match.blocks(slot));
      }
    });
    busy.start();
    queuing.start();
    join(List.of(busy, queuing));

    assertNull(failure.get(), () -> failure.get().toString());
    assertEquals(0, missing.get());
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The changes of one endpoint, the same for the same seed. */
  private static void history(KvBlockIndex index, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    HolderKey key = HolderKey.gpu(Endpoint.of("10.0.1." + seed + ":8000"));
    for (int i = 0; i < 1_000; i++) {
      int holder = index.holder(key);
      int from = random.nextInt(LENGTH);
      int count = random.nextInt(1 + Math.min(20, LENGTH - from));
      int what = random.nextInt(200);
      if (what < 110) {
        index.store(holder, 0, false, CHAIN, from, count);
      } else if (what < 198) {
        index.remove(holder, CHAIN, from, count);
      } else if (what == 198) {
        index.clear(holder);
      } else {
        index.drop(key.endpoint());
      }
    }
  }

  /** Blocks stored: those still queued when their endpoint is dropped find their holder gone. */
  private static long announced(IndexStats stats) {
    return stats.stored() + stats.orphans();
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work);
    thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
    return thread;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(20_000);
      assertFalse(thread.isAlive());
    }
  }
}
