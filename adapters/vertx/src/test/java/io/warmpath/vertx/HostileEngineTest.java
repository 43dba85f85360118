package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.JsonObject;
import io.warmpath.engine.EndpointSpec;
import io.warmpath.engine.FakeEngine;
import io.warmpath.engine.PoolWiring;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Engines that serve answers well and tell nonsense of themselves, before a proxy as a whole. */
class HostileEngineTest {

  private static final String ANSWER = "{\"choices\":[{\"message\":{\"content\":\"a\"}}]}";

  /** What each of the engines answers to {@code GET /metrics}. */
  private static final List<FakeEngine.Script> PAGES = List.of(
      (request, to) -> to.json(404, "{\"detail\":\"Not Found\"}"),
      (request, to) -> to.json(200, "<!DOCTYPE html><html><body>It works!</body></html>\n"),
      (request, to) -> to.json(200, "\u0000\u0001\ufffd\u0000{}\u007f\n\n\u0000"),
      (request, to) -> {
        to.streamHead();
        while (true) {
          to.chunk("vllm:num_requests_running".repeat(4_000)); // a line without an end
        }
      },
      (request, to) -> {
        to.streamHead();
        while (true) {
          to.chunk("# nothing of interest\n".repeat(4_000));
        }
      },
      (request, to) -> {
        to.streamHead();
        while (true) {
          to.chunk("#");
          assertFalse(new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS));
        }
      });

  private static FakeEngine engine(FakeEngine.Script metrics) throws IOException {
    return new FakeEngine((request, to) -> {
      if (request.path().equals("/metrics")) {
        metrics.answer(request, to);
      } else {
        to.json(200, ANSWER);
      }
    });
  }

  private static long asked(FakeEngine engine) {
    return engine.requests.stream()
        .filter(request -> request.path().equals("/metrics"))
        .count();
  }

  @Test
  void aMetricsPageThatIsNotPrometheusIsCountedAndRoutingGoesOn() throws Exception {
    AtomicReference<PoolWiring> wired = new AtomicReference<>();
    List<FakeEngine> engines = new ArrayList<>();
    try (RunningProxy proxy =
            RunningProxy.with(options -> options.engineStats(() -> wired.get().stats()));
        PoolWiring wiring = new PoolWiring(proxy.router)) {
      wired.set(wiring);
      for (FakeEngine.Script page : PAGES) {
        engines.add(engine(page));
        wiring.add(
            EndpointSpec.parse("http://" + engines.get(engines.size() - 1).address()));
      }
      for (FakeEngine engine : engines) {
        RunningProxy.await("a second look at a page", () -> asked(engine) >= 2);
        assertEquals(ANSWER, proxy.chat().body());
      }

      JsonObject stats = new JsonObject(proxy.get("/stats").body());
      JsonObject metrics = stats.getJsonObject("engine").getJsonObject("metrics");
      assertEquals(engines.size(), stats.getJsonArray("endpoints").size());
      assertFalse(metrics.getLong("failures") < engines.size(), metrics.encode());
    } finally {
      engines.forEach(FakeEngine::close);
    }
  }

  @Test
  void eventsThatAreNotMessagePackAreCountedAndTheNextOnesAreHeard() throws Exception {
    AtomicReference<PoolWiring> wired = new AtomicReference<>();
    try (ZContext context = new ZContext();
        FakeEngine engine = engine((request, to) -> to.json(404, ""));
        RunningProxy proxy =
            RunningProxy.with(options -> options.engineStats(() -> wired.get().stats()));
        PoolWiring wiring = new PoolWiring(proxy.router)) {
      wired.set(wiring);
      ZMQ.Socket publisher = context.createSocket(SocketType.XPUB);
      publisher.setLinger(0);
      publisher.setReceiveTimeOut(20_000);
      int port = publisher.bindToRandomPort("tcp://127.0.0.1");
      wiring.add(
          EndpointSpec.parse("http://" + engine.address() + ",kv-events=tcp://127.0.0.1:" + port));
      assertEquals(1, publisher.recv()[0], "a subscription");

      publisher.send("one frame");
      publish(publisher, 0, "{\"events\": \"JSON\"}".getBytes(StandardCharsets.UTF_8));
      publish(publisher, 1, new byte[] {(byte) 0xc1, 0, 1});
      publish(publisher, 2, allBlocksCleared());

      RunningProxy.await("a good batch", () -> kvEvents(proxy).getLong("cleared") == 1);
      JsonObject seen = kvEvents(proxy);
      assertEquals(1, seen.getLong("malformedMessages"), seen.encode());
      assertEquals(2, seen.getLong("rejectedBatches"), seen.encode());
      assertEquals(1, seen.getLong("connections"), seen.encode());
      assertEquals(1, proxy.router.endpoints().states().size());
      assertEquals(ANSWER, proxy.chat().body());
    }
  }

  private static void publish(ZMQ.Socket publisher, long number, byte[] batch) {
    publisher.sendMore("kv");
    publisher.sendMore(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    publisher.send(batch);
  }

  /** {@code [time, [["AllBlocksCleared"]]]} in MessagePack. */
  private static byte[] allBlocksCleared() {
    byte[] tag = "AllBlocksCleared".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(29)
        .put((byte) 0x92)
        .put((byte) 0xcb)
        .putDouble(1)
        .put((byte) 0x91)
        .put((byte) 0x91)
        .put((byte) (0xa0 | tag.length))
        .put(tag)
        .array();
  }

  private static JsonObject kvEvents(RunningProxy proxy) {
    try {
      return new JsonObject(proxy.get("/stats").body())
          .getJsonObject("engine")
          .getJsonObject("kvEvents");
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
