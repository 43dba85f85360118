package io.warmpath;

import static io.warmpath.TestPool.announce;
import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.request.Api;
import io.warmpath.request.ContentPart;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Chats with images: their blocks are named by what the images are. */
class MediaRoutingTest {

  /** As {@link TestPool#CHARACTERS}; '#' is the placeholder of an image. */
  private static final Tokenizer WITH_IMAGES = new Tokenizer() {
    @Override
    public void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out) {
      TestPool.CHARACTERS.encode(text, addSpecialTokens, out);
    }

    @Override
    public int addedToken(String content) {
      return content.equals("<|image_pad|>") ? '#' : -1;
    }
  };

  private static final ChatTemplate PLACEHOLDERS = (request, out) -> request
      .messages()
      .forEach(message -> message
          .parts()
          .forEach(part -> out.append(part instanceof ContentPart.Text text ? text.text() : "#")));

  private final Router router =
      router(TestPool.builder().tokenizer(WITH_IMAGES).template(PLACEHOLDERS));

  @Test
  void whatIsBeforeAnImageMatchesEvents() {
    announce(router, pod(2), "abcdefgh");

    RoutedRequest routed = route(router, chat("abcdefghij", "image_url", "cat", "klmnopqr"));

    assertEquals(2, routed.decision().matchedBlocks(pod(2)));
    assertEquals(19, routed.decision().promptTokens());
    assertEquals(0, router.stats().approximate());
  }

  @Test
  void equalImagesGiveEqualBlocksAndOthersDoNot() {
    RoutedRequest first = route(router, chat("abcdefghij", "image_url", "cat", "klmnopqr"));

    RoutedRequest same = route(router, chat("abcdefghij", "image_url", "cat", "klmnopqr"));
    RoutedRequest other = route(router, chat("abcdefghij", "image_url", "dog", "klmnopqr"));

    assertEquals(4, same.decision().matchedBlocks(first.target()));
    assertEquals(2, other.decision().matchedBlocks(first.target()));
  }

  @Test
  void mediaThatTheModelHasNoPlaceholderForAreMatchedByTheirBytes() {
    String text = "t".repeat(100);
    RoutedRequest first = route(router, chat(text, "video_url", "cat", text));

    RoutedRequest same = route(router, chat(text, "video_url", "cat", text));
    RoutedRequest other = route(router, chat(text, "video_url", "dog", text));

    assertEquals(3, router.stats().approximate());
    assertEquals(0, router.stats().promptFailures());
    assertEquals(same.decision().totalBlocks(), same.decision().matchedBlocks(first.target()));
    assertEquals(1, other.decision().matchedBlocks(first.target()));
  }

  @Test
  void aTemplateThatWritesFewerPlaceholdersIsNotBelieved() {
    Router without = router(TestPool.builder().tokenizer(WITH_IMAGES).template(TestPool.LINES));

    route(without, chat("abcdefghij", "image_url", "cat", "klmnopqr"));

    assertEquals(1, without.stats().promptFailures());
    assertEquals(1, without.stats().approximate());
  }

  private static Router router(RouterBuilder builder) {
    Router router = builder.build();
    router.endpoints().add(pod(1));
    router.endpoints().add(pod(2));
    return router;
  }

  private static InferenceRequest chat(String before, String type, String url, String behind) {
    return InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        ("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":["
                + "{\"type\":\"text\",\"text\":\"" + before + "\"},"
                + "{\"type\":\"" + type + "\",\"" + type + "\":{\"url\":\"" + url + "\"}},"
                + "{\"type\":\"text\",\"text\":\"" + behind + "\"}]}]}")
            .getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
  }
}
