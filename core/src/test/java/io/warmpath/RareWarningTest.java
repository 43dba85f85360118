package io.warmpath;

import static io.warmpath.TestPool.chat;
import static io.warmpath.TestPool.completion;
import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.request.InferenceRequest;
import io.warmpath.schedule.RareWarning;
import io.warmpath.schedule.RoutingDecision;
import io.warmpath.template.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RareWarningTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Logger LOG = Logger.getLogger(Router.class.getName());

  private final AtomicLong now = new AtomicLong();
  private final List<String> logged = new ArrayList<>();
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      logged.add(entry.getThrown().getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
  }

  @Test
  void aWarningIsLoggedAtFirstAndThenOnceAMinute() {
    RareWarning warning = new RareWarning(System.getLogger(Router.class.getName()), "text");
    warning.log(new IllegalStateException("first"), now.get());
    now.addAndGet(60 * SECOND - 1);
    warning.log(new IllegalStateException("too soon"), now.get());
    now.addAndGet(1);
    warning.log(new IllegalStateException("after a minute"), now.get());
    warning.log(new IllegalStateException("too soon again"), now.get());

    assertEquals(List.of("first", "after a minute"), logged);
  }

  @Test
  void aTokenizerThatFailsIsLogged() {
    Router router = TestPool.builder()
        .tokenizer((text, special, out) -> {
          throw new IllegalStateException("tokenizer");
        })
        .build();
    router.endpoints().add(pod(1));
    route(router, completion("p")).close();
    route(router, completion("p")).close();

    assertEquals(List.of("tokenizer"), logged);
    assertEquals(2, router.stats().promptFailures());
  }

  @Test
  void aConversationThatItsTemplateRefusesIsCountedOnly() {
    Router router = TestPool.builder()
        .template((request, out) -> {
          throw TemplateException.refusal("roles must alternate");
        })
        .build();
    router.endpoints().add(pod(1));
    assertTrue(router.route(chat("p")).toCompletableFuture().isCompletedExceptionally());

    assertEquals(List.of(), logged);
    assertEquals(1, router.stats().refused());
  }

  @Test
  void anObserverThatFailsIsLogged() {
    Router router = TestPool.builder()
        .observer(new RouterObserver() {
          @Override
          public void routed(InferenceRequest request, RoutingDecision decision) {
            throw new IllegalStateException("observer");
          }
        })
        .build();
    router.endpoints().add(pod(1));
    route(router, completion("p")).close();
    route(router, completion("p")).close();

    assertEquals(List.of("observer"), logged);
    assertEquals(2, router.stats().observerFailures());
  }
}
