package io.warmpath.event;

import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link EventStats}, shared by the appliers of one pool. */
final class EventCounters {

  final LongAdder stored = new LongAdder();
  final LongAdder removed = new LongAdder();
  final LongAdder cleared = new LongAdder();
  final LongAdder resets = new LongAdder();
  final LongAdder refreshed = new LongAdder();
  final LongAdder otherBlockSize = new LongAdder();
  final LongAdder unknownParents = new LongAdder();
  final LongAdder unknownHashes = new LongAdder();
  final LongAdder sparse = new LongAdder();
  final LongAdder opaque = new LongAdder();
  final LongAdder notReusable = new LongAdder();
  final LongAdder pending = new LongAdder();
  final LongAdder adopted = new LongAdder();
  final LongAdder abandoned = new LongAdder();
  final LongAdder handlesFull = new LongAdder();
  final LongAdder ownDomains = new LongAdder();
  final LongAdder overflows = new LongAdder();

  /** {@return the counts now; they may be a few events apart} */
  EventStats stats(long handles, long handleBytes) {
    return new EventStats(
        stored.sum(),
        removed.sum(),
        cleared.sum(),
        resets.sum(),
        refreshed.sum(),
        otherBlockSize.sum(),
        unknownParents.sum(),
        unknownHashes.sum(),
        sparse.sum(),
        opaque.sum(),
        notReusable.sum(),
        pending.sum(),
        adopted.sum(),
        abandoned.sum(),
        handles,
        handleBytes,
        handlesFull.sum(),
        ownDomains.sum(),
        overflows.sum());
  }
}
