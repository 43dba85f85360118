package io.warmpath.vertx;

import java.util.concurrent.atomic.LongAdder;

/** What {@link ProxyStats} is the snapshot of. */
final class ProxyCounters {

  final LongAdder requests = new LongAdder();
  final LongAdder badRequests = new LongAdder();
  final LongAdder unroutable = new LongAdder();
  final LongAdder undelivered = new LongAdder();
  final LongAdder silent = new LongAdder();
  final LongAdder truncated = new LongAdder();
  final LongAdder cancelled = new LongAdder();
  final LongAdder stalled = new LongAdder();
  final LongAdder internalErrors = new LongAdder();
  final LongAdder modelListFailures = new LongAdder();
  final LongAdder scoreFailures = new LongAdder();

  ProxyStats stats() {
    return new ProxyStats(
        requests.sum(),
        badRequests.sum(),
        unroutable.sum(),
        undelivered.sum(),
        silent.sum(),
        truncated.sum(),
        cancelled.sum(),
        stalled.sum(),
        internalErrors.sum(),
        modelListFailures.sum(),
        scoreFailures.sum());
  }
}
