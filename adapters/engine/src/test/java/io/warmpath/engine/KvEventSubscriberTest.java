package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.KvEvent;
import io.warmpath.event.KvEventSink;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The subscriber against real sockets on loopback. Batch n removes block n. */
@Timeout(60)
class KvEventSubscriberTest {

  private static final Endpoint ONE = new Endpoint("one", "127.0.0.1", 8000, 0);
  private static final Endpoint TWO = new Endpoint("two", "127.0.0.1", 8001, 0);

  private final KvEventSubscriber subscriber =
      KvEventSubscriber.builder().replayIdleLimit(Duration.ofSeconds(3)).build();
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    subscriber.close();
  }

  @Test
  void batchesComeInOrder() {
    try (Publisher engine = new Publisher(true)) {
      subscriber.subscribe(ONE, engine.address(), null, sink(""));
      engine.awaitSubscriber();
      publish(engine, 0, 500);

      assertSeen("", 0, 500);
      assertEquals(500, stats().batches());
      assertEquals(499, stats().lastSequence());
      assertEquals(1, stats().connections());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRouterThatStartsLateLearnsWhatIsCached(boolean topicInReplies) {
    try (Publisher engine = new Publisher(topicInReplies)) {
      publish(engine, 0, 20);
      subscriber.subscribe(ONE, engine.address(), engine.replayAddress(), sink(""));
      engine.awaitSubscriber();
      assertSeen("", 0, 20);
      publish(engine, 20, 30);

      assertSeen("", 20, 30);
      assertEquals(20, stats().replayedBatches());
      assertEquals(0, stats().resets());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aGapIsFilledByAReplay(boolean topicInReplies) {
    try (Publisher engine = new Publisher(topicInReplies)) {
      subscriber.subscribe(ONE, engine.address(), engine.replayAddress(), sink(""));
      engine.awaitSubscriber();
      publish(engine, 0, 3);
      assertSeen("", 0, 3);
      engine.lose(batch(3), batch(4));
      publish(engine, 5, 8);

      assertSeen("", 3, 8);
      assertEquals(0, stats().resets());
    }
  }

  @Test
  void aGapWithoutReplayResets() {
    try (Publisher engine = new Publisher(true)) {
      subscriber.subscribe(ONE, engine.address(), null, sink(""));
      engine.awaitSubscriber();
      publish(engine, 0, 2);
      engine.lose(batch(2));
      publish(engine, 3, 5);

      assertSeen("", 0, 2);
      assertEquals("Reset[]", next());
      assertSeen("", 3, 5);
      assertEquals(1, stats().gaps());
    }
  }

  @Test
  void aReplayThatIsNotAnsweredResetsAfterItsLimit() {
    try (Publisher engine = new Publisher(true)) {
      subscriber.subscribe(ONE, engine.address(), engine.replayAddress(), sink(""));
      engine.awaitSubscriber();
      publish(engine, 0, 2);
      assertSeen("", 0, 2);
      engine.mute();
      engine.lose(batch(2));
      publish(engine, 3, 5);

      assertEquals("Reset[]", next());
      assertSeen("", 3, 5);
      assertEquals(1, stats().failedReplays());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRestartedEngineIsFoundOut(boolean replays) {
    int port;
    int replayPort;
    try (Publisher engine = new Publisher(true)) {
      port = engine.port;
      replayPort = engine.replayPort;
      subscriber.subscribe(
          ONE, engine.address(), replays ? engine.replayAddress() : null, sink(""));
      engine.awaitSubscriber();
      publish(engine, 0, 3);
      assertSeen("", 0, 3);
    }
    try (Publisher engine = new Publisher(true, port, replayPort)) {
      for (int i = 0; i < (replays ? 5 : 0); i++) {
        engine.lose(Batches.removal(7, 1_000 + i));
      }
      engine.awaitSubscriber();
      engine.publish(Batches.removal(7, 2_000));

      assertEquals("Reset[]", next());
      for (int i = 0; i < (replays ? 5 : 0); i++) {
        assertEquals("" + (1_000 + i), next());
      }
      assertEquals("2000", next());
      assertEquals(1, stats().resets());
      assertEquals(2, stats().connections());
    }
  }

  @Test
  void duplicatesAreDropped() {
    try (Publisher engine = new Publisher(true)) {
      subscriber.subscribe(ONE, engine.address(), null, sink(""));
      engine.awaitSubscriber();
      publish(engine, 0, 3);
      engine.send(new byte[0], Publisher.number(1), batch(1));
      engine.send(new byte[0], Publisher.number(2), batch(2));
      publish(engine, 3, 4);

      assertSeen("", 0, 4);
      assertEquals(2, stats().duplicates());
    }
  }

  @Test
  void hostileBytesKeepTheConnection() {
    try (Publisher engine = new Publisher(true)) {
      subscriber.subscribe(ONE, engine.address(), null, sink(""));
      engine.awaitSubscriber();
      engine.send(new byte[0]);
      engine.send(new byte[0], new byte[3], batch(0));
      engine.send(new byte[0], Publisher.number(-1), new byte[0]);
      engine.send(new byte[2000], new byte[0], Publisher.number(0), batch(0));
      engine.send("odd topic".getBytes(StandardCharsets.UTF_8), Publisher.number(1), new byte[9]);
      engine.send(new byte[0], Publisher.number(2), Golden.bytes("kv_events/bad_deep_nesting.bin"));
      engine.send(Publisher.number(3), batch(3));

      assertEquals("0", next());
      assertEquals("Reset[]", next());
      assertEquals("Reset[]", next());
      assertEquals("3", next());
      assertEquals(3, stats().malformedMessages());
      assertEquals(2, stats().rejectedBatches());
      assertEquals(1, stats().connections());
    }
  }

  @Test
  void sourcesAreKeptApart() {
    try (Publisher one = new Publisher(true);
        Publisher two = new Publisher(false)) {
      subscriber.subscribe(ONE, one.address(), one.replayAddress(), sink("a"));
      one.awaitSubscriber();
      publish(one, 0, 10);
      assertSeen("a", 0, 10);
      subscriber.subscribe(TWO, two.address(), two.replayAddress(), sink("b"));
      two.awaitSubscriber();
      publish(two, 0, 5);
      assertSeen("b", 0, 5);

      assertEquals(10, subscriber.stats(ONE).orElseThrow().removed());
      assertEquals(5, subscriber.stats(TWO).orElseThrow().removed());
      assertEquals(15, subscriber.stats().removed());
      assertEquals(2, subscriber.sources().size());
    }
  }

  @Test
  void anUnsubscribedSourceIsSilent() throws Exception {
    try (Publisher one = new Publisher(true);
        Publisher two = new Publisher(true)) {
      subscriber.subscribe(ONE, one.address(), null, sink("a"));
      subscriber.subscribe(TWO, two.address(), null, sink("b"));
      one.awaitSubscriber();
      two.awaitSubscriber();
      subscriber.unsubscribe(ONE).toCompletableFuture().get(10, TimeUnit.SECONDS);
      publish(one, 0, 5);
      publish(two, 0, 5);

      assertSeen("b", 0, 5);
      assertTrue(seen.isEmpty());
      assertTrue(subscriber.stats(ONE).isEmpty());

      subscriber.subscribe(ONE, one.address(), one.replayAddress(), sink("c"));
      assertSeen("c", 0, 5);
    }
  }

  @Test
  void recordedFramesOfRealPublishersAreUnderstood() {
    List<@Nullable Object> captures =
        Golden.list(Golden.map(Golden.json("kv_events/zmq_capture.json")).get("captures"));
    assertEquals(4, captures.size());
    for (Object capture : captures) {
      Map<String, @Nullable Object> map = Golden.map(capture);
      try (Publisher engine = new Publisher(true)) {
        Endpoint source = new Endpoint(map.get("engine") + "", "127.0.0.1", 8000, 1);
        subscriber.subscribe(
            source,
            engine.address(),
            null,
            KvEvent.recorder(event -> seen.add(((KvEvent.Stored) event).hashes()[0] + "")));
        engine.awaitSubscriber();
        for (Object frames : Golden.list(map.get("live_frames"))) {
          engine.send(Golden.list(frames).stream().map(Golden::hex).toArray(byte[][]::new));
        }

        for (int i = 0; i < 5; i++) {
          assertNotNull(next());
        }
        KvEventStats stats = subscriber.stats(source).orElseThrow();
        assertEquals(5, stats.stored());
        assertEquals(0, stats.skippedEvents());
        assertEquals(0, stats.rankMismatches());
        assertEquals(4, stats.lastSequence());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"e1_sha256_cbor", "e2_xxhash_cbor"})
  void aRecordedReplayOfARealEngineIsUnderstood(String recording) {
    List<byte[][]> replies =
        Golden.list(Golden.json("vllm_real/" + recording + "/replay_last.json")).stream()
            .map(reply -> Golden.list(reply).stream().map(Golden::hex).toArray(byte[][]::new))
            .toList();
    long newest = ByteBuffer.wrap(replies.get(replies.size() - 2)[2]).getLong();
    try (Publisher engine = new Publisher(true)) {
      engine.replyWith(replies);
      subscriber.subscribe(ONE, engine.address(), engine.replayAddress(), sink(""));
      engine.awaitSubscriber();

      assertNotNull(next());
      engine.send(new byte[0], Publisher.number(newest + 1), batch(77));
      String last = next();
      while (last != null && !last.equals("77")) {
        last = next();
      }
      assertEquals("77", last);
      assertEquals(replies.size() - 1, stats().replayedBatches());
      assertEquals(newest + 1, stats().lastSequence());
      assertEquals(
          0, stats().malformedMessages() + stats().skippedEvents() + stats().resets());
    }
  }

  @Test
  void anAddressWithoutHostIsRefused() {
    for (String address : List.of("tcp://*:5557", "127.0.0.1:5557", "tcp://host", "tcp://:1")) {
      IllegalArgumentException e = assertThrows(
          IllegalArgumentException.class, () -> subscriber.subscribe(ONE, address, null, sink("")));
      assertTrue(String.valueOf(e.getMessage()).contains(address), e.getMessage());
    }
    assertEquals(0, subscriber.sources().size());
  }

  @Test
  void aHostThatDoesNotResolveIsNoHarmToOthers() {
    try (Publisher engine = new Publisher(true)) {
      subscriber.subscribe(TWO, "tcp://[::1::1]:5557", null, sink("b")); // fails without a look-up
      subscriber.subscribe(ONE, engine.address(), null, sink(""));
      engine.awaitSubscriber();
      publish(engine, 0, 5);

      assertSeen("", 0, 5);
    }
  }

  @Test
  void anEngineThatWorksIsNothingToLog() {
    try (LogLines log = new LogLines();
        Publisher engine = new Publisher(true)) {
      KvEventSubscriber own = KvEventSubscriber.builder().build();
      own.subscribe(ONE, engine.address(), engine.replayAddress(), sink(""));
      engine.awaitSubscriber();
      publish(engine, 0, 3);
      assertSeen("", 0, 3);
      own.close();

      assertEquals(List.of(), log.all());
    }
  }

  @Test
  void anEngineThatCannotBeReachedIsLoggedOnceForEachOutage() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (LogLines log = new LogLines()) {
      subscriber.subscribe(ONE, "tcp://127.0.0.1:" + port, null, sink(""));
      awaitLines(log, 1);
      try (Publisher engine = new Publisher(true, port, 0)) {
        engine.awaitSubscriber();
        publish(engine, 0, 3);
        assertSeen("", 0, 3);
        assertEquals(1, log.all().size(), log.all().toString());
      }
      awaitLines(log, 2);

      assertEquals(
          2, log.with("WARNING KV events of one rank 0").size(), log.all().toString());
    }
  }

  private static void awaitOpen(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitLines(LogLines log, int count) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (log.all().size() < count) {
      assertTrue(System.nanoTime() < end, "not within 20 s: " + log.all());
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void batchesThatASlowSinkLeavesInTheQueueAreNotLost() {
    CountDownLatch slow = new CountDownLatch(1);
    try (Publisher engine = new Publisher(true);
        KvEventSubscriber own =
            KvEventSubscriber.builder().maxQueuedMessages(10).build()) {
      own.subscribe(ONE, engine.address(), null, KvEvent.recorder(event -> {
        awaitOpen(slow);
        seen.add("" + ((KvEvent.Removed) event).hashes()[0]);
      }));
      engine.awaitSubscriber();
      publish(engine, 0, 5_000);
      slow.countDown();

      assertSeen("", 0, 5_000);
      assertEquals(0, own.stats().gaps());
    }
  }

  @Test
  void aSourceIsSubscribedOnce() {
    subscriber.subscribe(ONE, "tcp://127.0.0.1:1", null, sink(""));

    assertThrows(
        IllegalArgumentException.class,
        () -> subscriber.subscribe(ONE, "tcp://127.0.0.1:1", null, sink("")));
  }

  @Test
  void closingEndsTheThread() throws Exception {
    Thread[] made = new Thread[1];
    KvEventSubscriber own = KvEventSubscriber.builder()
        .threadFactory(task -> made[0] = new Thread(task, "own"))
        .build();
    own.subscribe(ONE, "tcp://127.0.0.1:1", null, sink(""));

    own.close();

    assertFalse(made[0].isAlive());
    own.unsubscribe(ONE).toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThrows(
        IllegalStateException.class, () -> own.subscribe(TWO, "tcp://127.0.0.1:1", null, sink("")));
  }

  private KvEventStats stats() {
    return subscriber.stats(ONE).orElseThrow();
  }

  private KvEventSink sink(String name) {
    return KvEvent.recorder(event -> seen.add(
        event instanceof KvEvent.Removed removed ? name + removed.hashes()[0] : event.toString()));
  }

  private void assertSeen(String name, int from, int to) {
    for (int i = from; i < to; i++) {
      assertEquals(name + i, next());
    }
  }

  private @Nullable String next() {
    try {
      return seen.poll(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private static void publish(Publisher engine, int from, int to) {
    for (int i = from; i < to; i++) {
      engine.publish(batch(i));
    }
  }

  private static byte[] batch(int number) {
    return Batches.removal(1e9 + number, number);
  }
}
