package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the contract leaves open: the queue of changes, numbers used again, growth. */
class CopyOnWriteBlockIndexTest {

  private static final Endpoint ONE = Endpoint.of("10.0.0.1:8000");
  private static final Endpoint TWO = Endpoint.of("10.0.0.2:8000");
  private static final Endpoint THREE = Endpoint.of("10.0.0.3:8000");
  private static final long[] CHAIN = LongStream.range(1, 1001).toArray();

  @Test
  void changesBehindASuspendedWriterWaitAndAreBounded() throws InterruptedException {
    SuspendedWriter writer = new SuspendedWriter();
    KvBlockIndex index = writer.index;
    int one = index.holder(HolderKey.gpu(ONE));
    int two = index.holder(HolderKey.gpu(TWO));
    int three = index.holder(HolderKey.gpu(THREE));
    index.store(one, 0, false, CHAIN, 0, 10);
    index.store(three, 0, false, CHAIN, 0, 10);
    writer.suspendWhileStoring(two, CHAIN);

    int accepted = 0;
    while (index.store(one, 0, false, CHAIN, 0, 1000)) {
      accepted++;
    }
    boolean removed = index.remove(one, CHAIN, 0, 1000);
    index.expect(one, CHAIN, 1000, 0, 1);
    index.clear(one);
    index.drop(THREE);
    int depthMeanwhile = depth(index, ONE);
    int droppedMeanwhile = match(index).blocks(2);
    writer.resume();

    assertEquals(ChangeTurns.MOST_WAITING / 1000, accepted);
    assertFalse(removed);
    assertEquals(3, index.stats().overflows());
    assertEquals(10, depthMeanwhile, "look-ups go on with what is visible");
    assertEquals(0, droppedMeanwhile, "a drop is visible at once");
    assertEquals(0, depth(index, ONE), "the clear came last");
    assertEquals(1000, depth(index, TWO));
    assertEquals(10L + 10 + 1000 + 1000L * accepted, index.stats().stored());
    assertTrue(index.store(one, 0, false, CHAIN, 0, 5), "there is room again");
    assertEquals(5, depth(index, ONE));
  }

  @Test
  void smallChangesAreBoundedByTheirNumber() throws InterruptedException {
    SuspendedWriter writer = new SuspendedWriter();
    KvBlockIndex index = writer.index;
    int one = index.holder(HolderKey.gpu(ONE));
    writer.suspendWhileStoring(index.holder(HolderKey.gpu(TWO)), CHAIN);

    int accepted = 0;
    while (index.remove(one, CHAIN, 0, 1)) {
      accepted++;
    }
    writer.resume();

    assertEquals(ChangeTurns.MOST_WAITING / ChangeTurns.LEAST, accepted);
    assertEquals(accepted, index.stats().removed());
  }

  @Test
  void changesQueuedForADroppedEndpointDoNotReachTheNextOwnerOfItsNumber()
      throws InterruptedException {
    SuspendedWriter writer = new SuspendedWriter();
    KvBlockIndex index = writer.index;
    int one = index.holder(HolderKey.gpu(ONE));
    writer.suspendWhileStoring(index.holder(HolderKey.gpu(TWO)), CHAIN);
    index.store(one, 0, false, CHAIN, 0, 10);

    index.drop(ONE);
    writer.resume();

    assertEquals(one, index.holder(HolderKey.gpu(THREE)));
    assertEquals(0, depth(index, THREE));
    assertEquals(10, index.stats().orphans());
  }

  @Test
  void numbersAreUsedAgainOnlyWhenTheSweepIsThrough() {
    KvBlockIndex index = KvBlockIndex.create(1 << 20, () -> 0);
    int one = index.holder(HolderKey.gpu(ONE));
    int slotOne = index.slot(ONE);
    long[] many = LongStream.range(0, 100_000).toArray();
    index.store(one, 0, false, many, 0, many.length);

    index.drop(ONE);
    int two = index.holder(HolderKey.gpu(TWO));
    int slotTwo = index.slot(TWO);
    for (int i = 0; i < 300; i++) {
      index.store(two, 0, false, CHAIN, 0, 1);
    }

    assertNotEquals(one, two);
    assertNotEquals(slotOne, slotTwo);
    assertEquals(1, index.stats().blocks());
    assertEquals(one, index.holder(HolderKey.gpu(THREE)));
    assertEquals(slotOne, index.slot(THREE));
    assertEquals(0, depth(index, THREE));
  }

  @Test
  void aGrownIndexStillHasEverything() {
    KvBlockIndex index = KvBlockIndex.create(1 << 20, () -> 0);
    int one = index.holder(HolderKey.gpu(ONE));
    long[] many = LongStream.range(0, 300_000).toArray();

    for (int i = 0; i < many.length; i += 1000) {
      index.store(one, 0, false, many, i, 1000);
    }

    PrefixMatch match = new PrefixMatch();
    index.match(many, 0, many.length, match);
    assertEquals(many.length, match.blocks(index.slot(ONE)));
    assertEquals(many.length, index.stats().blocks());
  }

  private static int depth(KvBlockIndex index, Endpoint endpoint) {
    return match(index).blocks(index.slot(endpoint));
  }

  private static PrefixMatch match(KvBlockIndex index) {
    PrefixMatch match = new PrefixMatch();
    index.match(CHAIN, 0, CHAIN.length, match);
    return match;
  }

  /** An index whose clock holds up one thread, which has the turn to write by then. */
  private static final class SuspendedWriter {

    private final AtomicReference<Thread> suspended = new AtomicReference<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    final KvBlockIndex index = KvBlockIndex.create(10_000, this::time);

    void suspendWhileStoring(int holder, long[] blocks) throws InterruptedException {
      Thread thread = new Thread(() -> index.store(holder, 0, false, blocks, 0, blocks.length));
      suspended.set(thread);
      thread.start();
      assertTrue(reached.await(10, TimeUnit.SECONDS));
    }

    void resume() throws InterruptedException {
      released.countDown();
      suspended.get().join(10_000);
      assertFalse(suspended.get().isAlive());
    }

    private long time() {
      if (Thread.currentThread() == suspended.get()) {
        reached.countDown();
        try {
          assertTrue(released.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return 0;
    }
  }
}
