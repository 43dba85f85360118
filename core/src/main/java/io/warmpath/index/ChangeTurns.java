package io.warmpath.index;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives turns to write: one thread at a time has the turn; what others want to change meanwhile
 * waits in a queue, and the thread that has the turn applies it for them (flat combining: Hendler and
 * others, SPAA 2010).
 *
 * <p>A change is never left behind: whoever queues one tries to get the turn afterwards, and whoever
 * gives the turn back looks at the queue afterwards; flag and queue are sequentially consistent, so
 * one of the two sees the other.
 *
 * <p><b>Threads:</b> any; lock-free as long as the thread with the turn runs. A thread that has the
 * turn may apply many changes of others before it returns.
 */
final class ChangeTurns {

  /** What may wait: 4 Mi blocks (32 MiB), a change counting for at least {@link #LEAST}. */
  static final long MOST_WAITING = 4 << 20;

  /** Blocks that the smallest change counts for, so that at most 65,536 changes wait. */
  static final int LEAST = 64;

  private final RunWriter writer;
  private final Queue<Change> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicBoolean taken = new AtomicBoolean();

  ChangeTurns(RunWriter writer) {
    this.writer = writer;
  }

  /** Tries to get the turn; then everything queued before is applied, and {@link #end} must follow. */
  boolean begin() {
    if (!taken.compareAndSet(false, true)) {
      return false;
    }
    boolean begun = false;
    try {
      writer.begin();
      applyQueued();
      begun = true;
    } finally {
      if (!begun) {
        taken.set(false);
      }
    }
    return true;
  }

  /** Gives the turn back. */
  void end() {
    endOnly();
    help();
  }

  /** Queues a change. {@return false if too much waits already} */
  boolean offer(Change change) {
    int weight = weight(change);
    if (waiting.addAndGet(weight) > MOST_WAITING) {
      waiting.addAndGet(-weight);
      return false;
    }
    enqueue(change);
    return true;
  }

  /** Queues a change that must not be lost; it has no blocks, and its caller bounds how many there are. */
  void force(Change change) {
    waiting.addAndGet(weight(change));
    enqueue(change);
  }

  private void enqueue(Change change) {
    queue.add(change);
    help();
  }

  private void help() {
    while (!queue.isEmpty() && begin()) {
      endOnly();
    }
  }

  private void endOnly() {
    writer.end();
    taken.set(false);
  }

  private void applyQueued() {
    for (Change change = queue.poll(); change != null; change = queue.poll()) {
      waiting.addAndGet(-weight(change));
      change.applyTo(writer);
    }
  }

  private static int weight(Change change) {
    return Math.max(LEAST, change.blocks());
  }
}
