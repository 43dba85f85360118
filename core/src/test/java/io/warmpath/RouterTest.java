package io.warmpath;

import static io.warmpath.TestPool.announce;
import static io.warmpath.TestPool.chat;
import static io.warmpath.TestPool.completion;
import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.endpoint.InFlightLoad;
import io.warmpath.index.PrefixMatch;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.response.ResponseEnd;
import io.warmpath.response.Usage;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.RoutingDecision;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RouterTest {

  private static final String PROMPT = "the quick brown fox jumps";
  private static final byte[] TOKEN_CHUNK =
      "data: {\"choices\":[{\"index\":0,\"text\":\"a\"}]}\n\n".getBytes(StandardCharsets.UTF_8);
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong();

  @Test
  void aPromptGoesToThePodThatAnnouncedItsBlocks() {
    Router router = router(pod(1), pod(2), pod(3));
    announce(router, pod(2), PROMPT);

    try (RoutedRequest routed = route(router, completion(PROMPT))) {
      assertEquals(pod(2), routed.target());
      assertEquals(6, routed.decision().matchedBlocks(pod(2)));
      assertEquals(25, routed.decision().promptTokens());
    }
  }

  @Test
  void theBlockOfTheLastTokenIsNeverReusable() {
    Router router = router(pod(1));
    announce(router, pod(1), "abcdefgh");

    try (RoutedRequest routed = route(router, completion("abcdefgh"))) {
      assertEquals(1, routed.decision().matchedBlocks(pod(1)));
      assertEquals(2, routed.decision().totalBlocks());
    }
  }

  @Test
  void aChatIsRenderedBeforeItIsMatched() {
    Router router = router(pod(1), pod(2));
    announce(router, pod(2), "hello there\n");

    try (RoutedRequest routed = route(router, chat("hello there, you"))) {
      assertEquals(pod(2), routed.target());
      assertEquals(2, routed.decision().matchedBlocks(pod(2)));
    }
  }

  @Test
  void responsesAndMessagesAreMatchedAsChats() {
    Router router = router(pod(1), pod(2));
    announce(router, pod(2), "hello there\n");

    for (String[] request : new String[][] {
      {"/v1/responses", "{'model':'m','input':'hello there, you'}"},
      {"/v1/messages", "{'model':'m','messages':[{'role':'user','content':'hello there, you'}]}"}
    }) {
      try (RoutedRequest routed = route(router, parsed(request[0], request[1]))) {
        assertEquals(pod(2), routed.target(), request[0]);
        assertEquals("hello there, you\n".length(), routed.decision().promptTokens(), request[0]);
      }
    }
    assertEquals(0, router.stats().approximate());
  }

  @Test
  void promptsThatOnlyTheEngineKnowsAreMatchedByTheirBytes() {
    Router router = router(pod(1));
    List<String> bodies = List.of(
        "{'model':'m','input':'hello there','previous_response_id':'resp_1'}",
        "{'model':'m','input':[{'type':'item_reference','id':'x'}]}",
        "{'model':'m','input':[{'role':'user','content':[{'type':'input_image','image_url':'u'}]}]}");

    for (String body : bodies) {
      try (RoutedRequest routed = route(router, parsed("/v1/responses", body))) {
        assertEquals(0, routed.decision().matches().size(), body);
      }
    }
    assertEquals(bodies.size(), router.stats().approximate());
    assertEquals(0, router.stats().promptFailures());
  }

  @Test
  void aPromptIsCutAsTheEngineCutsIt() {
    Router router = router(pod(1), pod(2));
    announce(router, pod(1), "abcdefgh");
    announce(router, pod(2), "efghijkl");
    String prompt = "{'model':'m','prompt':'abcdefghijklm','truncate_prompt_tokens':";

    try (RoutedRequest first =
        route(router, parsed("/v1/completions", prompt + "9,'truncation_side':'right'}"))) {
      assertEquals(9, first.decision().promptTokens());
      assertEquals(Map.of(pod(1), 2), matches(first));
    }
    for (String lastNine : new String[] {"9}", "9,'truncation_side':'left'}"}) {
      try (RoutedRequest last = route(router, parsed("/v1/completions", prompt + lastNine))) {
        assertEquals(9, last.decision().promptTokens());
        assertEquals(Map.of(pod(2), 2), matches(last));
      }
    }
    try (RoutedRequest all = route(router, parsed("/v1/completions", prompt + "-1}"))) {
      assertEquals(13, all.decision().promptTokens());
    }
  }

  private static InferenceRequest parsed(String path, String body) {
    return InferenceRequest.parse(
        Api.of(path).orElseThrow(),
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        name -> null);
  }

  @Test
  void tokenIdsMatchWithoutATokenizer() {
    Router router = Router.builder()
        .blockSize(TestPool.BLOCK)
        .profile("decode", p -> p.scorer("prefix", TestPool.PREFIX, 1).picker(TestPool.FIRST_BEST))
        .build();
    router.endpoints().add(pod(1));
    router.endpoints().add(pod(2));
    announce(router, pod(2), "abcdef");
    InferenceRequest ids = InferenceRequest.parse(
        Api.COMPLETIONS,
        "{\"model\":\"m\",\"prompt\":[97,98,99,100,101]}".getBytes(StandardCharsets.UTF_8),
        name -> null);

    try (RoutedRequest routed = route(router, ids)) {
      assertEquals(pod(2), routed.target());
    }
    try (RoutedRequest routed = route(router, completion("abcde"))) {
      assertEquals(0, routed.decision().matches().size());
    }
    assertEquals(1, router.stats().approximate());
  }

  @Test
  void whatWasJustRoutedCountsBeforeTheEngineSaysSo() {
    Router router = router(pod(1), pod(2));
    route(router, completion(PROMPT)).close();

    try (RoutedRequest second = route(router, completion(PROMPT))) {
      assertEquals(Map.of(pod(1), 6), matches(second));
    }
  }

  @Test
  void anExpectationEndsWithoutASign() {
    Router router = router(pod(1), pod(2));
    route(router, completion(PROMPT)).close();
    now.addAndGet(3 * SECOND);

    try (RoutedRequest second = route(router, completion(PROMPT))) {
      assertEquals(Map.of(), matches(second));
    }
  }

  @Test
  void anExpectationLastsLongerBehindABacklog() {
    Router router =
        TestPool.builder().nanoClock(now::get).prefillTokensPerSecond(25).build();
    router.endpoints().add(pod(1));
    router.events(pod(1));
    // 25 tokens to compute take a second: believed for 2 s and one and a half times that.
    route(router, completion(PROMPT)).close();

    now.addAndGet(35 * SECOND / 10 - 1);
    assertEquals(6, matchedNow(router, pod(1)));
    now.addAndGet(1);
    assertEquals(0, matchedNow(router, pod(1)));
  }

  @Test
  void aFirstTokenConfirmsThePromptEvenIfTheEventIsLost() {
    Router router = router(pod(1), pod(2));
    try (RoutedRequest first = route(router, completion(PROMPT))) {
      firstToken(first);
    }
    now.addAndGet(60 * SECOND);

    try (RoutedRequest second = route(router, completion(PROMPT))) {
      assertEquals(Map.of(pod(1), 6), matches(second));
    }
  }

  @Test
  void loadCountsWhileTheRequestIsOpenAndIsZeroAfter() {
    Router router = router(pod(1));
    announce(router, pod(1), PROMPT);
    InFlightLoad load = router.endpoints().states().get(0).load();

    RoutedRequest routed = route(router, completion(PROMPT));
    assertEquals(List.of(1L, 25L, 1L), counts(load));
    assertEquals(1, router.stats().inFlight());
    firstToken(routed);
    assertEquals(List.of(1L, 25L, 0L), counts(load));
    routed.close();
    routed.close();
    routed.cancel();

    assertEquals(List.of(0L, 0L, 0L), counts(load));
    assertEquals(0, router.stats().inFlight());
  }

  @Test
  void aFailedDeliveryMovesTheLoadToTheNextPod() {
    Router router = router(pod(1), pod(2), pod(3));
    RoutedRequest routed = route(router, completion(PROMPT));

    assertEquals(Optional.of(pod(2)), routed.failed(new IOException("refused")));
    assertEquals(pod(2), routed.target());
    assertEquals(List.of(0L, 0L, 0L), counts(load(router, 0)));
    assertEquals(List.of(1L, 25L, 25L), counts(load(router, 1)));
    assertEquals(Optional.of(pod(3)), routed.failed(new IOException("refused")));
    assertEquals(Optional.empty(), routed.failed(new IOException("refused")));
    routed.close();

    assertEquals(0, router.stats().inFlight());
    assertEquals(2, router.stats().retried());
    assertEquals(1, router.stats().exhausted());
    for (EndpointState state : router.endpoints().states()) {
      assertEquals(List.of(0L, 0L, 0L), counts(state.load()));
    }
  }

  @Test
  void aDeliveryThatNobodyWillRepeatIsExhaustedAndMovesNothing() {
    Router router = router(pod(1), pod(2));
    announce(router, pod(1), PROMPT);
    RoutedRequest routed = route(router, completion(PROMPT));

    routed.undelivered(new IOException("the gateway gave up"));

    assertEquals(pod(1), routed.target());
    assertEquals(0, router.stats().retried());
    assertEquals(1, router.stats().exhausted());
    routed.close();
    routed.undelivered(new IOException("too late to count"));
    assertEquals(1, router.stats().exhausted());
    assertEquals(pod(2), targetOf(router, PROMPT), "the first one is avoided");
  }

  @Test
  void aRequestWithoutAPromptGoesToAnyEndpointThatCanBeReached() {
    Router router = router(pod(1), pod(2), pod(3));
    router.endpoints().states().get(0).unreachable(now.get() + SECOND);

    Set<Endpoint> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      seen.add(router.anyEndpoint().orElseThrow());
    }

    assertEquals(Set.of(pod(2), pod(3)), seen);
    assertEquals(0, router.stats().routed());
  }

  @Test
  void ifNoEndpointCanBeReachedAnyWillDo() {
    Router router = router(pod(1));
    router.endpoints().states().get(0).unreachable(now.get() + SECOND);

    assertEquals(Optional.of(pod(1)), router.anyEndpoint());
    assertEquals(Optional.empty(), router().anyEndpoint());
  }

  @Test
  void headersNameAsManyEndpointsAsTheGatewayCanRead() {
    Router router = router(pod(1), pod(2), pod(3));
    RoutedRequest routed = route(router, completion(PROMPT));
    routed.close();

    assertEquals(
        "10.0.0.1:8000,10.0.0.2:8000",
        DestinationHeaders.of(routed.decision(), 2).get(DestinationHeaders.DESTINATION));
    assertEquals(
        "10.0.0.1:8000,10.0.0.2:8000,10.0.0.3:8000",
        DestinationHeaders.of(routed.decision()).get(DestinationHeaders.DESTINATION));
  }

  @Test
  void onceAByteWasSentThereIsNoFallback() {
    Router router = router(pod(1), pod(2));
    RoutedRequest routed = route(router, completion(PROMPT));
    firstToken(routed);

    assertEquals(Optional.empty(), routed.failed(new IOException("reset")));
    routed.close();
    assertEquals(0, router.stats().inFlight());
  }

  @Test
  void aPodThatFailedIsAvoidedForAWhileUnlessItIsTheLast() {
    Router router = router(pod(1), pod(2));
    announce(router, pod(1), PROMPT);
    RoutedRequest routed = route(router, completion(PROMPT));
    routed.failed(new IOException("refused"));
    routed.close();

    assertEquals(pod(2), targetOf(router, PROMPT));
    now.addAndGet(3 * SECOND);
    assertEquals(pod(1), targetOf(router, PROMPT));

    Router lonely = router(pod(1));
    RoutedRequest only = route(lonely, completion(PROMPT));
    only.failed(new IOException("refused"));
    only.close();
    assertEquals(pod(1), targetOf(lonely, PROMPT));
  }

  @Test
  void aPodThatIsAvoidedIsFallenBackToWhenNoOtherIsLeft() {
    Router router = router(pod(1), pod(2));
    RoutedRequest refused = route(router, completion(PROMPT));
    refused.failed(new IOException("refused"));
    refused.close();
    RoutedRequest routed = route(router, completion(PROMPT));

    assertEquals(pod(2), routed.target());
    assertEquals(Optional.of(pod(1)), routed.failed(new IOException("refused")));
    assertEquals(Optional.empty(), routed.failed(new IOException("refused")));
    routed.close();
    assertEquals(0, router.stats().inFlight());
  }

  @Test
  void eachRequestThatEndedIsCountedByItsEnd() {
    Router router = router(pod(1));
    answer(router, 200, "{}");
    answer(router, 404, "{}");
    answer(router, 500, "{}");
    answer(router, 200, "{");
    route(router, completion(PROMPT)).response().abort(ResponseEnd.SILENT, 0);
    route(router, completion(PROMPT)).cancel();
    RoutedRequest open = route(router, completion(PROMPT));

    RouterStats stats = router.stats();
    open.close();

    assertEquals(
        List.of(1L, 1L, 1L, 1L, 1L, 1L),
        List.of(
            stats.completed(),
            stats.rejected(),
            stats.failed(),
            stats.truncated(),
            stats.silent(),
            stats.cancelled()));
    assertEquals(1, stats.inFlight());
  }

  private static void answer(Router router, int status, String body) {
    try (RoutedRequest routed = route(router, completion(PROMPT))) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      routed.response().head(status, "application/json");
      routed.response().body(bytes, 0, bytes.length, 0, (out, offset, length) -> {});
      routed.response().end(0, (out, offset, length) -> {});
    }
  }

  @Test
  void aPodThatAnswersIsNoLongerAvoided() {
    Router router = router(pod(1), pod(2));
    announce(router, pod(1), PROMPT);
    RoutedRequest answered = route(router, completion(PROMPT));
    RoutedRequest refused = route(router, completion(PROMPT));
    assertEquals(Optional.of(pod(2)), refused.failed(new IOException("refused")));
    refused.close();
    assertEquals(pod(2), targetOf(router, PROMPT));

    firstToken(answered);
    answered.close();

    assertEquals(pod(1), targetOf(router, PROMPT));
  }

  @Test
  void withoutEndpointsTheStageFailsAndCounts() {
    Router router = router();

    CompletionStage<RoutedRequest> stage = router.route(completion(PROMPT));

    var e = assertThrows(
        CompletionException.class, () -> stage.toCompletableFuture().join());
    assertInstanceOf(NoEndpointException.class, e.getCause());
    assertEquals("no endpoint is registered for model 'm'", e.getCause().getMessage());
    assertEquals(1, router.stats().unroutable());
  }

  @Test
  void theBlockSizeIsLearnedFromTheFirstEvent() {
    Router router = Router.builder()
        .tokenizer(TestPool.CHARACTERS)
        .profile("decode", p -> p.scorer("prefix", TestPool.PREFIX, 1).picker(TestPool.FIRST_BEST))
        .build();
    router.endpoints().add(pod(1));
    router.endpoints().add(pod(2));
    route(router, completion(PROMPT)).close();
    assertEquals(1, router.stats().approximate());

    announce(router, pod(2), PROMPT);

    assertEquals(TestPool.BLOCK, router.blockSize().tokens());
    assertEquals(pod(2), targetOf(router, PROMPT));
  }

  @Test
  void theBlockSizeIsLearnedFromTheFirstMetrics() {
    Router router = Router.builder()
        .tokenizer(TestPool.CHARACTERS)
        .profile("decode", p -> p.scorer("prefix", TestPool.PREFIX, 1).picker(TestPool.FIRST_BEST))
        .build();
    EndpointState state = router.endpoints().add(pod(1));

    state.metrics(new EndpointMetrics(0, 0, 0, 0, 0, 0)); // does not say
    assertEquals(0, router.blockSize().tokens());
    state.metrics(new EndpointMetrics(0, 0, 0, 32, 0, 0));
    state.metrics(new EndpointMetrics(0, 0, 0, 16, 0, 0)); // another one, too late

    assertEquals(32, router.blockSize().tokens());
  }

  @Test
  void anAdapterDoesNotMatchTheBaseModelsBlocks() {
    Router router = TestPool.builder().adapter("sql-lora").build();
    router.endpoints().add(pod(1));
    announce(router, pod(1), PROMPT);

    try (RoutedRequest base = route(router, completion("m", PROMPT));
        RoutedRequest adapter = route(router, completion("sql-lora", PROMPT))) {
      assertEquals(6, base.decision().matchedBlocks(pod(1)));
      assertEquals(0, adapter.decision().matchedBlocks(pod(1)));
    }
  }

  @Test
  void routersOfOneSecretNameBlocksByTheirModel() {
    PrefixMatch match = new PrefixMatch();
    long[] unnamed = chain(BlockHasher.keyed(42));
    long[] qwen = chain(BlockHasher.keyed(42, "qwen3-32b"));

    Router named = TestPool.builder().model("qwen3-32b").build();
    named.endpoints().add(pod(1));
    announce(named, pod(1), PROMPT);

    named.index().match(unnamed, 0, unnamed.length, match);
    assertEquals(0, match.blocks(named.index().slot(pod(1))));
    named.index().match(qwen, 0, qwen.length, match);
    assertEquals(6, match.blocks(named.index().slot(pod(1))));
    try (RoutedRequest routed = route(named, completion(PROMPT))) {
      assertEquals(6, routed.decision().matchedBlocks(pod(1)));
    }
  }

  @Test
  void aBuilderUsedAgainDoesNotChangeTheRouterItMade() {
    RouterBuilder builder = TestPool.builder();
    Router router = builder.build();
    router.endpoints().add(pod(1));
    announce(router, pod(1), PROMPT);

    builder.adapter("sql-lora");

    try (RoutedRequest routed = route(router, completion("sql-lora", PROMPT))) {
      assertEquals(6, routed.decision().matchedBlocks(pod(1)));
    }
  }

  @Test
  void aRemovedEndpointIsForgottenAndItsEventsGoNowhere() {
    Router router = router(pod(1), pod(2));
    announce(router, pod(2), PROMPT);
    var deaf = router.events(pod(2));
    router.endpoints().remove(pod(2));
    deaf.cleared();

    assertEquals(pod(1), targetOf(router, PROMPT));
    assertEquals(0, router.stats().events().cleared());
    router.endpoints().add(pod(2));
    try (RoutedRequest routed = route(router, completion(PROMPT))) {
      assertEquals(0, routed.decision().matchedBlocks(pod(2)));
    }
  }

  @Test
  void aTokenFromARemovedEndpointDoesNotBringItBackIntoTheIndex() {
    Router router = router(pod(1));
    RoutedRequest routed = route(router, completion(PROMPT));
    router.endpoints().remove(pod(1));
    firstToken(routed);
    routed.close();

    assertEquals(0, router.stats().index().holders());
    router.endpoints().add(pod(1));
    try (RoutedRequest next = route(router, completion(PROMPT))) {
      assertEquals(0, next.decision().matchedBlocks(pod(1)));
    }
  }

  @Test
  void aFallbackThatWasRemovedMeanwhileDoesNotComeBackIntoTheIndex() {
    Router router = router(pod(1), pod(2));
    RoutedRequest routed = route(router, completion(PROMPT));
    router.endpoints().remove(pod(2));

    assertEquals(Optional.of(pod(2)), routed.failed(new IOException("refused")));
    routed.close();

    assertEquals(1, router.stats().index().holders());
  }

  @Test
  void anEndpointRemovedWhileItIsMarkedLeavesNothingInTheIndex() {
    AtomicReference<Router> built = new AtomicReference<>();
    // The router asks the clock between finding the endpoint registered and marking its blocks.
    Router router = TestPool.builder()
        .nanoClock(() -> {
          Router marking = built.get();
          if (marking != null) {
            marking.endpoints().remove(pod(1));
          }
          return now.get();
        })
        .build();
    router.endpoints().add(pod(1));
    EndpointState state = router.endpoints().states().get(0);
    built.set(router);

    router.sent(new PreparedRequest(completion(PROMPT), List.of(), TestPool.BLOCK), state);

    assertTrue(state.isRemoved());
    assertEquals(0, router.stats().index().holders());
  }

  @Test
  void aTokenizerThatFailsCostsTheMatchNotTheRequest() {
    Tokenizer broken = (text, special, out) -> {
      throw new IllegalStateException("planted");
    };
    Router router = TestPool.builder().tokenizer(broken).build();
    router.endpoints().add(pod(1));

    assertEquals(pod(1), targetOf(router, PROMPT));
    assertEquals(1, router.stats().promptFailures());
  }

  @Test
  void anObserverHearsEachStepOnceAndMayThrow() {
    List<String> heard = new ArrayList<>();
    Router router =
        TestPool.builder().nanoClock(now::get).observer(recorder(heard)).build();
    router.endpoints().add(pod(1));
    router.endpoints().add(pod(2));

    RoutedRequest routed = route(router, completion(PROMPT));
    routed.failed(new IOException("refused"));
    firstToken(routed);
    routed.response().end(now.get(), (bytes, offset, length) -> {});
    routed.close();

    assertEquals(
        List.of("routed", "failed 10.0.0.1:8000", "first 10.0.0.2:8000", "ended TRUNCATED"), heard);
    assertEquals(4, router.stats().observerFailures());
  }

  @Test
  void theScoresLineIsAsTheSeedShowsIt() {
    Router router = router(pod(1), pod(2));
    try (RoutedRequest cold = route(router, completion(PROMPT))) {
      assertEquals(
          "Got pod scores {\"x-request-id\": \"r-1\", \"model\": \"m\", \"resolvedTargetModel\": \"m\","
              + " \"criticality\": \"Standard\", \"scores\": null}",
          PodScores.line(cold.request(), cold.decision()));
    }
    announce(router, pod(2), PROMPT);
    try (RoutedRequest warm = route(router, completion(PROMPT))) {
      assertTrue(PodScores.line(warm.request(), warm.decision())
          .endsWith("\"scores\": {\"10.0.0.1:8000\": 6, \"10.0.0.2:8000\": 6}}"));
    }
  }

  @Test
  void aDecisionBecomesTheGatewaysHeaders() {
    RoutingDecision decision = new RoutingDecision(
        List.of(
            new RoutingDecision.Targets("decode", List.of(pod(1), pod(2))),
            new RoutingDecision.Targets("prefill", List.of(pod(3)))),
        List.of(),
        0,
        0);

    assertEquals(
        Map.of(
            "x-gateway-destination-endpoint", "10.0.0.1:8000,10.0.0.2:8000",
            "x-prefiller-host-port", "10.0.0.3:8000"),
        DestinationHeaders.of(decision));
  }

  private Router router(Endpoint... pods) {
    Router router = TestPool.builder().nanoClock(now::get).build();
    for (Endpoint pod : pods) {
      router.endpoints().add(pod);
      router.events(pod);
    }
    return router;
  }

  private static RouterObserver recorder(List<String> heard) {
    return new RouterObserver() {
      @Override
      public void routed(InferenceRequest request, RoutingDecision decision) {
        hear("routed");
      }

      @Override
      public void failed(InferenceRequest request, Endpoint endpoint, Throwable cause) {
        hear("failed " + endpoint.address());
      }

      @Override
      public void firstToken(InferenceRequest request, Endpoint endpoint, long elapsedNanos) {
        hear("first " + endpoint.address());
      }

      @Override
      public void ended(
          InferenceRequest request,
          Endpoint endpoint,
          ResponseEnd end,
          Usage usage,
          long elapsedNanos) {
        hear("ended " + end);
      }

      private void hear(String what) {
        heard.add(what);
        throw new IllegalStateException("planted");
      }
    };
  }

  private void firstToken(RoutedRequest routed) {
    routed.response().head(200, "text/event-stream; charset=utf-8");
    routed
        .response()
        .body(TOKEN_CHUNK, 0, TOKEN_CHUNK.length, now.get(), (bytes, offset, length) -> {});
  }

  private static Endpoint targetOf(Router router, String prompt) {
    try (RoutedRequest routed = route(router, completion(prompt))) {
      return routed.target();
    }
  }

  /** Asks the index itself, as routing would leave another mark. */
  private static int matchedNow(Router router, Endpoint pod) {
    long[] chain = chain(BlockHasher.keyed(42));
    PrefixMatch match = new PrefixMatch();
    router.index().match(chain, 0, chain.length, match);
    return match.blocks(router.index().slot(pod));
  }

  private static long[] chain(BlockHasher hasher) {
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(null, null));
    hasher.append(chain, PROMPT.chars().toArray(), 0, PROMPT.length(), TestPool.BLOCK);
    return chain.toArray();
  }

  private static Map<Endpoint, Integer> matches(RoutedRequest routed) {
    return routed.decision().matches().stream()
        .collect(java.util.stream.Collectors.toMap(
            RoutingDecision.Match::endpoint, RoutingDecision.Match::blocks));
  }

  private static InFlightLoad load(Router router, int endpoint) {
    return router.endpoints().states().get(endpoint).load();
  }

  private static List<Long> counts(InFlightLoad load) {
    return List.of((long) load.requests(), load.promptTokens(), load.prefillTokens());
  }
}
