package io.warmpath.index;

import java.util.concurrent.atomic.LongAdder;

/** What an index counts; {@link IndexStats} says what each means. */
final class IndexCounters {

  final LongAdder stored = new LongAdder();
  final LongAdder removed = new LongAdder();
  final LongAdder unknownRemoved = new LongAdder();
  final LongAdder orphans = new LongAdder();
  final LongAdder full = new LongAdder();
  final LongAdder evicted = new LongAdder();
  final LongAdder outrun = new LongAdder();
  final LongAdder expired = new LongAdder();
  final LongAdder overflows = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder shortened = new LongAdder();
  final LongAdder growths = new LongAdder();
  final LongAdder splits = new LongAdder();
  final LongAdder branches = new LongAdder();

  IndexStats stats(
      long blocks, long capacityBlocks, long bytes, long places, long runs, int holders) {
    return new IndexStats(
        blocks,
        capacityBlocks,
        bytes,
        places,
        runs,
        holders,
        stored.sum(),
        removed.sum(),
        unknownRemoved.sum(),
        orphans.sum(),
        full.sum(),
        evicted.sum(),
        outrun.sum(),
        expired.sum(),
        overflows.sum(),
        retries.sum(),
        shortened.sum(),
        growths.sum(),
        splits.sum(),
        branches.sum());
  }
}
