package io.warmpath.engine;

import io.warmpath.engine.KvEventStats.Reason;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** The counters behind {@link KvEventStats}. <b>Threads:</b> one writes, any number read. */
final class KvEventCounters {

  final LongAdder connections = new LongAdder();
  final LongAdder messages = new LongAdder();
  final LongAdder malformedMessages = new LongAdder();
  final LongAdder batches = new LongAdder();
  final LongAdder rejectedBatches = new LongAdder();
  final LongAdder trailingBytes = new LongAdder();
  final LongAdder rankMismatches = new LongAdder();
  final LongAdder stored = new LongAdder();
  final LongAdder removed = new LongAdder();
  final LongAdder cleared = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder gaps = new LongAdder();
  final LongAdder lateJoins = new LongAdder();
  final LongAdder replays = new LongAdder();
  final LongAdder failedReplays = new LongAdder();
  final LongAdder replayedBatches = new LongAdder();
  final LongAdder restarts = new LongAdder();
  final LongAdder overflows = new LongAdder();
  final LongAdder resets = new LongAdder();
  final LongAdder sinkFailures = new LongAdder();
  volatile long lastSequence = -1;
  private final Map<Reason, LongAdder> skipped = new EnumMap<>(Reason.class);

  KvEventCounters() {
    for (Reason reason : Reason.values()) {
      skipped.put(reason, new LongAdder());
    }
  }

  void skipped(Reason reason) {
    counter(reason).increment();
  }

  private LongAdder counter(Reason reason) {
    return Objects.requireNonNull(skipped.get(reason));
  }

  KvEventStats snapshot() {
    return total(List.of(this), lastSequence);
  }

  static KvEventStats total(Collection<KvEventCounters> all) {
    return total(all, -1);
  }

  private static KvEventStats total(Collection<KvEventCounters> all, long lastSequence) {
    Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      reasons.put(reason, sum(all, counters -> counters.counter(reason)));
    }
    return new KvEventStats(
        sum(all, counters -> counters.connections),
        sum(all, counters -> counters.messages),
        sum(all, counters -> counters.malformedMessages),
        sum(all, counters -> counters.batches),
        sum(all, counters -> counters.rejectedBatches),
        sum(all, counters -> counters.trailingBytes),
        sum(all, counters -> counters.rankMismatches),
        sum(all, counters -> counters.stored),
        sum(all, counters -> counters.removed),
        sum(all, counters -> counters.cleared),
        reasons,
        sum(all, counters -> counters.duplicates),
        sum(all, counters -> counters.gaps),
        sum(all, counters -> counters.lateJoins),
        sum(all, counters -> counters.replays),
        sum(all, counters -> counters.failedReplays),
        sum(all, counters -> counters.replayedBatches),
        sum(all, counters -> counters.restarts),
        sum(all, counters -> counters.overflows),
        sum(all, counters -> counters.resets),
        sum(all, counters -> counters.sinkFailures),
        lastSequence);
  }

  private static long sum(
      Collection<KvEventCounters> all, Function<KvEventCounters, LongAdder> counter) {
    return all.stream().mapToLong(counters -> counter.apply(counters).sum()).sum();
  }
}
