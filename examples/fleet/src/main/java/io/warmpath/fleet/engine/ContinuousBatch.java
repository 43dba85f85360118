package io.warmpath.fleet.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * vLLM's scheduler, one step at a time: sequences wait first come, first served; each step computes one token of every
 * sequence that decodes and as many prompt tokens as the step's budget has left (chunked prefill).
 *
 * <p>A sequence is admitted when blocks for its whole prompt are free. One that finds no block for its next token
 * takes those of the sequence admitted last, which waits at the head of the queue and is computed again (preemption by
 * recompute); nothing is admitted in such a step. A prompt never hits entirely: its last token is always computed.
 *
 * <p>Order of work as in the pod of Warmpath's policy simulator; blocks become visible to others when the step that
 * computes them ends. <b>Threads:</b> one at a time; no clock is read here.
 */
final class ContinuousBatch {

  /** A token ready at the end of a step. */
  record TokenUpdate(Sequence sequence, int token, boolean last) {}

  private final int blockSize;
  private final int maxNumSeqs;
  private final int maxNumBatchedTokens;
  private final StepTime stepTime;
  private final BlockCache cache;
  private final EngineCounters counters;
  private final Consumer<RequestTimes> ended;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();

  // The step being planned.
  private int budget;
  private long prefillTokens;
  private double prefillPairs;
  private int decodes;
  private long decodeContext;

  ContinuousBatch(
      EngineConfig config,
      BlockCache cache,
      EngineCounters counters,
      Consumer<RequestTimes> ended) {
    this.blockSize = config.blockSize();
    this.maxNumSeqs = config.maxNumSeqs();
    this.maxNumBatchedTokens = config.maxNumBatchedTokens();
    this.stepTime = config.stepTime();
    this.cache = cache;
    this.counters = counters;
    this.ended = ended;
  }

  /** Puts a sequence at the end of the queue. It fits the cache with all of its answer; the HTTP side saw to that. */
  void enqueue(Sequence sequence) {
    waiting.add(sequence);
  }

  int runningCount() {
    return running.size();
  }

  int waitingCount() {
    return waiting.size();
  }

  boolean isIdle() {
    return running.isEmpty() && waiting.isEmpty();
  }

  /** Plans the step that begins now and {@return how long it takes, simulated milliseconds; 0 if nothing runs} */
  double beginStep(double nowMillis) {
    budget = maxNumBatchedTokens;
    prefillTokens = 0;
    prefillPairs = 0;
    decodes = 0;
    decodeContext = 0;
    if (continueRunning()) {
      admitWaiting(nowMillis);
    }
    return running.isEmpty()
        ? 0
        : stepTime.millis(prefillTokens, prefillPairs, decodes, decodeContext);
  }

  /** Ends the step at {@code nowMillis}: blocks filled are cached, tokens are appended to {@code updates}. */
  void endStep(double nowMillis, List<TokenUpdate> updates) {
    int kept = 0;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      boolean finished = sequence.chunk > 0 && advance(sequence, nowMillis, updates);
      if (finished) {
        cache.release(sequence.table);
        counters.finished(sequence, nowMillis);
        ended.accept(sequence.times(nowMillis, false));
      } else {
        running.set(kept++, sequence);
      }
    }
    running.subList(kept, running.size()).clear();
  }

  /** Ends a sequence early, wherever it is; one that has ended already stays as it is. */
  void abort(Sequence sequence, double nowMillis) {
    if (running.remove(sequence)) {
      cache.release(sequence.table);
    } else if (!waiting.remove(sequence)) {
      return;
    }
    counters.aborted();
    ended.accept(sequence.times(nowMillis, true));
  }

  void abortAll(double nowMillis) {
    for (Sequence sequence : List.copyOf(running)) {
      abort(sequence, nowMillis);
    }
    for (Sequence sequence : List.copyOf(waiting)) {
      abort(sequence, nowMillis);
    }
  }

  private boolean continueRunning() {
    boolean preempted = false;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      sequence.chunk = 0;
      int chunk = Math.min(sequence.length() - sequence.computed, budget);
      if (chunk <= 0) {
        continue;
      }
      int blocks = blocksFor(sequence.computed + chunk);
      while (sequence.table.size() < blocks && !cache.grow(sequence.table)) {
        preempted = true;
        if (preemptLast() == sequence) {
          return false;
        }
      }
      schedule(sequence, chunk);
    }
    return !preempted;
  }

  private Sequence preemptLast() {
    Sequence victim = running.remove(running.size() - 1);
    cache.release(victim.table);
    victim.computed = 0;
    victim.chunk = 0;
    victim.preemptions++;
    counters.preempted();
    waiting.addFirst(victim);
    return victim;
  }

  private void admitWaiting(double nowMillis) {
    while (!waiting.isEmpty() && running.size() < maxNumSeqs && budget > 0) {
      Sequence sequence = waiting.peek();
      int length = sequence.length();
      int hits = cache.hits(sequence.chain, (length - 1) / blockSize);
      if (!cache.admit(sequence.table, sequence.chain, hits, blocksFor(length))) {
        return;
      }
      waiting.remove();
      if (!sequence.wasAdmitted()) {
        counters.queried(sequence.promptTokens, hits * blockSize);
      }
      sequence.admitted(nowMillis, hits * blockSize);
      schedule(sequence, Math.min(length - sequence.computed, budget));
      running.add(sequence);
    }
  }

  private void schedule(Sequence sequence, int chunk) {
    sequence.chunk = chunk;
    budget -= chunk;
    if (chunk == 1 && sequence.generated > 0) {
      decodes++;
      decodeContext += sequence.computed;
    } else {
      prefillTokens += chunk;
      prefillPairs += (double) chunk * sequence.computed + 0.5 * chunk * chunk;
    }
  }

  /** {@return whether that was the last token} */
  private boolean advance(Sequence sequence, double nowMillis, List<TokenUpdate> updates) {
    sequence.computed += sequence.chunk;
    sequence.chunk = 0;
    sequence.chain.extendTo(sequence.tokens, sequence.computed);
    cache.fill(sequence.table, sequence.chain, sequence.computed / blockSize, sequence.tokens);
    if (sequence.computed < sequence.length()) {
      return false;
    }
    int token = sequence.generate();
    double since = sequence.tokenReady(nowMillis);
    if (!Double.isNaN(since)) {
      counters.tokenAfter(since);
    }
    boolean last = sequence.isComplete();
    updates.add(new TokenUpdate(sequence, token, last));
    return last;
  }

  private int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }
}
