package io.warmpath;

import static io.warmpath.TestPool.announce;
import static io.warmpath.TestPool.chat;
import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.token.TokenizedPrompt;
import io.warmpath.token.TokenizedPrompt.MediaSpan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Requests that somebody else tokenizes. */
class RemoteTokenizerTest {

  private static final String PROMPT = "the quick brown fox";

  private final List<CompletableFuture<List<TokenizedPrompt>>> asked = new ArrayList<>();

  @Test
  void theTokensOfTheAnswerAreMatched() {
    Router router = router();
    announce(router, pod(2), PROMPT);

    CompletionStage<RoutedRequest> stage = router.route(chat(PROMPT));
    assertFalse(stage.toCompletableFuture().isDone());
    asked.get(0).complete(List.of(tokens(PROMPT)));

    assertEquals(pod(2), stage.toCompletableFuture().join().target());
    assertEquals(1, router.stats().offloaded());
    assertEquals(0, router.stats().approximate());
  }

  @Test
  void anAnswerThatFailsIsReplacedByBytes() {
    Router router = router();

    CompletionStage<RoutedRequest> stage = router.route(chat(PROMPT));
    asked.get(0).completeExceptionally(new IllegalStateException("planted"));

    assertEquals(pod(1), stage.toCompletableFuture().join().target());
    assertEquals(1, router.stats().promptFailures());
    assertEquals(1, router.stats().approximate());
  }

  @Test
  void aTokenizerThatThrowsIsReplacedByBytes() {
    Router router = builder(request -> {
          throw new IllegalStateException("planted");
        })
        .build();
    router.endpoints().add(pod(1));

    assertEquals(pod(1), route(router, chat(PROMPT)).target());
    assertEquals(1, router.stats().promptFailures());
  }

  @Test
  void aRefusalIsPassedOn() {
    Router router = router();

    CompletionStage<RoutedRequest> stage = router.route(chat(PROMPT));
    asked
        .get(0)
        .completeExceptionally(
            new CompletionException(new BadRequestException("roles must alternate", "messages")));

    var e = assertThrows(
        CompletionException.class, () -> stage.toCompletableFuture().join());
    assertInstanceOf(BadRequestException.class, e.getCause());
    assertEquals(1, router.stats().refused());
    assertEquals(0, router.stats().routed());
  }

  @Test
  void anAnswerThatNeverComesIsReplacedByBytes() {
    Router router = router();

    assertEquals(pod(1), route(router, chat(PROMPT)).target());
    assertEquals(1, router.stats().tokenizedTooLate());
  }

  @Test
  void tokenIdsAreNotSentAway() {
    Router router = router();
    announce(router, pod(2), "abcd");
    InferenceRequest ids = InferenceRequest.parse(
        Api.COMPLETIONS,
        "{\"model\":\"m\",\"prompt\":[97,98,99,100,101]}".getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);

    assertEquals(pod(2), route(router, ids).target());
    assertEquals(0, asked.size());
  }

  @Test
  void anImageNamesItsBlocks() {
    Router router = router();
    int blocks = 4;
    RoutedRequest first = answered(router, withImage("cat"));
    answer(first);

    assertEquals(
        blocks, answered(router, withImage("cat")).decision().matchedBlocks(first.target()));
    assertEquals(1, answered(router, withImage("dog")).decision().matchedBlocks(first.target()));
    assertEquals(blocks, answered(router, withImage("cat")).decision().totalBlocks());
  }

  @Test
  void mediaOutsideOfTheTokensAreRefused() {
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> new TokenizedPrompt(new int[3], List.of(new MediaSpan("cat", 2, 2))));
    var e = assertThrows(
        IllegalArgumentException.class,
        () -> new TokenizedPrompt(
            new int[3], List.of(new MediaSpan("cat", 2, 1), new MediaSpan("dog", 1, 1))));
    assertEquals(
        "media must be in the order of their tokens: first token must be at least 2, was 1",
        e.getMessage());
  }

  @Test
  void twoTokenizersAreOneTooMany() {
    var e = assertThrows(
        IllegalArgumentException.class,
        () -> builder(request -> new CompletableFuture<>())
            .tokenizer(TestPool.CHARACTERS)
            .build());
    assertEquals(
        "router: a remote tokenizer reads whole requests, and tokenizer(...) or template(...) was"
            + " given too; leave one of them out",
        e.getMessage());
  }

  private RoutedRequest answered(Router router, TokenizedPrompt prompt) {
    CompletionStage<RoutedRequest> stage = router.route(chat(PROMPT));
    asked.get(asked.size() - 1).complete(List.of(prompt));
    return stage.toCompletableFuture().join();
  }

  /** Seventeen tokens, of which the sixth is an image's. */
  private static TokenizedPrompt withImage(String identifier) {
    return new TokenizedPrompt(
        "abcdefghijklmnopq".chars().toArray(), List.of(new MediaSpan(identifier, 5, 1)));
  }

  private static void answer(RoutedRequest routed) {
    byte[] chunk = "data: {\"choices\":[{\"text\":\"a\"}]}\n\n".getBytes(StandardCharsets.UTF_8);
    routed.response().head(200, "text/event-stream");
    routed.response().body(chunk, 0, chunk.length, 1, (bytes, offset, length) -> {});
  }

  private static TokenizedPrompt tokens(String text) {
    return new TokenizedPrompt(text.chars().toArray(), List.of());
  }

  private Router router() {
    Router router = builder(request -> {
          CompletableFuture<List<TokenizedPrompt>> answer = new CompletableFuture<>();
          asked.add(answer);
          return answer;
        })
        .build();
    router.endpoints().add(pod(1));
    router.endpoints().add(pod(2));
    return router;
  }

  private static RouterBuilder builder(RemoteTokenizer remote) {
    return Router.builder()
        .tokenizer(remote)
        .blockSize(TestPool.BLOCK)
        .profile("decode", p -> p.scorer("prefix", TestPool.PREFIX, 1).picker(TestPool.FIRST_BEST));
  }
}
