package io.warmpath.fleet.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Publishes KV events as vLLM 0.32 does: a PUB socket with frames {@code [topic][sequence, 8 bytes big-endian]
 * [payload]}, the sequence from 0, and a ROUTER socket that replays the newest batches to whoever asks with {@code
 * [empty][first sequence]}, an end marker after them. Both are bound and served by one thread, which sleeps while
 * there is nothing to do.
 *
 * <p><b>Threads:</b> {@link #publish} from one thread, which never blocks; {@link #stop} when that thread has ended or
 * from it. <b>Errors:</b> a batch that finds 100,000 others waiting is dropped and counted; its number is used up, so
 * subscribers see a gap. A replay request of another form gets no answer, as in vLLM, and is counted.
 */
final class KvEventPublisher {

  /** vLLM's {@code max_queue_size} and {@code hwm}. */
  static final int MAX_QUEUED_BATCHES = 100_000;

  private static final int HIGH_WATER_MARK = 100_000;
  /**
   * A handshake not done by then begins anew. In jeromq 0.6.0 about one new connection in a hundred hangs in it, seen
   * with nothing but a DEALER and a ROUTER on loopback; the default is 30 s.
   */
  private static final int HANDSHAKE_MILLIS = 500;

  private static final byte[] EMPTY = {};
  private static final byte[] END = {-1, -1, -1, -1, -1, -1, -1, -1};
  private static final byte[] WAKE = {1};
  private static final byte[] STOP = {0};
  private static final String SIGNALS = "inproc://signals";

  private record Batch(long sequence, double unixSeconds, List<CacheEvent> events) {}

  private final byte[] topic;
  private final DoubleSupplier unixSeconds;
  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(MAX_QUEUED_BATCHES);
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong badReplayRequests = new AtomicLong();
  private final byte[][] replay;
  private final ZContext context = new ZContext();
  private final ZMQ.Socket signals;
  private final int eventPort;
  private final int replayPort;
  private final Thread thread;
  private long nextSequence;

  // The publishing thread's.
  private final EventBatchEncoder encoder = new EventBatchEncoder();
  private long published;

  /** Binds both sockets and starts publishing. Throws {@link org.zeromq.ZMQException} if a port is taken. */
  KvEventPublisher(
      EngineConfig config, int wantedEventPort, int wantedReplayPort, DoubleSupplier unixSeconds) {
    this.topic = config.kvTopic().getBytes(StandardCharsets.UTF_8);
    this.unixSeconds = unixSeconds;
    this.replay = new byte[config.replayBatches()][];
    context.setLinger(0);
    ZMQ.Socket publish = context.createSocket(SocketType.PUB);
    publish.setSndHWM(HIGH_WATER_MARK);
    ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
    router.setSndHWM(
        2 * (config.replayBatches() + 1)); // as vLLM 0.33, so that a long replay is not cut
    ZMQ.Socket wakeUps = context.createSocket(SocketType.PULL);
    wakeUps.setRcvHWM(0);
    signals = context.createSocket(SocketType.PUSH);
    signals.setSndHWM(0);
    try {
      eventPort = bind(publish, config.host(), wantedEventPort);
      replayPort = bind(router, config.host(), wantedReplayPort);
      wakeUps.bind(SIGNALS);
      signals.connect(SIGNALS);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
    thread =
        new Thread(() -> run(publish, router, wakeUps), "fleet-" + config.name() + "-kv-events");
    thread.setDaemon(true);
    thread.start();
  }

  int eventPort() {
    return eventPort;
  }

  int replayPort() {
    return replayPort;
  }

  /** {@return batches lost because too many waited} */
  long dropped() {
    return dropped.get();
  }

  /** {@return replay requests that were not understood} */
  long badReplayRequests() {
    return badReplayRequests.get();
  }

  /** Queues one batch; the events are the publisher's from here on. */
  void publish(List<CacheEvent> events) {
    long sequence = nextSequence++;
    if (!queue.offer(new Batch(sequence, unixSeconds.getAsDouble(), events))) {
      dropped.incrementAndGet();
      return;
    }
    signals.send(WAKE, ZMQ.DONTWAIT);
  }

  /** Closes both sockets at once; what was not sent is lost. */
  void stop() throws InterruptedException {
    signals.send(STOP, ZMQ.DONTWAIT);
    thread.join();
    context.close();
  }

  private static int bind(ZMQ.Socket socket, String host, int port) {
    socket.setHandshakeIvl(HANDSHAKE_MILLIS);
    socket.bind("tcp://" + host + ":" + (port == 0 ? "*" : port));
    String endpoint = socket.getLastEndpoint();
    return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
  }

  private void run(ZMQ.Socket publish, ZMQ.Socket router, ZMQ.Socket wakeUps) {
    ZMQ.Poller poller = context.createPoller(2);
    int signal = poller.register(wakeUps, ZMQ.Poller.POLLIN);
    int request = poller.register(router, ZMQ.Poller.POLLIN);
    while (poller.poll(-1) >= 0) {
      if (poller.pollin(signal)) {
        if (wakeUps.recv()[0] == STOP[0]) {
          break;
        }
        publishQueued(publish);
      }
      if (poller.pollin(request)) {
        answer(router);
      }
    }
    poller.close();
  }

  private void publishQueued(ZMQ.Socket publish) {
    for (Batch batch = queue.poll(); batch != null; batch = queue.poll()) {
      byte[] payload = encoder.encode(batch.unixSeconds, batch.events);
      for (; published < batch.sequence; published++) {
        replay[slot(published)] = EMPTY; // dropped: nothing to replay
      }
      replay[slot(batch.sequence)] = payload;
      published = batch.sequence + 1;
      publish.sendMore(topic);
      publish.sendMore(bigEndian(batch.sequence));
      publish.send(payload);
    }
  }

  private void answer(ZMQ.Socket router) {
    byte[] identity = router.recv();
    int frames = 1;
    byte[] start = EMPTY;
    while (router.hasReceiveMore()) {
      start = router.recv();
      frames++;
    }
    if (frames != 3 || start.length != Long.BYTES) {
      badReplayRequests.incrementAndGet();
      return;
    }
    long first = ByteBuffer.wrap(start).getLong();
    long oldest = Math.max(0, published - replay.length);
    // A negative number is one beyond all that we sent.
    for (long sequence = first < 0 ? published : Math.max(first, oldest);
        sequence < published;
        sequence++) {
      byte[] payload = replay[slot(sequence)];
      if (payload.length > 0) {
        reply(router, identity, topic, bigEndian(sequence), payload);
      }
    }
    reply(router, identity, EMPTY, END, EMPTY);
  }

  private static void reply(
      ZMQ.Socket router, byte[] identity, byte[] topic, byte[] sequence, byte[] payload) {
    router.sendMore(identity);
    router.sendMore(EMPTY);
    router.sendMore(topic);
    router.sendMore(sequence);
    router.send(payload);
  }

  private int slot(long sequence) {
    return (int) (sequence % replay.length);
  }

  private static byte[] bigEndian(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
