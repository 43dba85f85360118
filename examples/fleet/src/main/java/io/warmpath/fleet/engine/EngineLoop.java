package io.warmpath.fleet.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one engine: runs its batch step after step, in simulated time.
 *
 * <p>Simulated time moves by the step-time model alone. A step begins where the last one ended and takes in what had
 * arrived by then; real time only says when its tokens are handed over, by waiting for the instant that the
 * {@link SimClock} gives. A late timer so delays tokens but changes no simulated time, and lateness does not add up.
 *
 * <p><b>Threads:</b> {@link #submit}, {@link #abort}, {@link #reset} and the readers from any thread; they never
 * block. While there is nothing to do the thread is parked.
 */
final class EngineLoop {

  private static final System.Logger LOG = System.getLogger(EngineLoop.class.getName());

  /** Where a step's results go. Called on the engine's thread; must return at once. */
  interface StepSink {
    void stepEnded(List<ContinuousBatch.TokenUpdate> updates, List<CacheEvent> events);
  }

  private final SimClock clock;
  private final BlockCache cache;
  private final ContinuousBatch batch;
  private final TimerLag lag = new TimerLag();
  private final String name;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final AtomicInteger submitted = new AtomicInteger();
  /** Arrived, but later than the present step began. */
  private final Deque<Sequence> arrived = new ArrayDeque<>();

  private double simMillis;
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;
  private volatile boolean parked;
  private volatile int running;
  private volatile int waiting;
  private volatile double usage;
  private volatile long dueNanos = Long.MAX_VALUE;

  @SuppressWarnings("UnnecessaryLambda") // the clock forgets what it watched by identity
  private final LongSupplier due = () -> dueNanos;

  EngineLoop(
      EngineConfig config,
      BlockCache cache,
      EngineCounters counters,
      Consumer<RequestTimes> ended) {
    this.clock = config.clock();
    this.cache = cache;
    this.batch = new ContinuousBatch(config, cache, counters, ended);
    this.name = "fleet-" + config.name() + "-engine";
  }

  /** Starts the thread; once. */
  void start(StepSink sink) {
    Thread started = new Thread(() -> run(sink), name);
    started.setDaemon(true);
    thread = started;
    started.start();
  }

  /** Queues a sequence; its sink hears of it from the next steps. */
  void submit(Sequence sequence) {
    submitted.incrementAndGet();
    execute(() -> {
      submitted.decrementAndGet();
      arrived.add(sequence);
    });
  }

  /** Ends a sequence at the end of the present step, and frees its blocks. */
  void abort(Sequence sequence) {
    execute(() -> {
      if (arrived.remove(sequence)) {
        batch.enqueue(sequence);
      }
      batch.abort(sequence, Math.max(simMillis, sequence.arrivalMillis));
    });
  }

  /** Empties the prefix cache if no block is in use, and says whether it did. */
  void reset(Consumer<Boolean> done) {
    execute(() -> done.accept(cache.reset()));
  }

  TimerLag lag() {
    return lag;
  }

  int running() {
    return running;
  }

  int waiting() {
    return waiting + submitted.get();
  }

  double usage() {
    return usage;
  }

  /** Ends everything at once, without a word to the clients, and waits for the thread. */
  void stop() throws InterruptedException {
    stopped = true;
    Thread started = thread;
    if (started != null) {
      LockSupport.unpark(started);
      started.join();
    }
  }

  private void execute(Runnable command) {
    commands.add(command);
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  private void run(StepSink sink) {
    clock.watch(due);
    try {
      while (!stopped) {
        runCommands();
        if (batch.isIdle() && arrived.isEmpty()) {
          parkUntilCommanded();
        } else {
          step(sink);
        }
      }
    } catch (RuntimeException bug) {
      LOG.log(System.Logger.Level.ERROR, name + " died", bug);
    } finally {
      clock.unwatch(due);
      arrived.forEach(batch::enqueue);
      batch.abortAll(simMillis);
      publishState();
    }
  }

  private void step(StepSink sink) {
    if (batch.isIdle()) {
      simMillis = Math.max(simMillis, arrived.element().arrivalMillis);
    }
    while (!arrived.isEmpty() && arrived.element().arrivalMillis <= simMillis) {
      batch.enqueue(arrived.remove());
    }
    double millis = batch.beginStep(simMillis);
    publishState();
    double end = simMillis + millis;
    long deadline = clock.deadlineNanos(end);
    dueNanos = deadline;
    sleepUntil(deadline);
    dueNanos = Long.MAX_VALUE;
    if (stopped) {
      return;
    }
    lag.record(clock.nowNanos() - deadline, deadline - clock.deadlineNanos(simMillis));
    simMillis = end;
    List<ContinuousBatch.TokenUpdate> updates = new ArrayList<>();
    batch.endStep(simMillis, updates);
    publishState();
    sink.stepEnded(updates, cache.drainEvents());
  }

  private void runCommands() {
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
      publishState();
    }
  }

  private void publishState() {
    running = batch.runningCount();
    waiting = batch.waitingCount() + arrived.size();
    usage = 1.0 - (double) cache.freeBlocks() / cache.capacity();
  }

  private void parkUntilCommanded() {
    parked = true;
    while (commands.isEmpty() && !stopped) {
      LockSupport.park(this);
    }
    parked = false;
  }

  private void sleepUntil(long deadline) {
    for (long left = deadline - clock.nowNanos();
        left > 0 && !stopped;
        left = deadline - clock.nowNanos()) {
      LockSupport.parkNanos(this, left);
    }
  }
}
