package io.warmpath.index;

import java.util.concurrent.atomic.LongAdder;

/** What an index counts; {@link IndexStats} says what each means. */
final class IndexCounters {

  final LongAdder stored = new LongAdder();
  final LongAdder removed = new LongAdder();
  final LongAdder unknownRemoved = new LongAdder();
  final LongAdder orphans = new LongAdder();
  final LongAdder full = new LongAdder();
  final LongAdder expired = new LongAdder();
  final LongAdder overflows = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder shortened = new LongAdder();

  IndexStats stats(long blocks, long capacityBlocks, int holders) {
    return new IndexStats(
        blocks,
        capacityBlocks,
        holders,
        stored.sum(),
        removed.sum(),
        unknownRemoved.sum(),
        orphans.sum(),
        full.sum(),
        expired.sum(),
        overflows.sum(),
        retries.sum(),
        shortened.sum());
  }
}
