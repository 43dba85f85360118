package io.warmpath.engine;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.KvEventSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Listens to the KV events of any number of engines and hands them to their sinks, in the engine's
 * order and each batch once; where that is not possible it tells the sink to forget.
 *
 * <p>A source is one data-parallel rank of one engine: a PUB socket that the engine bound, and
 * preferably its replay socket. With a replay socket everything the engine still has is asked for on
 * each connection, missing batches are asked for again, and a restart of the engine is told from a
 * break of the line. Without one, a missing batch or a new connection resets the source. Engines that
 * connect out to a bound router are not supported. What is not heard: an engine publishes nothing
 * while nothing changes, so silence is no error.
 *
 * <p><b>Threads:</b> safe for any number. It starts one thread, a daemon named {@code
 * warmpath-kv-events} unless a factory is given, which polls all sources and calls all sinks; a slow
 * sink delays the others, and so does a host name that is slow to be looked up, when its source is
 * connected. JeroMQ adds two daemon threads of its own. <b>Cost:</b> a batch is two passes over its
 * bytes and a checksum. Messages that were received and wait for their turn are bounded by number, and
 * those that wait for a replay by number and bytes; beyond, the engine's own queue fills, and what it
 * drops is a gap. <b>Errors:</b> bad bytes from the network are counted in
 * {@link KvEventStats} and cost at most a reset of their source. A sink that throws is reset with the
 * next batch. Logged as a warning, once each time: a source that cannot be reached, replays that fail.
 */
public final class KvEventSubscriber implements AutoCloseable {

  /** Silence after which a replay has failed: 5 s. An idle publisher looks for requests each 0.1 s. */
  public static final Duration DEFAULT_REPLAY_IDLE_LIMIT = Duration.ofSeconds(5);

  /** Time after which a replay has failed: 60 s. */
  public static final Duration DEFAULT_REPLAY_DEADLINE = Duration.ofSeconds(60);

  /** Received messages of a source that may wait for their turn: 100,000. */
  public static final int DEFAULT_MAX_QUEUED_MESSAGES = 100_000;

  /** Live batches of a source that may wait for a replay: 10,000, as many as vLLM keeps. */
  public static final int DEFAULT_MAX_WAITING_BATCHES = 10_000;

  /** Bytes of the live batches of a source that may wait for a replay: 64 MiB. */
  public static final long DEFAULT_MAX_WAITING_BYTES = 64L << 20;

  private static final Logger LOG = System.getLogger(KvEventSubscriber.class.getName());
  private static final long MAX_POLL_MILLIS = 60_000;
  private static final long CLOSE_MILLIS = 5_000;

  private final Map<Endpoint, KvEventSource> sources = new ConcurrentHashMap<>();
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final List<KvEventSource> open = new ArrayList<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final KvEventSource.Shared shared;
  private final Pipe wakeUp;
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean ended;

  private KvEventSubscriber(Builder builder) {
    shared = new KvEventSource.Shared(
        new KvEventDecoder(),
        builder.topicPrefix,
        builder.maxQueuedMessages,
        builder.maxWaitingBatches,
        builder.maxWaitingBytes,
        builder.replayIdleLimit.toNanos(),
        builder.replayDeadline.toNanos(),
        builder.nanoClock,
        this::wake);
    try {
      wakeUp = Pipe.open();
      wakeUp.source().configureBlocking(false);
      wakeUp.sink().configureBlocking(false);
    } catch (IOException e) {
      throw new UncheckedIOException("KV events: no pipe to wake the thread by", e);
    }
    thread = builder.threadFactory.newThread(this::run);
    thread.start();
  }

  /**
   * Starts a builder. All is optional; the constants of this class are the defaults, and every topic
   * is taken.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins to listen to a source; the engine need not be up yet.
   *
   * @param source the endpoint, with its rank
   * @param eventsAddress where its publisher is bound, {@code tcp://host:port}; rank {@code r} of a
   *     vLLM engine is at the configured port + {@code r}
   * @param replayAddress where its replay socket is bound, or null if it has none
   * @param sink receives the events, on this subscriber's thread; it should know nothing of the source
   * @throws IllegalArgumentException if an address is no such address, or the source is listened to
   *     already
   * @throws IllegalStateException if this was closed
   */
  public void subscribe(
      Endpoint source, String eventsAddress, @Nullable String replayAddress, KvEventSink sink) {
    KvEventSource added =
        new KvEventSource(new Subscription(source, eventsAddress, replayAddress, sink), shared);
    if (closed) {
      throw new IllegalStateException("KV event subscriber is closed");
    }
    if (sources.putIfAbsent(source, added) != null) {
      throw new IllegalArgumentException("endpoint '" + source.pod() + "', rank " + source.rank()
          + " is subscribed already; unsubscribe it first");
    }
    commands.add(() -> {
      if (sources.get(source) == added) { // else it was unsubscribed before this was queued
        open.add(added);
      }
    });
    wake();
  }

  /**
   * Stops listening to a source.
   *
   * @param source nothing happens if it is not listened to
   * @return completes when the source's sink will not be called any more; do not wait for it in a sink
   */
  public CompletionStage<Void> unsubscribe(Endpoint source) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    KvEventSource gone = sources.remove(source);
    if (gone == null) {
      done.complete(null);
      return done;
    }
    commands.add(() -> {
      open.remove(gone);
      gone.close();
      done.complete(null);
    });
    wake();
    if (ended) {
      done.complete(null);
    }
    return done;
  }

  /** {@return the sources listened to now} */
  public Set<Endpoint> sources() {
    return Set.copyOf(sources.keySet());
  }

  /** {@return what became of the events of all sources listened to now} */
  public KvEventStats stats() {
    return KvEventCounters.total(
        sources.values().stream().map(source -> source.counters).toList());
  }

  /**
   * Returns what became of the events of one source.
   *
   * @param source any
   * @return empty if it is not listened to
   */
  public Optional<KvEventStats> stats(Endpoint source) {
    return Optional.ofNullable(sources.get(source)).map(known -> known.counters.snapshot());
  }

  /** Stops listening and ends the thread; waits for it for at most 5 s. */
  @Override
  public void close() {
    closed = true;
    wake();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    if (awake.compareAndSet(false, true)) {
      try {
        wakeUp.sink().write(ByteBuffer.allocate(1));
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "KV events: the thread has ended", e);
      }
    }
  }

  private void run() {
    LOG.log(Level.DEBUG, "KV events: listening");
    try (ZContext context = new ZContext(1);
        ZMQ.Poller poller = context.createPoller(8)) {
      poller.register(wakeUp.source(), ZMQ.Poller.POLLIN);
      while (!closed) {
        poller.poll(pollMillis());
        runCommands();
        for (KvEventSource source : open) {
          source.turn(context, poller);
        }
        closed |= Thread.currentThread().isInterrupted();
      }
      open.forEach(KvEventSource::close);
    } finally {
      closed = true;
      ended = true;
      runCommands();
      closePipe();
      LOG.log(Level.DEBUG, "KV events: ended");
    }
  }

  private void runCommands() {
    try {
      ByteBuffer drained = ByteBuffer.allocate(8);
      while (wakeUp.source().read(drained) > 0) {
        drained.clear();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "KV events: the pipe is closed", e);
    }
    // After the pipe is empty and before the queue is read: a call of wake() is either seen in the
    // queue or writes to the pipe again.
    awake.set(false);
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
  }

  private long pollMillis() {
    long nanos = Long.MAX_VALUE;
    for (KvEventSource source : open) {
      nanos = Math.min(nanos, source.nanosToDeadline());
    }
    return Math.max(1, Math.min(MAX_POLL_MILLIS, nanos / 1_000_000 + 1));
  }

  private void closePipe() {
    try {
      wakeUp.sink().close();
      wakeUp.source().close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "KV events: closing the pipe", e);
    }
  }

  /** Collects what a subscriber is made with. <b>Threads:</b> one. */
  public static final class Builder {

    private String topicPrefix = "";
    private int maxQueuedMessages = DEFAULT_MAX_QUEUED_MESSAGES;
    private int maxWaitingBatches = DEFAULT_MAX_WAITING_BATCHES;
    private long maxWaitingBytes = DEFAULT_MAX_WAITING_BYTES;
    private Duration replayIdleLimit = DEFAULT_REPLAY_IDLE_LIMIT;
    private Duration replayDeadline = DEFAULT_REPLAY_DEADLINE;
    private LongSupplier nanoClock = System::nanoTime;
    private ThreadFactory threadFactory = task -> {
      Thread thread = new Thread(task, "warmpath-kv-events");
      thread.setDaemon(true);
      return thread;
    };

    private Builder() {}

    /**
     * Sets which topics are taken.
     *
     * @param topicPrefix begins each topic that is taken; empty, the default, for all
     * @return this
     */
    public Builder topicPrefix(String topicPrefix) {
      this.topicPrefix = topicPrefix;
      return this;
    }

    /**
     * Sets how long a replay may be silent.
     *
     * @param limit positive
     * @return this
     */
    public Builder replayIdleLimit(Duration limit) {
      replayIdleLimit = limit;
      return this;
    }

    /**
     * Sets how long a replay may take.
     *
     * @param deadline positive
     * @return this
     */
    public Builder replayDeadline(Duration deadline) {
      replayDeadline = deadline;
      return this;
    }

    /**
     * Sets how many received messages of a source may wait for the thread that polls; beyond, no more
     * are read, and in the end the engine drops some.
     *
     * @param messages at least 1
     * @return this
     */
    public Builder maxQueuedMessages(int messages) {
      maxQueuedMessages = messages;
      return this;
    }

    /**
     * Sets how many live batches of a source may wait for a replay; beyond, the source is reset.
     *
     * @param batches at least 1
     * @param bytes of these batches, at least 1
     * @return this
     */
    public Builder maxWaiting(int batches, long bytes) {
      maxWaitingBatches = batches;
      maxWaitingBytes = bytes;
      return this;
    }

    /**
     * Sets the clock of the limits on replays.
     *
     * @param nanoClock like {@link System#nanoTime}, the default
     * @return this
     */
    public Builder nanoClock(LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
      return this;
    }

    /**
     * Sets who makes the thread that polls.
     *
     * @param threadFactory called once
     * @return this
     */
    public Builder threadFactory(ThreadFactory threadFactory) {
      this.threadFactory = threadFactory;
      return this;
    }

    /**
     * Makes the subscriber and starts its thread.
     *
     * @return the subscriber
     * @throws IllegalArgumentException if a limit is not positive
     */
    public KvEventSubscriber build() {
      check("replayIdleLimit", replayIdleLimit.toNanos());
      check("replayDeadline", replayDeadline.toNanos());
      check("maxQueuedMessages", maxQueuedMessages);
      check("maxWaiting batches", maxWaitingBatches);
      check("maxWaiting bytes", maxWaitingBytes);
      return new KvEventSubscriber(this);
    }

    private static void check(String what, long value) {
      if (value <= 0) {
        throw new IllegalArgumentException(
            "KV event subscriber: " + what + " must be positive, was " + value);
      }
    }
  }
}
