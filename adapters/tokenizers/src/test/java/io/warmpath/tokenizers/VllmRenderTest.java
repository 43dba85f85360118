package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.Prompt;
import io.warmpath.request.RequestHeaders;
import io.warmpath.template.ChatTemplate;
import io.warmpath.template.TemplateException;
import io.warmpath.token.TokenBuffer;
import io.warmpath.token.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Bodies of all four APIs with the token ids that a real vLLM rendered for them, or refused. The
 * tokenizer of Qwen3 is not ours to ship: {@code -Dwarmpath.tokenizers=DIR}, see {@link
 * ModelTokenizersTest}.
 */
final class VllmRenderTest {

  @Test
  void bodiesOfAllApisGiveTheIdsOfARealEngine() throws IOException {
    Path qwen3 = ModelTokenizersTest.qwen3();
    Tokenizer tokenizer = Tokenizers.load(qwen3);
    ChatTemplate template = ChatTemplates.load(qwen3);
    Map<?, ?> file = Golden.read(Golden.path("vllm_render.json"));
    List<?> cases = (List<?>) Objects.requireNonNull(file.get("cases"));

    for (Object item : cases) {
      Map<?, ?> one = (Map<?, ?>) item;
      Object expected = one.containsKey("token_ids") ? one.get("token_ids") : "none";
      assertEquals(
          String.valueOf(expected),
          ids(tokenizer, template, one),
          () -> one.get("path") + " '" + one.get("name") + "': " + one.get("body"));
    }
    assertEquals(file.get("count"), (long) cases.size());
  }

  /** {@return the ids of all prompts, or none where a router would not claim to know them} */
  private static String ids(Tokenizer tokenizer, ChatTemplate template, Map<?, ?> one) {
    List<List<Integer>> prompts = new ArrayList<>();
    try {
      InferenceRequest request = InferenceRequest.parse(
          Api.of(String.valueOf(one.get("path"))).orElseThrow(),
          String.valueOf(one.get("body")).getBytes(StandardCharsets.UTF_8),
          RequestHeaders.NONE);
      for (Prompt prompt : request.prompts()) {
        prompts.add(
            prompt instanceof Prompt.Text text
                ? encode(tokenizer, request, text.text())
                : cut(request, new TokenBuffer(), ((Prompt.Tokens) prompt).ids()));
      }
      if (request.api() != Api.COMPLETIONS) {
        if (request.previousResponseId() != null
            || request.hasOpaqueContent()
            || request.hasMedia()) {
          return "none";
        }
        StringBuilder text = new StringBuilder();
        template.render(request, text);
        prompts.add(encode(tokenizer, request, text));
      }
    } catch (BadRequestException | TemplateException refused) {
      return "none";
    }
    return prompts.toString();
  }

  private static List<Integer> encode(
      Tokenizer tokenizer, InferenceRequest request, CharSequence text) {
    TokenBuffer ids = new TokenBuffer();
    tokenizer.encode(text, request.addSpecialTokens(), ids);
    return cut(request, ids, new int[0]);
  }

  /** As the router cuts prompts. */
  private static List<Integer> cut(InferenceRequest request, TokenBuffer ids, int[] more) {
    ids.add(more, 0, more.length);
    Integer kept = request.truncatePromptTokens();
    if (kept != null && kept >= 0 && kept < ids.size()) {
      if ("right".equals(request.truncationSide())) {
        ids.keepFirst(kept);
      } else {
        ids.keepLast(kept);
      }
    }
    List<Integer> boxed = new ArrayList<>(ids.size());
    for (int id : ids.toArray()) {
      boxed.add(id);
    }
    return boxed;
  }
}
