package io.warmpath.fleet.engine;

import java.util.concurrent.atomic.AtomicLong;

/** What an engine counts for {@code /metrics}. <b>Threads:</b> the engine's writes, any read. */
final class EngineCounters {

  final AtomicLong prefixQueries = new AtomicLong();
  final AtomicLong prefixHits = new AtomicLong();
  final AtomicLong preemptions = new AtomicLong();
  final AtomicLong promptTokens = new AtomicLong();
  final AtomicLong generatedTokens = new AtomicLong();
  final AtomicLong finished = new AtomicLong();
  final AtomicLong aborted = new AtomicLong();

  // Bounds as in vLLM 0.32's /metrics; simulated seconds.
  final LatencyHistogram ttft = new LatencyHistogram(
      0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
      80, 160, 640, 2560);
  final LatencyHistogram interToken = narrow();
  final LatencyHistogram timePerOutputToken = narrow();
  final LatencyHistogram endToEnd = wide();
  final LatencyHistogram queueTime = wide();

  private static LatencyHistogram narrow() {
    return new LatencyHistogram(
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
        80);
  }

  private static LatencyHistogram wide() {
    return new LatencyHistogram(
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920,
        7680);
  }

  void queried(int tokens, int hitTokens) {
    prefixQueries.addAndGet(tokens);
    prefixHits.addAndGet(hitTokens);
  }

  void preempted() {
    preemptions.incrementAndGet();
  }

  void tokenAfter(double millis) {
    interToken.record(millis / 1e3);
  }

  void finished(Sequence sequence, double endMillis) {
    finished.incrementAndGet();
    promptTokens.addAndGet(sequence.promptTokens);
    generatedTokens.addAndGet(sequence.generated);
    ttft.record((sequence.firstTokenMillis - sequence.arrivalMillis) / 1e3);
    queueTime.record((sequence.startMillis - sequence.arrivalMillis) / 1e3);
    endToEnd.record((endMillis - sequence.arrivalMillis) / 1e3);
    if (sequence.generated > 1) {
      timePerOutputToken.record(
          (endMillis - sequence.firstTokenMillis) / 1e3 / (sequence.generated - 1));
    }
  }

  void aborted() {
    aborted.incrementAndGet();
  }
}
