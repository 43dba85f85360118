package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.TokenBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    assertInstanceOf(Llama3Template.class, ChatTemplates.load(directory));
    assertEquals(10, check("llama3"));
  }

  @Test
  void bodiesInTheFormOfChatMlGiveTheIdsOfTheOriginal() throws IOException {
    prepare("chatml");

    assertInstanceOf(ChatMlTemplate.class, ChatTemplates.load(directory));
    assertEquals(10, check("chatml"));
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
    StringBuilder json = new StringBuilder();
    PythonJson.write(body, json);
    InferenceRequest request = InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        json.toString().getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
    StringBuilder prompt = new StringBuilder();
    template.render(request, prompt);
    TokenBuffer ids = new TokenBuffer();
    tokenizer.encode(prompt, request.addSpecialTokens(), ids);
    return ids.toArray();
  }

  private static Map<?, ?> file() throws IOException {
    return Golden.read(Golden.path("chat_bodies.json"));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }
}
