package io.warmpath.fleet.soak;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client: calls, reads or leaves, judges what it got, and calls again.
 *
 * <p>A failure that a live pod could have served is a call that got no byte of a body, but a status of 500 or more or a
 * broken connection, while one pod at least was registered and ran, untouched, from before the call to the failure.
 */
final class Caller implements Runnable {

  private static final int MIN_THINK_MILLIS = 5;
  private static final int MAX_THINK_MILLIS = 60;

  /** Until the answer has filled all buffers and the proxy's patience is over, on a slow machine. */
  private static final long STALL_SECONDS = 30;

  private static final long LOOK_MILLIS = 100;
  private static final String ENDPOINT = "x-warmpath-endpoint";
  private static final int TINY_BUFFER = 4096;

  private final SoakFleet fleet;
  private final Tally tally;
  private final CountDownLatch stop;
  private final boolean staller;
  private final SplittableRandom random;
  private final Conversations conversations;
  private @Nullable Wire wire;

  /**
   * @param staller whether it does nothing but stop reading
   * @param random this client's own
   */
  Caller(
      SoakFleet fleet,
      Tally tally,
      CountDownLatch stop,
      boolean staller,
      SplittableRandom random,
      long seed) {
    this.fleet = fleet;
    this.tally = tally;
    this.stop = stop;
    this.staller = staller;
    this.random = random;
    this.conversations = new Conversations(random, seed);
  }

  @Override
  public void run() {
    try {
      while (!stop.await(
          random.nextInt(MIN_THINK_MILLIS, MAX_THINK_MILLIS), TimeUnit.MILLISECONDS)) {
        tally.operations.increment();
        operation();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      hangUp();
    }
  }

  private void operation() throws InterruptedException {
    int draw = random.nextInt(100);
    if (staller) {
      stopReading();
    } else if (draw < 5) {
      leaveInBody();
    } else if (draw < 13) {
      leaveBeforeHead();
    } else if (draw < 23) {
      leaveMidStream();
    } else if (draw < 26) {
      call(conversations.many());
    } else {
      call(conversations.next(draw < 75));
    }
  }

  private void call(Ask ask) {
    long start = fleet.clock().nanos();
    Wire.Head head = begin(ask, start, connected());
    if (head == null || wire == null) {
      return;
    }
    try {
      String answer = wire.rest();
      if (head.status() == 200) {
        completed(ask.faultOf(answer));
      } else if (head.status() >= 500 && answer.startsWith("{\"error\":{\"message\":")) {
        refused(start, "status " + head.status() + ": " + answer);
      } else {
        tally.fault(tally.wrong, "status " + head.status() + ": " + answer);
      }
    } catch (IOException e) {
      brokenOff(head, start, e);
    }
  }

  private void completed(String fault) {
    if (fault.isEmpty()) {
      tally.completed.increment();
    } else {
      tally.fault(tally.wrong, fault);
    }
  }

  /** Sends a request and reads the head of its answer; {@return null if none came, which is judged} */
  private Wire.@Nullable Head begin(Ask ask, long start, @Nullable Wire connection) {
    try {
      if (connection == null) {
        throw new IOException("the proxy does not accept connections");
      }
      connection.send(ask);
      return connection.head();
    } catch (SocketTimeoutException e) {
      hung();
    } catch (IOException e) {
      hangUp();
      refused(start, e.toString());
    }
    return null;
  }

  private void refused(long start, String how) {
    if (fleet.couldServeSince(start)) {
      tally.fault(tally.servable, "not served although a pod lived: " + how);
    } else {
      tally.refused.increment();
    }
  }

  private void brokenOff(Wire.Head head, long start, IOException how) {
    hangUp();
    if (how instanceof SocketTimeoutException) {
      hung();
    } else if (fleet.hasRunSince(head.header(ENDPOINT), start)) {
      tally.fault(tally.cutWithoutCause, "cut off although its pod lived: " + how);
    } else {
      tally.truncated.increment();
    }
  }

  private void hung() {
    hangUp();
    tally.fault(tally.hung, "neither answered nor hung up on");
  }

  private void leaveInBody() {
    Wire connection = connected();
    Ask ask = conversations.next(true);
    try {
      if (connection != null) {
        connection.send(ask, random.nextInt(ask.body().length));
      }
    } catch (IOException e) {
      // Left anyhow.
    }
    leave();
    tally.leftInBody.increment();
  }

  private void leaveBeforeHead() throws InterruptedException {
    Wire connection = connected();
    try {
      if (connection != null) {
        connection.send(conversations.next(random.nextBoolean()));
      }
    } catch (IOException e) {
      // Left anyhow.
    }
    stop.await(random.nextInt(8), TimeUnit.MILLISECONDS);
    leave();
    tally.leftBeforeHead.increment();
  }

  private void leaveMidStream() {
    long start = fleet.clock().nanos();
    Wire.Head head = begin(conversations.next(true), start, connected());
    if (head == null || wire == null) {
      return;
    }
    try {
      if (head.status() != 200) {
        refused(start, "status " + head.status() + ": " + wire.rest());
        return;
      }
      wire.more();
    } catch (IOException e) {
      brokenOff(head, start, e);
      return;
    }
    leave();
    tally.leftMidStream.increment();
  }

  /** Asks for more than all buffers hold, reads the head alone, and waits for the proxy to lose its patience. */
  private void stopReading() throws InterruptedException {
    hangUp();
    long start = fleet.clock().nanos();
    long stalled = fleet.proxy().stats().stalled();
    Wire.Head head = begin(conversations.flood(), start, connected(TINY_BUFFER));
    if (head == null) {
      return;
    }
    String pod = head.header(ENDPOINT);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STALL_SECONDS);
    while (fleet.proxy().stats().stalled() == stalled
        && fleet.hasRunSince(pod, start)
        && System.nanoTime() < end
        && !stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      // The proxy has still patience.
    }
    leave();
    tally.stoppedReading.increment();
  }

  /** {@return the connection of the call before, or a new one; null if it cannot be had} */
  private @Nullable Wire connected() {
    return connected(0);
  }

  private @Nullable Wire connected(int receiveBytes) {
    if (wire == null) {
      try {
        wire = new Wire(fleet.port(), receiveBytes);
      } catch (IOException e) {
        return null;
      }
    }
    return wire;
  }

  private void leave() {
    if (wire != null) {
      wire.reset();
      wire = null;
    }
  }

  private void hangUp() {
    if (wire != null) {
      wire.close();
      wire = null;
    }
  }
}
