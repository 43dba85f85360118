package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.engine.FakeEngine;
import io.warmpath.response.ResponseEnd;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that go away at each state of a request, through a real Envoy. */
@Timeout(120)
class EnvoyDisconnectTest {

  private static final String TOKEN = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

  private static void leave(Socket client) throws Exception {
    client.setSoLinger(true, 0);
    client.close();
  }

  private static FakeEngine unreached() throws Exception {
    return new FakeEngine((request, to) -> to.json(200, "{}"));
  }

  @Test
  void beforeTheBodyIsWhole() throws Exception {
    try (FakeEngine engine = unreached();
        RunningPicker picker = RunningPicker.before(engine.address())) {
      Socket client = picker.open(RunningPicker.head(100), "{");
      RunningPicker.await("the head", () -> picker.server.stats().requests() == 1);
      leave(client);

      RunningPicker.await("the cancellation", () -> picker.server.stats().cancelled() == 1);
      assertEquals(0, picker.router.stats().routed());
    }
  }

  @Test
  void whileTheBodyWaitsToBeRead() throws Exception {
    AtomicReference<Runnable> waiting = new AtomicReference<>();
    String chat = RunningPicker.CHAT + " ".repeat(300_000);
    try (FakeEngine engine = unreached();
        RunningPicker picker =
            RunningPicker.with(options -> options.executor(waiting::set), engine.address())) {
      Socket client = picker.open(
          RunningPicker.head(chat.getBytes(java.nio.charset.StandardCharsets.UTF_8).length), chat);
      RunningPicker.await("the body at the executor", () -> waiting.get() != null);
      leave(client);
      RunningPicker.await("the cancellation", () -> picker.server.stats().cancelled() == 1);

      waiting.get().run();

      assertEquals(ResponseEnd.CANCELLED, picker.nextEnd());
      assertEquals(0, engine.requests.size());
    }
  }

  @Test
  void beforeTheHeadOfTheAnswer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          asked.countDown();
          to.awaitClose();
          closed.countDown();
        });
        RunningPicker picker = RunningPicker.before(engine.address())) {
      Socket client = picker.openChat();
      assertTrue(asked.await(20, TimeUnit.SECONDS));
      leave(client);

      assertEquals(ResponseEnd.CANCELLED, picker.nextEnd());
      assertTrue(closed.await(20, TimeUnit.SECONDS), "the engine still computes");
    }
  }

  @Test
  void betweenHeadAndBodyOfTheAnswer() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.awaitClose();
        });
        RunningPicker picker = RunningPicker.before(engine.address())) {
      Socket client = picker.openChat();
      assertEquals('H', client.getInputStream().read());
      leave(client);

      assertEquals(ResponseEnd.CANCELLED, picker.nextEnd());
    }
  }

  @Test
  void inTheMiddleOfAStream() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(TOKEN);
          to.awaitClose();
          closed.countDown();
        });
        RunningPicker picker = RunningPicker.before(engine.address())) {
      Socket client = picker.openChat();
      int read = client.getInputStream().read();
      while (read >= 0 && read != '{') {
        read = client.getInputStream().read();
      }
      leave(client);

      assertEquals(ResponseEnd.CANCELLED, picker.nextEnd());
      assertEquals(1, picker.server.stats().cancelled());
      assertTrue(closed.await(20, TimeUnit.SECONDS), "the engine still computes");
    }
  }

  @Test
  void afterTheLastEventTheAnswerIsWhole() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk(TOKEN + "data: [DONE]\n\n");
          to.awaitClose();
        });
        RunningPicker picker = RunningPicker.before(engine.address())) {
      Socket client = picker.openChat();
      int read = client.getInputStream().read();
      while (read >= 0 && read != 'D') {
        read = client.getInputStream().read();
      }
      leave(client);

      assertEquals(ResponseEnd.COMPLETE, picker.nextEnd());
    }
  }
}
