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
import org.junit.jupiter.api.Test;

class PoolWiringTest {

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
    try (MetricsServer engine = MetricsServer.up();
        PoolWiring wiring = new PoolWiring(router)) {
      wiring.add(spec(MetricsServer.REFUSING));
      wiring.add(spec(engine.address()));

      assertTrue(learned(wiring, Duration.ofSeconds(20)));
      assertEquals(32, router.blockSize().tokens());
    }
  }

  @Test
  void enginesThatAreDownLeaveTheBlockSizeOpen() throws Exception {
    Router router = router();
    try (PoolWiring wiring = new PoolWiring(router)) {
      wiring.add(spec(MetricsServer.REFUSING));

      assertFalse(learned(wiring, Duration.ofSeconds(20)));
      assertEquals(0, router.blockSize().tokens());
    }
  }

  @Test
  void anEngineThatComesUpLaterTellsItsBlockSize() throws Exception {
    Router router = router();
    try (MetricsServer engine = MetricsServer.down();
        PoolWiring wiring = new PoolWiring(router)) {
      wiring.add(spec(engine.address()));
      assertFalse(learned(wiring, Duration.ofSeconds(20)));

      engine.comeUp();

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
    try (MetricsServer engine = MetricsServer.hanging();
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

      assertTrue(page.startsWith("{\"proxy\":{\"requests\":3},\"router\":{\"routed\":0,"), page);
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
