package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PoolWiringTest {

  private static final String PAGE = "# TYPE vllm:num_requests_running gauge\n"
      + "vllm:num_requests_running{engine=\"0\"} 0.0\n"
      + "vllm:num_requests_waiting{engine=\"0\"} 0.0\n"
      + "vllm:cache_config_info{block_size=\"32\",engine=\"0\",num_gpu_blocks=\"100\"} 1.0\n";

  private static Router router() {
    return Router.builder()
        .profile(
            "decode",
            profile -> profile.picker((cycle, sums, ranked, wanted) -> {
              ranked[0] = 0;
              return 1;
            }))
        .build();
  }

  private static EndpointSpec spec(String address) {
    return EndpointSpec.parse("http://" + address);
  }

  private static boolean learned(PoolWiring wiring, Duration limit) throws Exception {
    return wiring.learnBlockSize(limit).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void theBlockSizeIsWhatTheFirstEngineSays() throws Exception {
    Router router = router();
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, PAGE));
        PoolWiring wiring = new PoolWiring(router)) {
      wiring.add(spec(FakeEngine.REFUSING));
      wiring.add(spec(engine.address()));

      assertTrue(learned(wiring, Duration.ofSeconds(20)));
      assertEquals(32, router.blockSize().tokens());
    }
  }

  @Test
  void enginesThatAreDownLeaveTheBlockSizeOpen() throws Exception {
    Router router = router();
    try (PoolWiring wiring = new PoolWiring(router)) {
      wiring.add(spec(FakeEngine.REFUSING));

      assertFalse(learned(wiring, Duration.ofSeconds(20)));
      assertEquals(0, router.blockSize().tokens());
    }
  }

  @Test
  void anEngineThatComesUpLaterTellsItsBlockSize() throws Exception {
    AtomicBoolean up = new AtomicBoolean();
    Router router = router();
    try (FakeEngine engine =
            new FakeEngine((request, to) -> to.json(up.get() ? 200 : 503, up.get() ? PAGE : ""));
        PoolWiring wiring = new PoolWiring(router)) {
      wiring.add(spec(engine.address()));
      assertFalse(learned(wiring, Duration.ofSeconds(20)));

      up.set(true);

      long start = System.nanoTime();
      while (router.blockSize().tokens() == 0
          && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(20)) {
        assertFalse(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS));
      }
      assertEquals(32, router.blockSize().tokens());
    }
  }

  @Test
  void enginesThatDoNotAnswerAreNotWaitedForLong() throws Exception {
    try (FakeEngine engine = new FakeEngine((request, to) -> to.awaitClose());
        PoolWiring wiring = new PoolWiring(router())) {
      wiring.add(spec(engine.address()));

      assertFalse(learned(wiring, Duration.ofMillis(50)));
    }
  }

  @Test
  void anEngineIsAddedOnce() {
    try (PoolWiring wiring = new PoolWiring(router())) {
      wiring.add(spec("127.0.0.1:8101"));

      assertThrows(IllegalArgumentException.class, () -> wiring.add(spec("127.0.0.1:8101")));
    }
  }

  @Test
  void anEngineThatIsRemovedCanComeBack() throws Exception {
    Router router = router();
    try (PoolWiring wiring = new PoolWiring(router)) {
      EndpointSpec spec =
          EndpointSpec.parse("http://127.0.0.1:8101,kv-events=tcp://127.0.0.1:5601");
      Endpoint endpoint = wiring.add(spec);
      wiring.remove(endpoint).toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertTrue(router.endpoints().states().isEmpty());

      wiring.add(spec);

      assertEquals(1, router.endpoints().states().size());
    }
  }

  @Test
  void thePageOfCountersHasTheHostTheRouterItsEndpointsAndTheEngines() {
    Router router = router();
    try (PoolWiring wiring = new PoolWiring(router)) {
      wiring.add(spec("127.0.0.1:8101"));

      String page = StatsJson.page("proxy", Map.of("requests", 3L), router, wiring.stats());

      assertTrue(
          page.startsWith("{\"proxy\":{\"requests\":3},\"diagnosis\":[],\"router\":{\"routed\":0,"),
          page);
      assertTrue(page.contains("\"endpoints\":[{\"address\":\"127.0.0.1:8101\",\"rank\":0,"), page);
      assertTrue(page.contains("\"kvUsage\":0.0"), page);
      assertTrue(page.contains("\"engine\":{"), page);
    }
  }

  @Test
  void statsHaveBothSources() {
    try (PoolWiring wiring = new PoolWiring(router())) {
      assertEquals(Set.of("kvEvents", "metrics"), wiring.stats().keySet());
    }
  }
}
