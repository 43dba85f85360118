package io.warmpath;

import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.template.TemplateException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Requests without tokens: matched by their bytes against what was routed before. */
class RouterByBytesTest {

  private static final String SYSTEM = "s".repeat(256);

  private final Router router = router(Router.builder());

  @Test
  void aPromptThatBeginsAlikeGoesWhereTheFirstWent() {
    route(router, completion("a".repeat(300))).close();
    RoutedRequest other = route(router, completion("b".repeat(300)));
    RoutedRequest more = route(router, completion("a".repeat(300) + "c".repeat(100)));

    assertEquals(0, other.decision().matches().size());
    assertEquals(1, more.decision().matchedBlocks(more.target()), "256 bytes of 300");
    assertEquals(101, more.decision().promptTokens(), "401 bytes, four a token");
  }

  @Test
  void aConversationThatGrewMatchesItsBeginning() {
    String turns = message("system", SYSTEM) + "," + message("user", "u".repeat(256));
    RoutedRequest first = route(router, chat(turns));
    RoutedRequest second = route(
        router,
        chat(turns + "," + message("assistant", "an answer") + "," + message("user", "more")));

    assertEquals(2, second.decision().matchedBlocks(first.target()));
  }

  @Test
  void cacheMarksThatWanderDoNotCount() {
    String marked = "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"" + SYSTEM
        + "\",\"cache_control\":{\"type\":\"ephemeral\"}}]}";
    RoutedRequest first = route(router, chat(marked));
    RoutedRequest second =
        route(router, chat(marked.replace(",\"cache_control\":{\"type\":\"ephemeral\"}", "")));

    assertEquals(1, second.decision().matchedBlocks(first.target()));
  }

  @Test
  void textsAreNotJoined() {
    String text = "t".repeat(200);
    RoutedRequest first = route(router, chat(message("user", text) + "," + message("user", text)));
    RoutedRequest second = route(router, chat(message("user", text + "user" + text)));

    assertEquals(0, second.decision().matchedBlocks(first.target()));
  }

  @Test
  void toolsSaltsAndCharactersCount() {
    RoutedRequest first = route(router, chat(message("user", "é\uD83D\uDE00".repeat(100))));

    assertEquals(
        2,
        route(router, chat(message("user", "é\uD83D\uDE00".repeat(100))))
            .decision()
            .matchedBlocks(first.target()));
    assertEquals(
        0,
        route(router, chat(message("user", "é\uD83D\uDE01".repeat(100))))
            .decision()
            .matches()
            .size());
    assertEquals(
        0,
        route(router, chat(message("user", "é\uD83D\uDE00".repeat(100)) + "],\"tools\":[{\"a\":1}"))
            .decision()
            .matches()
            .size());
    assertEquals(
        0,
        route(
                router,
                chat(message("user", "é\uD83D\uDE00".repeat(100))
                    + "],\"cache_salt\":\"t\",\"x\":["))
            .decision()
            .matches()
            .size());
  }

  @Test
  void aKnownBlockSizeIsTakenForBytesToo() {
    Router known = router(Router.builder().blockSize(32));
    RoutedRequest first = route(known, completion("a".repeat(300)));

    RoutedRequest second = route(known, completion("a".repeat(300)));

    assertEquals(2, second.decision().matchedBlocks(first.target()), "blocks of 128 bytes");
    assertEquals(2, known.stats().approximate());
  }

  @Test
  void whatATemplateRefusesGoesNowhere() {
    Router refusing = router(TestPool.builder().template((request, out) -> {
      throw TemplateException.refusal("roles must alternate");
    }));

    var e = assertThrows(
        CompletionException.class,
        () -> refusing.route(chat(message("user", "a"))).toCompletableFuture().join());

    assertInstanceOf(BadRequestException.class, e.getCause());
    assertEquals("roles must alternate", e.getCause().getMessage());
    assertEquals(1, refusing.stats().refused());
    assertEquals(0, refusing.stats().inFlight());
  }

  @Test
  void whatATemplateCannotRenderIsMatchedByItsBytes() {
    Router failing = router(TestPool.builder().template((request, out) -> {
      throw new TemplateException("line 1: no such filter");
    }));

    RoutedRequest first = route(failing, chat(message("user", SYSTEM)));
    RoutedRequest second = route(failing, chat(message("user", SYSTEM)));

    assertEquals(4, second.decision().matchedBlocks(first.target()), "blocks of 16 x 4 bytes");
    assertEquals(2, failing.stats().promptFailures());
    assertEquals(2, failing.stats().approximate());
  }

  private static Router router(RouterBuilder builder) {
    Router router = builder
        .profile("bytes", p -> p.scorer("prefix", TestPool.PREFIX, 1).picker(TestPool.FIRST_BEST))
        .build();
    router.endpoints().add(pod(1));
    router.endpoints().add(pod(2));
    return router;
  }

  private static InferenceRequest completion(String prompt) {
    return TestPool.completion(prompt);
  }

  private static String message(String role, String content) {
    return "{\"role\":\"" + role + "\",\"content\":\"" + content + "\"}";
  }

  private static InferenceRequest chat(String messages) {
    return InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        ("{\"model\":\"m\",\"messages\":[" + messages + "]}").getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
  }
}
