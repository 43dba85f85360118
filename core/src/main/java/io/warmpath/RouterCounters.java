package io.warmpath;

import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link RouterStats}. */
final class RouterCounters {
  final LongAdder routed = new LongAdder();
  final LongAdder unroutable = new LongAdder();
  final LongAdder ended = new LongAdder();
  final LongAdder untokenized = new LongAdder();
  final LongAdder promptFailures = new LongAdder();
  final LongAdder offloaded = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder exhausted = new LongAdder();
  final LongAdder observerFailures = new LongAdder();
}
