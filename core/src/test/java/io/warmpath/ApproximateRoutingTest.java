package io.warmpath;

import static io.warmpath.TestPool.announce;
import static io.warmpath.TestPool.completion;
import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.index.HolderKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Endpoints whose events nobody asked for are believed to keep what was routed to them last. */
class ApproximateRoutingTest {

  private static final Endpoint POD = pod(1);
  private static final String FIRST = "the quick brown fox jumps";
  private static final String SECOND = "a lazy dog sleeps on here";
  private static final int BLOCKS = 6;
  private static final int TOKENS = BLOCKS * TestPool.BLOCK;
  private static final long SECONDS = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong();

  @Test
  void whatWasRoutedIsBelievedForALifeAndNotForAnExpectations() {
    Router router = router(TestPool.builder());
    route(router, completion(FIRST)).close();

    now.addAndGet(599 * SECONDS);
    assertEquals(BLOCKS, blocks(router));
    now.addAndGet(3 * SECONDS);
    assertEquals(0, blocks(router));
  }

  @Test
  void theLifeCanBeGiven() {
    Router router = router(TestPool.builder().approximate(TOKENS, Duration.ofSeconds(30)));
    route(router, completion(FIRST)).close();

    now.addAndGet(29 * SECONDS);
    assertEquals(BLOCKS, blocks(router));
    now.addAndGet(2 * SECONDS);
    assertEquals(0, blocks(router));
  }

  @Test
  void whatWasUsedLeastRecentlyGoesFirst() {
    Router router = router(TestPool.builder().approximate(2 * TOKENS, Duration.ofMinutes(10)));
    route(router, completion(FIRST)).close();
    now.addAndGet(5 * SECONDS);
    route(router, completion(SECOND)).close();
    now.addAndGet(5 * SECONDS);
    route(router, completion(FIRST)).close();
    now.addAndGet(5 * SECONDS);

    route(router, completion("0123456789 0123456789 012")).close();

    assertEquals(2 * BLOCKS, blocks(router));
    assertEquals(0, matched(router, SECOND));
  }

  @Test
  void theCacheIsAsLargeAsTheEngineSays() {
    Router router = router(TestPool.builder());
    metrics(router, 2 * TestPool.BLOCK, BLOCKS / 2);
    route(router, completion(FIRST)).close();
    now.addAndGet(5 * SECONDS);
    route(router, completion(SECOND)).close();
    assertEquals(BLOCKS, blocks(router));

    router.endpoints().states().get(0).metrics(EndpointMetrics.UNKNOWN);
    now.addAndGet(5 * SECONDS);
    route(router, completion(FIRST)).close();
    assertEquals(BLOCKS, blocks(router), "metrics that cannot be read change nothing");

    metrics(router, 0, 2 * BLOCKS);
    now.addAndGet(5 * SECONDS);
    route(router, completion(SECOND)).close();
    assertEquals(2 * BLOCKS, blocks(router));
  }

  @Test
  void aSizeThatNobodyTellsIsThatOfThePeers() {
    Router router = router(TestPool.builder());
    route(router, completion("x".repeat(600_000))).close();

    assertEquals(150_000, 600_000 / TestPool.BLOCK);
    assertEquals(0, blocks(router), "one mark with the same end, of more blocks than fit");

    now.addAndGet(5 * SECONDS);
    route(router, completion("y".repeat(500_000))).close();
    assertEquals(31_250 * 16 / TestPool.BLOCK, blocks(router));
  }

  @Test
  void anEndpointIsExactOnceItsEventsAreAskedFor() {
    Router router = router(TestPool.builder());
    route(router, completion(FIRST)).close();
    now.addAndGet(3 * SECONDS);

    router.events(POD);
    assertEquals(0, blocks(router));

    route(router, completion(FIRST)).close();
    assertEquals(BLOCKS, blocks(router));
    now.addAndGet(3 * SECONDS);
    assertEquals(0, blocks(router));
    announce(router, POD, FIRST);
    router.events(POD);
    assertEquals(BLOCKS, blocks(router), "to ask again changes nothing");
  }

  @Test
  void oneThatIsRemovedAndAddedAgainIsApproximateAgain() {
    Router router = router(TestPool.builder());
    route(router, completion(FIRST)).close();
    router.endpoints().remove(POD);
    router.endpoints().add(POD);
    assertEquals(0, blocks(router));

    route(router, completion(FIRST)).close();
    now.addAndGet(3 * SECONDS);
    assertEquals(BLOCKS, blocks(router));
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    for (Duration life : List.of(Duration.ZERO, Duration.ofDays(36_501))) {
      assertTrue(
          assertThrows(IllegalArgumentException.class, () -> Router.builder().approximate(1, life))
              .getMessage()
              .contains("life must be above 0"));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Router.builder().approximate(0, Duration.ofSeconds(1)));
  }

  private Router router(RouterBuilder builder) {
    Router router = builder.nanoClock(now::get).build();
    router.endpoints().add(POD);
    return router;
  }

  private static void metrics(Router router, int blockSize, long totalBlocks) {
    router
        .endpoints()
        .states()
        .get(0)
        .metrics(new EndpointMetrics(0, 0, 0, blockSize, totalBlocks, 0));
  }

  private static int matched(Router router, String prompt) {
    try (RoutedRequest routed = route(router, completion(prompt))) {
      return routed.decision().matchedBlocks(POD);
    }
  }

  private static long blocks(Router router) {
    return router.index().blocks(router.index().holder(HolderKey.gpu(POD)));
  }
}
