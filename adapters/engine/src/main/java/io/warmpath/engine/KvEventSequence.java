package io.warmpath.engine;

import io.warmpath.engine.KvEventDecoder.Result;
import io.warmpath.event.KvEventSink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Brings the batches of one source into the engine's order, each of them once, and tells the sink to
 * forget where that is not possible.
 *
 * <p><b>Threads:</b> one. Free of sockets and clocks.
 */
final class KvEventSequence {

  /*
   * An engine numbers its batches from 0 and starts again at 0 when it restarts, then with an empty
   * cache. It publishes them to whoever is connected (live) and may keep the newest to be asked for
   * (replay). Four things can go wrong, and all end in one of two answers, ask for a replay or reset:
   *
   *   a number is skipped      replay from the first missing one; live batches wait meanwhile. What
   *                            the replay does not bring is lost: reset.
   *   a number goes back       on one connection numbers only rise, so the engine started anew: reset,
   *                            replay from 0. (Short steps back are dropped as duplicates.)
   *   the connection is new    the engine may have restarted unseen, and may even be past our number
   *                            already. Replay from the last applied batch, inclusive: the same bytes
   *                            prove the same engine, as each batch begins with its time. Without
   *                            replay nothing can prove it: reset.
   *   the bytes are broken     a replay brings the same bytes: reset. So too if one removal among
   *                            them cannot be read, as its blocks would be believed for ever.
   *
   * Batches after a reset are applied as they come. What is known then is too little, never too much:
   * a removal of an unknown block does nothing.
   */

  /** How replays are asked for. */
  interface ReplayChannel {
    /** Asks for all batches from {@code first}; forgets an earlier request. */
    void ask(long first);

    /** Forgets the request. */
    void stop();
  }

  private record Waiting(long sequence, byte[] batch) {}

  private static final Logger LOG = System.getLogger(KvEventSequence.class.getName());

  /** A step back by more than this is a restart even where no new connection was seen. */
  static final long FAR_BACK = 1_000;

  private static final long NONE = -1;

  private final String name;
  private final int rank;
  private final KvEventDecoder decoder;
  private final KvEventSink sink;
  private final @Nullable ReplayChannel replays;
  private final int maxWaiting;
  private final long maxWaitingBytes;
  private final KvEventCounters counters;
  private final CRC32C crc = new CRC32C();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long applied = NONE;
  private int appliedLength;
  private long appliedCrc;
  private long lastLive = NONE;
  private boolean sinkFailed;
  private boolean replaysFail;
  private boolean replaying;
  private boolean proving;
  private long asked;

  /**
   * Creates the order of a source of which nothing is known.
   *
   * @param name for the log
   * @param rank data-parallel rank the batches should name
   * @param decoder shared with other sources of the same thread
   * @param sink receives the events
   * @param replays null where the engine offers no replay
   * @param maxWaiting batches that may wait for a replay
   * @param maxWaitingBytes their bytes
   * @param counters receives the counts
   */
  KvEventSequence(
      String name,
      int rank,
      KvEventDecoder decoder,
      KvEventSink sink,
      @Nullable ReplayChannel replays,
      int maxWaiting,
      long maxWaitingBytes,
      KvEventCounters counters) {
    this.name = name;
    this.rank = rank;
    this.decoder = decoder;
    this.sink = sink;
    this.replays = replays;
    this.maxWaiting = maxWaiting;
    this.maxWaitingBytes = maxWaitingBytes;
    this.counters = counters;
  }

  /** The live connection was made, for the first time or anew. */
  void connected() {
    counters.connections.increment();
    lastLive = NONE;
    dropWaiting();
    if (replays == null) {
      forget();
    } else {
      replay(Math.max(applied, 0), applied != NONE);
    }
  }

  /**
   * A batch came live.
   *
   * @param sequence at least 0
   * @param batch kept while a replay runs
   */
  void live(long sequence, byte[] batch) {
    if (sequence <= lastLive) {
      boolean again = sequence == applied && isApplied(batch);
      if (again || (sequence > 0 && lastLive - sequence <= FAR_BACK)) {
        counters.duplicates.increment();
        return;
      }
      stopReplay();
      dropWaiting();
      restarted();
    }
    lastLive = sequence;
    if (replaying || !take(sequence, batch, true)) {
      waitFor(sequence, batch);
    }
  }

  /**
   * A batch came as part of the replay that was asked for last.
   *
   * @param sequence at least 0
   * @param batch not kept
   */
  void replayed(long sequence, byte[] batch) {
    if (!replaying) {
      return;
    }
    if (proving) {
      proving = false;
      if (sequence == asked && isApplied(batch)) {
        return;
      }
      if (sequence == asked) {
        restarted();
        replay(0, false);
        return;
      }
      forget();
    }
    if (sequence <= applied) {
      counters.duplicates.increment();
      return;
    }
    if (sinkFailed) {
      forget();
    }
    if (sequence > applied + 1) {
      if (applied >= asked) {
        counters.gaps.increment();
      }
      joinLater();
    }
    counters.replayedBatches.increment();
    apply(sequence, batch);
  }

  /** The replay that was asked for last is complete. */
  void replayEnded() {
    if (!replaying) {
      return;
    }
    replaysFail = false;
    stopReplay();
    if (proving) { // the engine has not come as far as we are
      restarted();
      replay(0, false);
    } else {
      // What a replay just did not bring is not asked for again.
      takeWaiting(applied + 1 != asked);
    }
  }

  /** The replay that was asked for last did not come to its end in time. */
  void replayFailed() {
    if (!replaying) {
      return;
    }
    counters.failedReplays.increment();
    if (!replaysFail) {
      LOG.log(Level.WARNING, "KV events of {0}: no end of the replay in time", name);
    }
    replaysFail = true;
    stopReplay();
    if (proving) {
      forget();
    }
    takeWaiting(false);
  }

  /** Applies a live batch, or returns false if it has to wait for a replay, which is asked for. */
  private boolean take(long sequence, byte[] batch, boolean mayReplay) {
    if (sequence <= applied) {
      counters.duplicates.increment();
      return true;
    }
    if (sinkFailed) {
      forget();
    } else if (sequence > applied + 1 && mayReplay) {
      if (applied != NONE) {
        counters.gaps.increment();
      }
      if (replays != null) {
        replay(applied + 1, false);
        return false;
      }
    }
    if (sequence > applied + 1) {
      joinLater();
    }
    apply(sequence, batch);
    return true;
  }

  /** Batches before the one at hand are not to be had. */
  private void joinLater() {
    if (applied == NONE) {
      counters.lateJoins.increment();
    } else {
      forget();
    }
  }

  private void takeWaiting(boolean mayReplayFirst) {
    boolean mayReplay = mayReplayFirst;
    while (!waiting.isEmpty()) {
      Waiting next = waiting.element();
      long before = applied;
      if (!take(next.sequence, next.batch, mayReplay)) {
        return;
      }
      waiting.remove();
      waitingBytes -= next.batch.length;
      mayReplay |= applied != before;
    }
  }

  private void waitFor(long sequence, byte[] batch) {
    waiting.add(new Waiting(sequence, batch));
    waitingBytes += batch.length;
    if (waiting.size() > maxWaiting || waitingBytes > maxWaitingBytes) {
      counters.overflows.increment();
      stopReplay();
      dropWaiting();
      forget();
      apply(sequence, batch);
    }
  }

  private void apply(long sequence, byte[] batch) {
    applied = sequence;
    appliedLength = batch.length;
    appliedCrc = crc(batch);
    counters.lastSequence = sequence;
    try {
      if (decoder.decode(batch, 0, batch.length, rank, sink, counters) == Result.REJECTED
          || decoder.lostRemoval()) {
        reset();
      }
    } catch (RuntimeException e) {
      sinkFailed(e);
    }
  }

  private boolean isApplied(byte[] batch) {
    return batch.length == appliedLength && crc(batch) == appliedCrc;
  }

  private long crc(byte[] batch) {
    crc.reset();
    crc.update(batch, 0, batch.length);
    return crc.getValue();
  }

  private void replay(long first, boolean proving) {
    if (replays != null) {
      counters.replays.increment();
      replaying = true;
      asked = first;
      this.proving = proving;
      replays.ask(first);
    }
  }

  private void stopReplay() {
    if (replaying && replays != null) {
      replaying = false;
      replays.stop();
    }
  }

  private void dropWaiting() {
    waiting.clear();
    waitingBytes = 0;
  }

  private void restarted() {
    counters.restarts.increment();
    forget();
  }

  private void forget() {
    sinkFailed = false;
    if (applied != NONE) {
      applied = NONE;
      reset();
    }
  }

  private void reset() {
    counters.resets.increment();
    try {
      sink.reset();
    } catch (RuntimeException e) {
      sinkFailed(e);
    }
  }

  private void sinkFailed(RuntimeException e) {
    sinkFailed = true;
    counters.sinkFailures.increment();
    if (counters.sinkFailures.sum() == 1) {
      LOG.log(Level.WARNING, "KV events of " + name + ": the sink threw; this is logged once", e);
    }
  }
}
