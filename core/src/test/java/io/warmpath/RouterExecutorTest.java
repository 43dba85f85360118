package io.warmpath;

import static io.warmpath.TestPool.completion;
import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.request.InferenceRequest;
import io.warmpath.schedule.RoutingDecision;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Requests that are prepared by the embedder's executor. */
class RouterExecutorTest {

  @Test
  void aLargePromptIsPreparedByTheExecutor() {
    List<Runnable> handed = new ArrayList<>();
    Router router = TestPool.builder().executor(handed::add).inlineBytes(100).build();
    router.endpoints().add(pod(1));

    assertTrue(router.route(completion("small")).toCompletableFuture().isDone());
    CompletionStage<RoutedRequest> large = router.route(completion("x".repeat(200)));
    assertEquals(1, handed.size());
    handed.get(0).run();

    assertEquals(pod(1), large.toCompletableFuture().join().target());
    assertEquals(1, router.stats().offloaded());
  }

  @Test
  void aRequestCancelledWhileItIsPreparedLeavesNoLoad() {
    List<Runnable> handed = new ArrayList<>();
    AtomicReference<CompletionStage<RoutedRequest>> stage = new AtomicReference<>();
    RouterObserver cancelling = new RouterObserver() {
      @Override
      public void routed(InferenceRequest request, RoutingDecision decision) {
        stage.get().toCompletableFuture().cancel(false);
      }
    };
    Router router = TestPool.builder()
        .executor(handed::add)
        .inlineBytes(0)
        .observer(cancelling)
        .build();
    router.endpoints().add(pod(1));
    stage.set(router.route(completion("the quick brown fox")));

    handed.get(0).run();

    assertTrue(stage.get().toCompletableFuture().isCancelled());
    assertEquals(1, router.stats().routed());
    assertEquals(0, router.stats().inFlight());
    assertEquals(0, router.endpoints().states().get(0).load().requests());
  }

  @Test
  void aRequestCancelledBeforeItIsPreparedIsNotRouted() {
    List<Runnable> handed = new ArrayList<>();
    Router router = TestPool.builder().executor(handed::add).inlineBytes(0).build();
    router.endpoints().add(pod(1));
    router.route(completion("the quick brown fox")).toCompletableFuture().cancel(false);

    handed.get(0).run();

    assertEquals(0, router.stats().routed());
  }

  @Test
  void whatAnExecutorRefusesIsMatchedByItsBytes() {
    Router router = TestPool.builder()
        .executor(work -> {
          throw new RejectedExecutionException("full");
        })
        .inlineBytes(0)
        .build();
    router.endpoints().add(pod(1));

    assertEquals(pod(1), route(router, completion("the quick brown fox")).target());
    assertEquals(1, router.stats().approximate());
    assertEquals(1, router.stats().promptFailures());
    assertEquals(0, router.stats().offloaded());
  }

  @Test
  void aPromptThatWaitsTooLongIsMatchedByItsBytesAndItsTokensAreMarkedLater() {
    CountDownLatch mayTokenize = new CountDownLatch(1);
    Tokenizer slow = new Tokenizer() {
      @Override
      public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
        await(mayTokenize);
        TestPool.CHARACTERS.encode(text, addSpecialTokens, out);
      }
    };
    ExecutorService executor = Executors.newSingleThreadExecutor();
    Router router = TestPool.builder()
        .tokenizer(slow)
        .executor(executor)
        .inlineBytes(200)
        .tokenizationLimit(Duration.ofMillis(1))
        .build();
    router.endpoints().add(pod(1));
    router.endpoints().add(pod(2));
    String text = "x".repeat(100) + "y".repeat(150);

    RoutedRequest late = route(router, completion(text));
    answer(late);
    assertEquals(1, router.stats().approximate());
    assertEquals(1, router.stats().tokenizedTooLate());
    RoutedRequest next = route(router, completion(text + "z"));
    assertEquals(late.target(), next.target());
    assertTrue(next.decision().matchedBlocks(late.target()) > 0, "matched by bytes");

    mayTokenize.countDown();
    executor.shutdown();
    assertTrue(finished(executor));
    RoutedRequest small = route(router, completion("x".repeat(100)));
    assertEquals(24, small.decision().matchedBlocks(late.target()), "matched by tokens");
  }

  @Test
  void whatIsOffloadedInTimeIsMarkedByItsBytesToo() {
    List<Runnable> handed = new ArrayList<>();
    boolean[] isFull = {false};
    Router router = TestPool.builder()
        .executor(work -> {
          if (isFull[0]) {
            throw new RejectedExecutionException("full");
          }
          handed.add(work);
        })
        .inlineBytes(0)
        .build();
    router.endpoints().add(pod(1));
    CompletionStage<RoutedRequest> first = router.route(completion("x".repeat(400)));
    handed.get(0).run();
    RoutedRequest routed = first.toCompletableFuture().join();
    answer(routed);
    assertEquals(0, router.stats().approximate());

    isFull[0] = true;
    RoutedRequest next = route(router, completion("x".repeat(400)));

    assertEquals(1, router.stats().approximate());
    assertEquals(6, next.decision().matchedBlocks(pod(1)), "400 bytes in blocks of 16 x 4");
  }

  @Test
  void aLongPromptThatTheTokenizerRemembersStaysOnTheCallersThread() {
    List<Runnable> handed = new ArrayList<>();
    Tokenizer remembers = new Tokenizer() {
      @Override
      public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
        TestPool.CHARACTERS.encode(text, addSpecialTokens, out);
      }

      @Override
      public boolean encodeIfQuick(
          CharSequence text, boolean addSpecialTokens, int mostNew, TokenBuffer out) {
        encode(text, addSpecialTokens, out);
        return text.charAt(0) == 'o';
      }
    };
    Router router = TestPool.builder()
        .tokenizer(remembers)
        .executor(handed::add)
        .inlineBytes(100)
        .build();
    router.endpoints().add(pod(1));

    RoutedRequest old = route(router, completion("o".repeat(1_000)));
    router.route(completion("n".repeat(1_000)));
    router.route(completion("o".repeat(2_000)));

    assertEquals(1_000, old.decision().promptTokens());
    assertEquals(2, handed.size(), "a new prompt, and one too long to try");
  }

  @Test
  void aStageFailsWithTheSameExceptionOnAnyThread() {
    Router here = TestPool.builder().build();
    Router elsewhere = TestPool.builder().executor(Runnable::run).inlineBytes(0).build();

    assertInstanceOf(
        NoEndpointException.class, failure(here.route(completion("the quick brown fox"))));
    assertInstanceOf(
        NoEndpointException.class, failure(elsewhere.route(completion("the quick brown fox"))));
  }

  @Test
  void aTokenizerThatBlocksNeedsAnExecutor() {
    Tokenizer remote = new Tokenizer() {
      @Override
      public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {}

      @Override
      public boolean blocks() {
        return true;
      }
    };

    var e = assertThrows(
        IllegalArgumentException.class,
        () -> TestPool.builder().tokenizer(remote).build());
    assertEquals(
        "router: this tokenizer may block; give the router a thread pool with executor(...)",
        e.getMessage());
  }

  private static Throwable failure(CompletionStage<RoutedRequest> stage) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    stage.whenComplete((routed, cause) -> failure.set(cause));
    return failure.get();
  }

  /** The endpoint answers with a first token. */
  private static void answer(RoutedRequest routed) {
    byte[] chunk = "data: {\"choices\":[{\"text\":\"a\"}]}\n\n".getBytes(StandardCharsets.UTF_8);
    routed.response().head(200, "text/event-stream");
    routed.response().body(chunk, 0, chunk.length, 1, (bytes, offset, length) -> {});
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean finished(ExecutorService executor) {
    try {
      return executor.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
