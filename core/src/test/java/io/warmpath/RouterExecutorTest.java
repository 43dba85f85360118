package io.warmpath;

import static io.warmpath.TestPool.completion;
import static io.warmpath.TestPool.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.request.InferenceRequest;
import io.warmpath.schedule.RoutingDecision;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
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
  void anExecutorThatRefusesFailsTheStageAndCounts() {
    Router router = TestPool.builder()
        .executor(work -> {
          throw new RejectedExecutionException("full");
        })
        .inlineBytes(0)
        .build();
    router.endpoints().add(pod(1));

    assertInstanceOf(
        RejectedExecutionException.class, failure(router.route(completion("the quick brown fox"))));
    assertEquals(1, router.stats().unroutable());
    assertEquals(0, router.stats().offloaded());
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
}
