package io.warmpath;

import static io.warmpath.TestPool.completion;
import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.BlockExtras;
import io.warmpath.index.HolderKey;
import io.warmpath.index.Tier;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a router marks of a hybrid model counts, though a prefix needs all of its cache groups. */
class HybridRoutingTest {

  private static final byte[] TOKEN_CHUNK =
      "data: {\"choices\":[{\"text\":\"x\"}]}\n\n".getBytes(StandardCharsets.UTF_8);
  private static final String PROMPT = "the quick brown fox jumps";
  private static final long SECONDS = 1_000_000_000L;

  /** Two blocks of four tokens. */
  private static final int WINDOW = 7;

  private static final int STATE = 1;
  private static final Endpoint POD = pod(1);

  private final AtomicLong now = new AtomicLong();
  private final Router router = TestPool.builder().nanoClock(now::get).build();

  HybridRoutingTest() {
    for (int i = 1; i <= 3; i++) {
      router.endpoints().add(pod(i));
      router.events(pod(i));
    }
  }

  @Test
  void whatWasJustRoutedCountsWithASlidingWindow() {
    tellGroups(BlockExtras.WHOLE_PREFIX, WINDOW);
    route(router, completion(PROMPT)).close();

    assertEquals(6, matchedAndTarget(PROMPT));
    assertEquals(3, matchedAndTarget(PROMPT.substring(0, 14)), "another prompt that begins so");
  }

  @Test
  void aFirstTokenConfirmsThePromptInAllGroups() {
    tellGroups(WINDOW, BlockExtras.WHOLE_PREFIX);
    try (RoutedRequest first = route(router, completion(PROMPT))) {
      first.response().head(200, "text/event-stream");
      first.response().body(TOKEN_CHUNK, 0, TOKEN_CHUNK.length, 0, (out, offset, length) -> {});
    }
    now.addAndGet(60 * SECONDS);

    assertEquals(6, matchedAndTarget(PROMPT));
  }

  @Test
  void aStateSpaceIsMarkedAtTheEndOfThePromptOnly() {
    tellGroups(STATE, BlockExtras.WHOLE_PREFIX);
    route(router, completion(PROMPT)).close();

    assertEquals(6, matchedAndTarget(PROMPT));
    assertEquals(6, matchedAndTarget(PROMPT + " over the dog"), "the next turn");
    assertEquals(0, matched(PROMPT.substring(0, 14)), "no state is kept in the middle");
  }

  @Test
  void aPromptOfWholeBlocksFindsItsStateAgain() {
    tellGroups(BlockExtras.WHOLE_PREFIX, STATE);
    String whole = PROMPT.substring(0, 24);
    route(router, completion(whole)).close();

    assertEquals(5, matchedAndTarget(whole));
  }

  @Test
  void aPodThatHasNothingAnyMoreHasNothingInAnyGroup() {
    tellGroups(WINDOW, BlockExtras.WHOLE_PREFIX);
    route(router, completion(PROMPT)).close();
    assertEquals(6, blocks(0));
    assertEquals(6, blocks(1));

    router.events(POD).cleared();

    assertEquals(0, blocks(0));
    assertEquals(0, blocks(1));
  }

  @Test
  void aPodWithoutEventsIsApproximateInGroupsThatOthersTellOf() {
    router.endpoints().remove(POD);
    router.endpoints().add(POD);
    route(router, completion("another one")).close();
    tellGroups(BlockExtras.WHOLE_PREFIX, WINDOW);
    router.endpoints().remove(pod(2));
    router.endpoints().remove(pod(3));
    route(router, completion(PROMPT)).close();
    now.addAndGet(60 * SECONDS);
    assertEquals(6, matched(PROMPT));

    router.events(POD);

    assertEquals(0, blocks(0));
    assertEquals(0, blocks(1));
    route(router, completion(PROMPT)).close();
    now.addAndGet(3 * SECONDS);
    assertEquals(0, blocks(0));
    assertEquals(0, blocks(1));
  }

  /** Another pod's events tell the reach of groups 0 and 1. */
  private void tellGroups(int... reaches) {
    for (int group = 0; group < reaches.length; group++) {
      String text = "something else that is long";
      int blocks = text.length() / TestPool.BLOCK;
      router
          .events(pod(3))
          .stored(
              LongStream.range(0, blocks).toArray(),
              blocks,
              false,
              0,
              text.chars().toArray(),
              blocks * TestPool.BLOCK,
              TestPool.BLOCK,
              Tier.GPU,
              group,
              new BlockExtras(null, null, false, false, reaches[group]));
    }
  }

  private int matchedAndTarget(String prompt) {
    try (RoutedRequest routed = route(router, completion(prompt))) {
      assertEquals(POD, routed.target());
      return routed.decision().matchedBlocks(POD);
    }
  }

  private int matched(String prompt) {
    try (RoutedRequest routed = route(router, completion(prompt))) {
      return routed.decision().matchedBlocks(POD);
    }
  }

  private long blocks(int group) {
    return router.index().blocks(router.index().holder(new HolderKey(POD, Tier.GPU, group)));
  }
}
