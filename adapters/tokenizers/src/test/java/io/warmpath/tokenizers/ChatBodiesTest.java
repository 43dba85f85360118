package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.warmpath.AllocatedBytes;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.JsonValues;
import io.warmpath.request.RequestHeaders;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.TokenBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the bytes of a chat request to token ids, through both doors, as a router goes. */
final class ChatBodiesTest {

  @TempDir
  private Path directory;

  @Test
  void bodiesInTheFormOfLlama3GiveTheIdsOfTheOriginal() throws IOException {
    prepare("llama3");

    assertEquals(10, check("llama3"));
  }

  @Test
  void bodiesInTheFormOfChatMlGiveTheIdsOfTheOriginal() throws IOException {
    prepare("chatml");

    assertEquals(10, check("chatml"));
  }

  @Test
  void textOfMessagesIsNotCopiedOnItsWayToThePrompt() throws IOException {
    prepare("chatml");
    ChatTemplate template = ChatTemplates.load(directory);
    String text = "word ".repeat(20_000);
    Map<?, ?> message = Map.of("role", "user", "content", text);
    byte[] body = json(Map.of("model", "m", "messages", List.of(message)));
    InferenceRequest request =
        InferenceRequest.parse(Api.CHAT_COMPLETIONS, body, RequestHeaders.NONE);
    StringBuilder prompt = new StringBuilder();
    template.render(request, prompt);

    long bytes = AllocatedBytes.leastOf(() -> {
      prompt.setLength(0);
      template.render(request, prompt);
    });

    assertTrue(prompt.indexOf(text) >= 0);
    assertTrue(bytes < text.length() / 10, bytes + " bytes");
  }

  /** Puts a model's files together: the tokenizer with the form's tokens, and its template. */
  private void prepare(String form) throws IOException {
    Map<?, ?> files = map(map(file().get("forms")).get(form));
    String tokenizer = Files.readString(Golden.path("tokenizers/own_llama3_style/tokenizer.json"));
    for (Map.Entry<?, ?> renamed : map(files.get("renamed_tokens")).entrySet()) {
      tokenizer = tokenizer.replace((String) renamed.getKey(), (String) renamed.getValue());
    }
    Files.writeString(directory.resolve("tokenizer.json"), tokenizer);
    Files.writeString(directory.resolve("chat_template.jinja"), (String)
        Objects.requireNonNull(files.get("chat_template")));
    Files.writeString(
        directory.resolve("tokenizer_config.json"), "{\"bos_token\": \"<|begin_of_text|>\"}");
  }

  /** {@return how many bodies were compared} */
  private int check(String form) throws IOException {
    ChatTemplate template = ChatTemplates.load(directory);
    BytePairTokenizer tokenizer = Tokenizers.pureJava(directory);
    int checked = 0;
    for (Object item : (List<?>) Objects.requireNonNull(file().get("cases"))) {
      Map<?, ?> one = map(item);
      if (form.equals(one.get("form"))) {
        assertArrayEquals(
            Golden.ints(one.get("token_ids")),
            ids(template, tokenizer, one.get("body")),
            () -> "case '" + one.get("name") + "'");
        checked++;
      }
    }
    return checked;
  }

  /** Goes the way of a body: parse, render, tokenize. */
  static int[] ids(ChatTemplate template, BytePairTokenizer tokenizer, @Nullable Object body) {
    InferenceRequest request =
        InferenceRequest.parse(Api.CHAT_COMPLETIONS, json(body), RequestHeaders.NONE);
    StringBuilder prompt = new StringBuilder();
    template.render(request, prompt);
    TokenBuffer ids = new TokenBuffer();
    tokenizer.encode(prompt, request.addSpecialTokens(), ids);
    return ids.toArray();
  }

  private static byte[] json(@Nullable Object body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      JsonValues.write(json, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static Map<?, ?> file() throws IOException {
    return Golden.read(Golden.path("chat_bodies.json"));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }
}
