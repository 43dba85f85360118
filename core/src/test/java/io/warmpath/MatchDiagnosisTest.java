package io.warmpath;

import static io.warmpath.TestPool.announce;
import static io.warmpath.TestPool.chat;
import static io.warmpath.TestPool.completion;
import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.block.BlockSize;
import io.warmpath.event.BlockExtras;
import io.warmpath.event.EventStats;
import io.warmpath.event.KvEventSink;
import io.warmpath.event.PoolEvents;
import io.warmpath.index.IndexStats;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.Tier;
import io.warmpath.request.InferenceRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each sentence has its cause, and a pool that is well has none. */
class MatchDiagnosisTest {

  private static final byte[] TOKEN_CHUNK =
      "data: {\"choices\":[{\"text\":\"x\"}]}\n\n".getBytes(StandardCharsets.UTF_8);
  private static final String PROMPT = "The quick brown fox jumps over the lazy dog.";

  private final Router router = TestPool.builder().adapter("sql-lora").build();

  @Test
  void aPoolThatIsWellHasNothingToSay() {
    add(router);
    assertEquals(List.of(), router.diagnosis());

    for (int i = 0; i < 40; i++) {
      answered(router, completion("sql-lora", i + PROMPT));
      announceAll(router, i + PROMPT, BlockExtras.of("sql-lora", null));
    }

    assertEquals(List.of(), router.diagnosis());
  }

  @Test
  void noSource() {
    router.endpoints().add(pod(1));
    route(router, completion(PROMPT)).close();

    says("No endpoint's KV events are subscribed to");
  }

  @Test
  void aPoolThatIsMeantToBeApproximateMissesNoEvents() {
    Router approximate =
        TestPool.builder().approximate(1000, Duration.ofMinutes(1)).build();
    approximate.endpoints().add(pod(1));
    answered(approximate, completion(PROMPT));
    assertEquals(List.of(), approximate.diagnosis());

    approximate.endpoints().add(pod(2));
    approximate.events(pod(1));
    answered(approximate, completion(PROMPT));
    says(approximate, "No KV event has come from 1 of 1 endpoints");
  }

  @Test
  void anEndpointThatWasForgottenBesideOthersIsMissed() {
    add(router);
    router.endpoints().add(pod(2));
    route(router, completion(PROMPT)).close();

    says("The KV events of 1 of 2 endpoints are not subscribed to");
  }

  @Test
  void aSilentSourceIsNamedOnceItAnswered() {
    add(router);
    route(router, completion(PROMPT)).close();
    assertEquals(List.of(), router.diagnosis());
    answered(router, completion("123"));
    assertEquals(List.of(), router.diagnosis(), "a prompt of no full block makes no event");

    answered(router, completion(PROMPT));
    says("No KV event has come from 1 of 1 endpoints, though they answered prompts of at least one"
        + " block: 10.0.0.1:8000");

    router.events(pod(1)).cleared();
    assertEquals(List.of(), router.diagnosis());
  }

  @Test
  void aRemovedEndpointIsNotMissed() {
    add(router);
    answered(router, completion(PROMPT));
    router.endpoints().remove(pod(1));
    router.endpoints().add(pod(2));
    router.events(pod(2)).cleared();

    assertEquals(List.of(), router.diagnosis());
  }

  @Test
  void anUnknownBlockSize() {
    Router learning = Router.builder()
        .tokenizer(TestPool.CHARACTERS)
        .template(TestPool.LINES)
        .profile("decode", p -> p.picker(TestPool.FIRST_BEST))
        .build();
    add(learning);
    route(learning, completion(PROMPT)).close();

    says(learning, "The block size is not known");
  }

  @Test
  void noTokenizer() {
    Router without = Router.builder()
        .blockSize(TestPool.BLOCK)
        .profile("decode", p -> p.picker(TestPool.FIRST_BEST))
        .build();
    add(without);
    route(without, completion(PROMPT)).close();

    says(
        without,
        "1 of 1 requests were matched by their bytes, against what was routed here, not against what engines announce. The router has no tokenizer.");
  }

  @Test
  void noTemplate() {
    Router without = Router.builder()
        .tokenizer(TestPool.CHARACTERS)
        .blockSize(TestPool.BLOCK)
        .profile("decode", p -> p.picker(TestPool.FIRST_BEST))
        .build();
    add(without);
    route(without, chat(PROMPT)).close();

    says(without, "The router has no chat template.");
  }

  @Test
  void promptsThatCannotBeRendered() {
    Router failing = TestPool.builder()
        .template((request, out) -> {
          throw new IllegalStateException("planted");
        })
        .build();
    add(failing);
    route(failing, chat(PROMPT)).close();

    says(failing, "1 of 1 requests could not be rendered or tokenized");
  }

  @Test
  void anotherBlockSizeIsNamed() {
    add(router);
    stored(128, 1, BlockExtras.NONE);
    stored(16, 1, BlockExtras.NONE);
    stored(128, 1, BlockExtras.NONE);

    says("Engines announce blocks of 128, 16 tokens, and the router's are of 4:");
  }

  @Test
  void promptsThatNeverBeginAlike() {
    add(router);
    for (int i = 0; i < 16; i++) {
      route(router, completion(i + PROMPT)).close();
      announceAll(router, "<s>" + i + PROMPT, BlockExtras.NONE);
    }

    says(
        "Of 16 prompts that engines announced, none begins as one of the 16 prompts that came here");
  }

  @Test
  void oneThatBeginsAlikeIsEnough() {
    add(router);
    for (int i = 0; i < 16; i++) {
      route(router, completion(i + PROMPT)).close();
      announceAll(router, (i == 5 ? "" : "<s>") + i + PROMPT, BlockExtras.NONE);
    }

    assertEquals(List.of(), router.diagnosis());
  }

  @Test
  void anAdapterThatNoEngineAnnounced() {
    add(router);
    announceAll(router, PROMPT, BlockExtras.of("sql_lora", null));
    route(router, completion("sql-lora", PROMPT)).close();

    says(
        "Requests ask for adapters that no engine has announced: sql-lora. Engines announce: sql_lora.");
  }

  @Test
  void anAdapterThatTheRouterWasNotToldOf() {
    add(router);
    announceAll(router, PROMPT, BlockExtras.of("other-lora", null));
    route(router, completion("other-lora", PROMPT)).close();

    says(
        "Requests ask for adapters that engines announce and the router was not told of: other-lora.");
  }

  @Test
  void unknownParents() {
    add(router);
    router
        .events(pod(1))
        .stored(new long[] {2, 3}, 2, true, 1, new int[8], 8, 4, Tier.GPU, 0, BlockExtras.NONE);

    says("2 of 2 announced blocks follow blocks that were never announced");
  }

  @Test
  void blocksThatAreOnlyNamed() {
    add(router);
    router
        .events(pod(1))
        .stored(new long[] {2, 3}, 2, false, 0, new int[0], 0, 0, Tier.CPU, 0, BlockExtras.NONE);

    says(
        "Engines name blocks, on other tiers or as evicted, whose tokens they never announced (2 times)");
  }

  @Test
  void opaqueBlocksAndKindsThatGiveNoPrefix() {
    add(router);
    stored(4, 1, new BlockExtras(null, null, true, false, BlockExtras.UNTOLD));
    stored(4, 1, new BlockExtras(null, null, false, false, BlockExtras.NOT_REUSABLE));

    says("1 of 2 announced blocks depend on images");
    says("1 of 2 announced blocks are in caches of a kind that gives no prefix");
  }

  @Test
  void hashesThatMeanOtherBlocks() {
    add(router);
    announce(router, pod(1), PROMPT);
    announce(router, pod(1), "another " + PROMPT);

    says("1 endpoints announce hashes that mean other blocks elsewhere");
  }

  @Test
  void aRouterThatIsTooSmallOrTooSlow() {
    RouterStats stats = router.stats();
    IndexStats small =
        new IndexStats(0, 1000, 0, 0, 0, 0, 800, 0, 0, 0, 50, 60, 0, 0, 0, 0, 0, 0, 0, 0);
    List<String> told = new MatchDiagnosis(true, true, Set.of(), null, false, pool())
        .sentences(with(stats, small, events(7, 3)), 1, 4);

    assertEquals(3, told.size(), told.toString());
    assertTrue(told.get(0).startsWith("The map of engine hashes was full for 7 blocks"));
    assertTrue(
        told.get(1).startsWith("The index forgot or refused 110 blocks for want of room, of 800"));
    assertTrue(told.get(2).startsWith("The index could not keep up 3 times"));
  }

  @Test
  void theLikeliestCauseComesFirst() {
    add(router);
    router.endpoints().add(pod(2));
    route(router, completion(PROMPT)).close();
    stored(128, 1, BlockExtras.NONE);
    router
        .events(pod(1))
        .stored(new long[] {2}, 1, true, 1, new int[4], 4, 4, Tier.GPU, 0, BlockExtras.NONE);

    List<String> told = router.diagnosis();
    assertTrue(told.get(0).startsWith("The KV events of 1 of 2 endpoints"), told.toString());
    assertTrue(told.get(1).startsWith("Engines announce blocks of 128 tokens"), told.toString());
    assertTrue(told.get(2).startsWith("1 of 2 announced blocks follow"), told.toString());
  }

  private static PoolEvents pool() {
    return PoolEvents.direct(KvBlockIndex.builder().flat().build(), BlockSize.of(4), () -> 0);
  }

  private static RouterStats with(RouterStats stats, IndexStats index, EventStats events) {
    return new RouterStats(
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, stats.scheduler(), index, events);
  }

  private static EventStats events(long handlesFull, long overflows) {
    return new EventStats(
        800, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, handlesFull, 0, overflows);
  }

  private static void add(Router router) {
    router.endpoints().add(pod(1));
    router.events(pod(1));
  }

  private static void answered(Router router, InferenceRequest request) {
    try (RoutedRequest routed = route(router, request)) {
      routed.response().head(200, "text/event-stream; charset=utf-8");
      routed.response().body(TOKEN_CHUNK, 0, TOKEN_CHUNK.length, 1, (out, offset, length) -> {});
    }
  }

  /** As {@link TestPool#announce}, with hashes that no other text has. */
  private static void announceAll(Router router, String text, BlockExtras extras) {
    int blocks = text.length() / TestPool.BLOCK;
    router
        .events(pod(1))
        .stored(
            LongStream.range(0, blocks).map(i -> 1_000L * text.hashCode() + i).toArray(),
            blocks,
            false,
            0,
            text.chars().toArray(),
            blocks * TestPool.BLOCK,
            TestPool.BLOCK,
            Tier.GPU,
            0,
            extras);
  }

  private void stored(int blockSize, int blocks, BlockExtras extras) {
    KvEventSink sink = router.events(pod(1));
    sink.stored(
        LongStream.range(0, blocks).toArray(),
        blocks,
        false,
        0,
        new int[blocks * blockSize],
        blocks * blockSize,
        blockSize,
        Tier.GPU,
        0,
        extras);
  }

  private void says(String begin) {
    says(router, begin);
  }

  private static void says(Router router, String words) {
    List<String> told = router.diagnosis();
    assertTrue(told.stream().anyMatch(t -> t.contains(words)), words + " not in " + told);
  }
}
