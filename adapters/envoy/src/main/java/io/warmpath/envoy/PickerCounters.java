package io.warmpath.envoy;

import java.util.concurrent.atomic.LongAdder;

/** What {@link PickerStats} is the snapshot of. */
final class PickerCounters {

  final LongAdder requests = new LongAdder();
  final LongAdder passedOn = new LongAdder();
  final LongAdder openCalls = new LongAdder();
  final LongAdder badRequests = new LongAdder();
  final LongAdder unroutable = new LongAdder();
  final LongAdder undelivered = new LongAdder();
  final LongAdder servedElsewhere = new LongAdder();
  final LongAdder silent = new LongAdder();
  final LongAdder cancelled = new LongAdder();
  final LongAdder unknownMessages = new LongAdder();
  final LongAdder misconfigured = new LongAdder();
  final LongAdder internalErrors = new LongAdder();
  final LongAdder scoreFailures = new LongAdder();

  PickerStats stats() {
    return new PickerStats(
        requests.sum(),
        passedOn.sum(),
        openCalls.sum(),
        badRequests.sum(),
        unroutable.sum(),
        undelivered.sum(),
        servedElsewhere.sum(),
        silent.sum(),
        cancelled.sum(),
        unknownMessages.sum(),
        misconfigured.sum(),
        internalErrors.sum(),
        scoreFailures.sum());
  }
}
