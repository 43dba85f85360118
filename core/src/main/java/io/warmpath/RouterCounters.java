package io.warmpath;

import io.warmpath.response.ResponseEnd;
import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link RouterStats}. */
final class RouterCounters {
  final LongAdder routed = new LongAdder();
  final LongAdder unroutable = new LongAdder();
  final LongAdder approximate = new LongAdder();
  final LongAdder tokenizedTooLate = new LongAdder();
  final LongAdder promptFailures = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder offloaded = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder exhausted = new LongAdder();
  final LongAdder observerFailures = new LongAdder();
  private final LongAdder[] ends = new LongAdder[ResponseEnd.values().length];

  RouterCounters() {
    for (int i = 0; i < ends.length; i++) {
      ends[i] = new LongAdder();
    }
  }

  LongAdder ended(ResponseEnd end) {
    return ends[end.ordinal()];
  }
}
