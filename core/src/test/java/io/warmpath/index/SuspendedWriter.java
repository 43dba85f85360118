package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** An index whose clock holds up one thread, which has the turn to write by then. */
final class SuspendedWriter {

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
    if (Thread.currentThread().equals(suspended.get())) {
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
