package io.warmpath.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

/**
 * The sockets of one source.
 *
 * <p><b>Threads:</b> the subscriber's; {@link #counters} any.
 */
final class KvEventSource implements KvEventSequence.ReplayChannel {

  /** Messages taken from one socket before the next one has its turn. */
  private static final int TURN = 256;

  /** No message of an engine comes near; a peer that sends more is cut off. */
  private static final long MAX_MESSAGE_BYTES = 64L << 20;

  /**
   * JeroMQ 0.6.0 now and then (1 in 100 connections, measured) stops between connecting and the ZMTP
   * handshake where another socket was closed just before. It connects anew when this is over; its own
   * limit is 30 s.
   */
  private static final int HANDSHAKE_MILLIS = 1_000;

  private static final int RECONNECT_MILLIS = 100;
  private static final int MAX_RECONNECT_MILLIS = 5_000;
  // A line that is dead without a word, as after a power cut, is found out within a minute.
  private static final int KEEPALIVE_IDLE_SECONDS = 30;
  private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
  private static final int KEEPALIVE_PROBES = 3;
  private static final long RETRY_NANOS = 1_000_000_000;
  private static final long MAX_RETRY_NANOS = 60 * RETRY_NANOS;
  private static final Logger LOG = System.getLogger(KvEventSource.class.getName());

  /** What sources share. */
  record Shared(
      KvEventDecoder decoder,
      String topicPrefix,
      int maxQueued,
      int maxWaiting,
      long maxWaitingBytes,
      long replayIdleNanos,
      long replayDeadlineNanos,
      LongSupplier nanoClock,
      Runnable wake) {}

  final KvEventCounters counters = new KvEventCounters();
  private final Subscription subscription;
  private final Shared shared;
  private final KvEventSequence sequence;
  private final AtomicInteger connections = new AtomicInteger();
  private int connectionsSeen;
  private ZMQ.@Nullable Socket live;
  private ZMQ.@Nullable Socket replay;
  private ZMQ.@Nullable Poller poller;
  private @Nullable ZContext context;
  // The items and not their indices, which the poller changes when another one leaves.
  private ZMQ.@Nullable PollItem livePolled;
  private ZMQ.@Nullable PollItem replayPolled;
  private boolean failed;
  private long retryAt;
  private long retryNanos = RETRY_NANOS;
  private long replayIdleAt;
  private long replayDeadlineAt;
  private byte[] sequenceFrame = {};
  private byte[] batchFrame = {};

  KvEventSource(Subscription subscription, Shared shared) {
    this.subscription = subscription;
    this.shared = shared;
    sequence = new KvEventSequence(
        subscription.toString(),
        subscription.source().rank(),
        shared.decoder(),
        subscription.sink(),
        subscription.replayAddress() == null ? null : this,
        shared.maxWaiting(),
        shared.maxWaitingBytes(),
        counters);
  }

  private void open(ZContext context, ZMQ.Poller poller) {
    ZMQ.Socket socket = socket(context, SocketType.SUB);
    live = socket;
    socket.setTCPKeepAlive(1);
    socket.setTCPKeepAliveIdle(KEEPALIVE_IDLE_SECONDS);
    socket.setTCPKeepAliveInterval(KEEPALIVE_INTERVAL_SECONDS);
    socket.setTCPKeepAliveCount(KEEPALIVE_PROBES);
    // The hook runs on JeroMQ's own thread, before the first message of the connection can be read.
    OutageLog outages = new OutageLog(subscription.toString());
    socket.setEventHook(
        event -> {
          if (event.getEvent() == ZMonitor.Event.CONNECT_RETRIED) {
            outages.failed();
          } else {
            outages.connected();
            connections.incrementAndGet();
            shared.wake().run();
          }
        },
        zmq.ZMQ.ZMQ_EVENT_HANDSHAKE_PROTOCOL | zmq.ZMQ.ZMQ_EVENT_CONNECT_RETRIED);
    socket.subscribe(shared.topicPrefix());
    socket.connect(subscription.eventsAddress());
    livePolled = polled(socket, poller);
  }

  /** Disconnects; the sink is not called any more. */
  void close() {
    stop();
    close(live);
    live = null;
  }

  /** Connects if need be, takes what came and looks at the clock; after each poll. */
  void turn(ZContext context, ZMQ.Poller poller) {
    this.context = context;
    this.poller = poller;
    try {
      if (live != null || nanosToDeadline() <= 0) {
        serve(context, poller);
      }
    } catch (
        RuntimeException
            e) { // JeroMQ's, such as a host that has no address; sinks are guarded at their call
      if (!failed) {
        LOG.log(
            Level.WARNING,
            "KV events of {0}: {1}; will be tried again",
            subscription,
            e.getMessage());
      }
      failed = true;
      close();
      // Longer each time: looking up a host that has no address may block this thread for seconds.
      retryAt = shared.nanoClock().getAsLong() + retryNanos;
      retryNanos = Math.min(2 * retryNanos, MAX_RETRY_NANOS);
    }
  }

  private void serve(ZContext context, ZMQ.Poller poller) {
    if (live == null) {
      open(context, poller);
    }
    seeConnections();
    if (live != null && livePolled != null && livePolled.isReadable()) {
      takeLive(live);
    }
    if (replay != null && replayPolled != null && replayPolled.isReadable()) {
      takeReplayed(replay);
    }
    if (replay != null && nanosToDeadline() <= 0) {
      sequence.replayFailed();
    }
  }

  /** {@return nanoseconds until something is to be done even if nothing comes} */
  long nanosToDeadline() {
    long now = shared.nanoClock().getAsLong();
    if (live == null) {
      return failed ? retryAt - now : 0;
    }
    if (replay == null) {
      return Long.MAX_VALUE;
    }
    return Math.min(replayIdleAt - now, replayDeadlineAt - now);
  }

  private void takeLive(ZMQ.Socket socket) {
    for (int i = 0; i < TURN; i++) {
      if (!receive(socket)) {
        return;
      }
      seeConnections(); // a message is never taken for one of the connection before
      counters.messages.increment();
      long number = number();
      if (number < 0) {
        counters.malformedMessages.increment();
      } else {
        sequence.live(number, batchFrame);
      }
    }
  }

  private void takeReplayed(ZMQ.Socket socket) {
    for (int i = 0; i < TURN && socket == replay; i++) {
      if (!receive(socket)) {
        return;
      }
      replayIdleAt = shared.nanoClock().getAsLong() + shared.replayIdleNanos();
      long number = number();
      if (number >= 0) {
        sequence.replayed(number, batchFrame);
      } else if (isEnd()) {
        sequence.replayEnded();
      } else {
        counters.malformedMessages.increment();
      }
    }
  }

  private void seeConnections() {
    int made = connections.get();
    if (made != connectionsSeen) {
      connectionsSeen = made;
      sequence.connected();
      failed = false;
      retryNanos = RETRY_NANOS;
    }
  }

  /**
   * Reads one message and keeps its last two frames: batches come as {@code [topic][sequence][batch]},
   * replayed ones as {@code [empty][sequence][batch]} (vLLM up to 0.25, SGLang up to 0.5.21) or {@code
   * [empty][topic][sequence][batch]}.
   */
  private boolean receive(ZMQ.Socket socket) {
    byte[] frame = socket.recv(ZMQ.DONTWAIT);
    if (frame == null) {
      return false;
    }
    sequenceFrame = new byte[0];
    batchFrame = frame;
    while (socket.hasReceiveMore()) {
      frame = socket.recv();
      if (frame == null) {
        return false;
      }
      sequenceFrame = batchFrame;
      batchFrame = frame;
    }
    return true;
  }

  /** Returns the sequence number of the message read, negative if it has none. */
  private long number() {
    return sequenceFrame.length == Long.BYTES ? ByteBuffer.wrap(sequenceFrame).getLong() : -1;
  }

  private boolean isEnd() {
    return sequenceFrame.length == Long.BYTES && number() == -1 && batchFrame.length == 0;
  }

  @Override
  public void ask(long first) {
    stop();
    String address = subscription.replayAddress();
    if (context == null || poller == null || address == null) {
      return;
    }
    ZMQ.Socket socket = socket(context, SocketType.DEALER);
    replay = socket;
    socket.connect(address);
    socket.send(new byte[0], ZMQ.SNDMORE);
    socket.send(ByteBuffer.allocate(Long.BYTES).putLong(first).array(), 0);
    replayPolled = polled(socket, poller);
    long now = shared.nanoClock().getAsLong();
    replayIdleAt = now + shared.replayIdleNanos();
    replayDeadlineAt = now + shared.replayDeadlineNanos();
  }

  @Override
  public void stop() {
    close(replay);
    replay = null;
  }

  private static ZMQ.PollItem polled(ZMQ.Socket socket, ZMQ.Poller poller) {
    ZMQ.PollItem item = new ZMQ.PollItem(socket, ZMQ.Poller.POLLIN);
    poller.register(item);
    return item;
  }

  private void close(ZMQ.@Nullable Socket socket) {
    if (socket != null && poller != null) {
      poller.unregister(socket);
      socket.close();
    }
  }

  private ZMQ.Socket socket(ZContext context, SocketType type) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setLinger(0);
    socket.setRcvHWM(shared.maxQueued()); // the default of 1000 is soon full where a sink is slow
    socket.setMaxMsgSize(MAX_MESSAGE_BYTES);
    socket.setHandshakeIvl(HANDSHAKE_MILLIS);
    socket.setReconnectIVL(RECONNECT_MILLIS);
    socket.setReconnectIVLMax(MAX_RECONNECT_MILLIS);
    socket.setIPv6(subscription.eventsAddress().contains("["));
    return socket;
  }
}
