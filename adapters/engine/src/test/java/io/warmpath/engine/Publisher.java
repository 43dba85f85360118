package io.warmpath.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * An engine's publisher: a PUB and a ROUTER socket on loopback.
 *
 * <p><b>Threads:</b> the test's, for publishing; one of its own answers replays.
 */
final class Publisher implements AutoCloseable {

  final int port;
  final int replayPort;
  private final ZContext context = new ZContext();
  private final ZMQ.Socket pub;
  private final ZMQ.Socket router;
  private final Thread replies;
  private final List<byte[]> batches = new ArrayList<>();
  private final boolean topicInReplies;
  private volatile int firstKept;
  private volatile List<byte[][]> recorded = List.of();
  private volatile boolean mute;

  Publisher(boolean topicInReplies) {
    this(topicInReplies, 0, 0);
  }

  /** Binds given ports, to stand in for an engine that went away. */
  Publisher(boolean topicInReplies, int port, int replayPort) {
    this.topicInReplies = topicInReplies;
    pub = context.createSocket(SocketType.XPUB);
    pub.setSndHWM(0);
    pub.setXpubVerbose(true);
    pub.setLinger(0);
    this.port = bind(pub, port);
    router = context.createSocket(SocketType.ROUTER);
    router.setLinger(0);
    this.replayPort = bind(router, replayPort);
    replies = new Thread(this::answer, "test-replays");
    replies.setDaemon(true);
    replies.start();
  }

  private static int bind(ZMQ.Socket socket, int port) {
    if (port == 0) {
      return socket.bindToRandomPort("tcp://127.0.0.1");
    }
    long end = System.nanoTime() + 5_000_000_000L;
    while (true) {
      try {
        socket.bind("tcp://127.0.0.1:" + port);
        return port;
      } catch (org.zeromq.ZMQException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  String address() {
    return "tcp://127.0.0.1:" + port;
  }

  String replayAddress() {
    return "tcp://127.0.0.1:" + replayPort;
  }

  /** Waits for a subscriber, so that nothing live is missed. */
  void awaitSubscriber() {
    pub.setReceiveTimeOut(10_000);
    byte[] subscription = pub.recv();
    if (subscription == null || subscription.length == 0 || subscription[0] != 1) {
      throw new AssertionError("no subscription");
    }
  }

  /** Keeps batches without sending them, as if they were lost. */
  void lose(byte[]... lost) {
    synchronized (batches) {
      batches.addAll(List.of(lost));
    }
  }

  void publish(byte[] batch) {
    int number;
    synchronized (batches) {
      number = batches.size();
      batches.add(batch);
    }
    send("kv@test@model".getBytes(StandardCharsets.UTF_8), number(number), batch);
  }

  void send(byte[]... frames) {
    for (int i = 0; i < frames.length; i++) {
      pub.send(frames[i], i < frames.length - 1 ? ZMQ.SNDMORE : 0);
    }
  }

  /** The replay buffer now begins at this batch. */
  void forgetBefore(int first) {
    firstKept = first;
  }

  /** Requests are answered with these frames, which somebody recorded. */
  void replyWith(List<byte[][]> recorded) {
    this.recorded = recorded;
  }

  /** Requests are not answered any more. */
  void mute() {
    mute = true;
  }

  static byte[] number(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  private void answer() {
    router.setReceiveTimeOut(20);
    try {
      while (!Thread.currentThread().isInterrupted()) {
        byte[] identity = router.recv();
        if (identity == null) {
          continue;
        }
        byte[] empty = router.recv();
        byte[] start = router.recv();
        if (empty.length == 0 && start.length == 8 && !router.hasReceiveMore() && !mute) {
          reply(identity, ByteBuffer.wrap(start).getLong());
        }
      }
    } catch (org.zeromq.ZMQException | zmq.ZError.IOException e) {
      Thread.currentThread().interrupt(); // the context is closed
    }
  }

  private void reply(byte[] identity, long start) {
    for (byte[][] frames : recorded) {
      router.send(identity, ZMQ.SNDMORE);
      for (int i = 0; i < frames.length; i++) {
        router.send(frames[i], i < frames.length - 1 ? ZMQ.SNDMORE : 0);
      }
    }
    if (!recorded.isEmpty()) {
      return;
    }
    List<byte[]> kept;
    synchronized (batches) {
      kept = List.copyOf(batches);
    }
    for (int i = (int) Math.max(start, firstKept); i < kept.size(); i++) {
      reply(identity, "kv@test@model", number(i), kept.get(i));
    }
    reply(identity, "", number(-1), new byte[0]);
  }

  private void reply(byte[] identity, String topic, byte[] number, byte[] batch) {
    router.send(identity, ZMQ.SNDMORE);
    router.send(new byte[0], ZMQ.SNDMORE);
    if (topicInReplies) {
      router.send(topic.getBytes(StandardCharsets.UTF_8), ZMQ.SNDMORE);
    }
    router.send(number, ZMQ.SNDMORE);
    router.send(batch, 0);
  }

  @Override
  public void close() {
    replies.interrupt();
    try {
      replies.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    context.close();
  }
}
