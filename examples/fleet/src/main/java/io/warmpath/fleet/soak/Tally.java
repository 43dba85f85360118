package io.warmpath.fleet.soak;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What clients and chaos count. <b>Threads:</b> any number. */
final class Tally {

  private static final int MOST_NOTES = 10;

  final LongAdder operations = new LongAdder();
  final LongAdder completed = new LongAdder();
  final LongAdder leftInBody = new LongAdder();
  final LongAdder leftBeforeHead = new LongAdder();
  final LongAdder leftMidStream = new LongAdder();
  final LongAdder stoppedReading = new LongAdder();
  final LongAdder truncated = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder servable = new LongAdder();
  final LongAdder cutWithoutCause = new LongAdder();
  final LongAdder wrong = new LongAdder();
  final LongAdder hung = new LongAdder();

  final LongAdder kills = new LongAdder();
  final LongAdder restarts = new LongAdder();
  final LongAdder drops = new LongAdder();
  final LongAdder blackouts = new LongAdder();

  private final Queue<String> notes = new ConcurrentLinkedQueue<>();

  /** Counts something that must not be, and keeps the first few of them in words. */
  void fault(LongAdder counter, String note) {
    counter.increment();
    if (notes.size() < MOST_NOTES) {
      notes.add(note);
    }
  }

  List<String> notes() {
    return List.copyOf(notes);
  }
}
