package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.warmpath.engine.FakeEngine;
import io.warmpath.response.ResponseEnd;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class BrokenConnectionTest {

  private static final String EVENT = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(20, TimeUnit.SECONDS));
  }

  @Test
  void aClientThatLeavesBeforeTheHeadCancels() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          asked.countDown();
          to.awaitClose();
          released.countDown();
        });
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      Socket client = proxy.openChat();
      await(asked);
      client.close();

      assertEquals(ResponseEnd.CANCELLED, proxy.nextEnd());
      await(released);
      assertEquals(1, proxy.server.stats().cancelled());
    }
  }

  @Test
  void aClientThatLeavesBetweenHeadAndFirstByteCancels() throws Exception {
    CountDownLatch headSent = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          headSent.countDown();
          to.awaitClose();
          released.countDown();
        });
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      Socket client = proxy.openChat();
      await(headSent);
      client.close();

      assertEquals(ResponseEnd.CANCELLED, proxy.nextEnd());
      await(released);
      assertEquals(1, proxy.router.stats().cancelled());
    }
  }

  @Test
  void aClientThatLeavesBeforeItsRequestIsRoutedReachesNoEngine() throws Exception {
    BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    try (FakeEngine engine = sendsOneEvent(new CountDownLatch(1));
        RunningProxy proxy = RunningProxy.routing(
            router -> router.inlineBytes(0).executor(waiting::add), engine.address())) {
      Socket client = proxy.openChat();
      Runnable routing = waiting.poll(20, TimeUnit.SECONDS);
      client.close();
      RunningProxy.await("cancelled", () -> proxy.server.stats().cancelled() == 1);
      Objects.requireNonNull(routing).run();

      assertEquals(ResponseEnd.CANCELLED, proxy.nextEnd());
      assertEquals(0, engine.requests.size());
    }
  }

  @Test
  void aClientThatLeavesBeforeAConnectionIsFreeReachesNoEngineAndNoLog() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler log = hearing(logged);
    Logger vertx = Logger.getLogger("io.vertx");
    vertx.addHandler(log);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          asked.countDown();
          go.await(20, TimeUnit.SECONDS);
          to.json(200, "{}");
        });
        RunningProxy proxy = RunningProxy.with(
            options -> options.connectionsPerEndpoint(1).eventLoops(1), engine.address());
        Socket first = proxy.openChat()) {
      await(asked);
      Socket second = proxy.openChat();
      RunningProxy.await("routed", () -> proxy.router.stats().routed() == 2);
      second.close();
      assertEquals(ResponseEnd.CANCELLED, proxy.nextEnd());
      go.countDown();

      assertEquals(ResponseEnd.COMPLETE, proxy.nextEnd());
      assertTrue(first.getInputStream().read() >= 0);
      assertEquals("{}", proxy.chat().body());
      assertEquals(2, engine.requests.size());
      assertEquals(List.of(), logged);
    } finally {
      vertx.removeHandler(log);
    }
  }

  private static Handler hearing(List<String> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        logged.add(line.getLevel() + " " + line.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void aClientThatLeavesAtDoneHasHadItsWholeAnswer() throws Exception {
    String events = EVENT + "data: [DONE]\n\n";
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(events);
          to.awaitClose();
        });
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      Socket client = proxy.openChat();
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf("[DONE]") < 0) {
        seen.append((char) client.getInputStream().read());
      }
      client.close();

      assertEquals(ResponseEnd.COMPLETE, proxy.nextEnd());
      assertEquals(1, proxy.router.stats().completed());
    }
  }

  @Test
  void aClientThatLeavesMidStreamCancels() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (FakeEngine engine = sendsOneEvent(released);
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      Socket client = proxy.openChat();
      client.getInputStream().readNBytes(20);
      client.close();

      assertEquals(ResponseEnd.CANCELLED, proxy.nextEnd());
      await(released);
    }
  }

  @Test
  void aClientThatLeavesWhileItsBodyComesRoutesNothing() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      try (Socket client = new Socket("127.0.0.1", proxy.server.port())) {
        client
            .getOutputStream()
            .write("POST /v1/completions HTTP/1.1\r\nHost: p\r\nContent-Length: 9\r\n\r\n{"
                .getBytes(StandardCharsets.US_ASCII));
      }
      // The next request is served after the proxy has seen both; nothing of the first is left.
      proxy.chat();

      assertEquals(1, proxy.router.stats().routed());
      RunningProxy.await("cancelled", () -> proxy.server.stats().cancelled() == 1);
    }
  }

  @Test
  void anEngineThatDiesMidStreamCutsTheClientOff() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(EVENT);
          to.reset();
        });
        RunningProxy proxy = RunningProxy.before(engine.address());
        Socket client = proxy.openChat()) {
      String answer = readToTheEnd(client);

      assertTrue(answer.contains(EVENT), answer);
      assertFalse(answer.contains("\r\n0\r\n"), "a clean end: " + answer);
      assertEquals(ResponseEnd.TRUNCATED, proxy.nextEnd());
      assertEquals(1, proxy.server.stats().truncated());
      assertEquals(1, proxy.router.stats().truncated());
    }
  }

  @Test
  void aShortBodyIsNotPassedAsAWholeOne() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\"");
          to.reset();
        });
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      assertThrows(IOException.class, proxy::chat);
      assertEquals(ResponseEnd.TRUNCATED, proxy.nextEnd());
    }
  }

  @Test
  void aStreamThatGoesSilentIsCutOff() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (FakeEngine engine = sendsOneEvent(released);
        RunningProxy proxy = RunningProxy.with(
            options -> options.idleTimeout(Duration.ofMillis(200)), engine.address());
        Socket client = proxy.openChat()) {
      String answer = readToTheEnd(client);

      assertTrue(answer.contains(EVENT), answer);
      assertFalse(answer.contains("\r\n0\r\n"), "a clean end: " + answer);
      assertEquals(ResponseEnd.SILENT, proxy.nextEnd());
      await(released);
      assertEquals(1, proxy.server.stats().silent());
      assertEquals(1, proxy.router.stats().silent());
    }
  }

  @Test
  void aStreamThatTricklesIsNotSilent() throws Exception {
    int events = 8;
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          for (int i = 0; i < events; i++) {
            to.chunk(EVENT);
            assertFalse(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS));
          }
          to.streamEnd();
        });
        RunningProxy proxy = RunningProxy.with(
            options -> options.idleTimeout(Duration.ofMillis(500)), engine.address())) {
      assertEquals(EVENT.repeat(events), proxy.chat().body());
    }
  }

  @Test
  void anEngineThatNeverAnswersIs504() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.awaitClose();
          released.countDown();
        });
        RunningProxy proxy = RunningProxy.with(
            options -> options.firstByteTimeout(Duration.ofMillis(200)), engine.address())) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(504, response.statusCode());
      assertTrue(response.body().contains(engine.address() + " sent nothing"), response.body());
      assertTrue(response.body().contains("0.2 s"), response.body());
      assertEquals(ResponseEnd.SILENT, proxy.nextEnd());
      await(released);
    }
  }

  @Test
  void aClientThatStopsReadingIsCutOff() throws Exception {
    String large = "data: " + "z".repeat(100_000) + "\n\n";
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          while (true) {
            to.chunk(large);
          }
        });
        RunningProxy proxy = RunningProxy.with(
            options -> options.idleTimeout(Duration.ofMillis(300)), engine.address());
        Socket client = proxy.openChat()) {
      assertEquals(ResponseEnd.CANCELLED, proxy.nextEnd());
      assertEquals(1, proxy.server.stats().stalled());
      assertFalse(client.isClosed());
    }
  }

  @Test
  void aClosingProxyLetsRunningRequestsEnd() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(EVENT);
          first.countDown();
          closing.await(20, TimeUnit.SECONDS);
          to.chunk("data: [DONE]\n\n");
          to.streamEnd();
        });
        RunningProxy proxy = RunningProxy.before(engine.address());
        Socket client = proxy.openChat()) {
      await(first);
      client.getInputStream().readNBytes(10);
      CompletableFuture<Void> closed =
          proxy.server.close(Duration.ofSeconds(20)).toCompletionStage().toCompletableFuture();
      awaitRefusal(proxy.server.port());
      closing.countDown();

      String rest = readToTheEnd(client);
      assertTrue(rest.endsWith("0\r\n\r\n"), rest);
      closed.get(20, TimeUnit.SECONDS);
      assertEquals(ResponseEnd.COMPLETE, proxy.nextEnd());
    }
  }

  @Test
  void aClosingProxyCutsOffWhatRunsTooLong() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (FakeEngine engine = sendsOneEvent(released);
        RunningProxy proxy = RunningProxy.before(engine.address());
        Socket client = proxy.openChat()) {
      client.getInputStream().readNBytes(10);
      proxy
          .server
          .close(Duration.ofMillis(200))
          .toCompletionStage()
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);

      assertEquals(ResponseEnd.CANCELLED, proxy.nextEnd());
      await(released);
    }
  }

  /** An engine that answers each request by one event, and then says nothing until it is hung up on. */
  private static FakeEngine sendsOneEvent(CountDownLatch hungUp) throws IOException {
    return new FakeEngine((request, to) -> {
      to.streamHead();
      to.chunk(EVENT);
      to.awaitClose();
      hungUp.countDown();
    });
  }

  /** Returns when nobody accepts connections any more. */
  private static void awaitRefusal(int port) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    try {
      while (System.nanoTime() < deadline) {
        new Socket("127.0.0.1", port).close();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      fail("the proxy still accepts connections");
    } catch (IOException e) {
      // Refused, as it should be.
    }
  }

  private static String readToTheEnd(Socket client) {
    StringBuilder text = new StringBuilder();
    try {
      for (int b = client.getInputStream().read();
          b >= 0;
          b = client.getInputStream().read()) {
        text.append((char) b);
      }
    } catch (IOException e) {
      // A reset ends it as well.
      assertFalse(e instanceof SocketTimeoutException, "the connection stayed open");
    }
    return text.toString();
  }
}
