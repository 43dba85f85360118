package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.template.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class ChatTemplatesTest {

  private static final List<?> MESSAGES = List.of(Map.of("role", "user", "content", "hi"));
  private static final List<?> TOOLS = List.of(Map.of("type", "function"));

  @TempDir
  private Path directory;

  @Test
  void theTextOfTheConfigurationIsRun() throws IOException {
    write(
        "tokenizer_config.json",
        "{'pad': {'a': [1]}, 'chat_template': '{{ messages[0].content }}!'}");

    assertEquals("hi!", render(Map.of()));
  }

  @Test
  void ofSeveralTemplatesTheOneForToolsIsTakenWhereThereAreTools() throws IOException {
    write(
        "tokenizer_config.json",
        "{'chat_template': [{'name': 'rag', 'template': 'x'},"
            + " {'name': 'tool_use', 'template': 'tools'}, {'name': 'default', 'template': 'usual'}]}");

    assertEquals("usual", render(Map.of()));
    assertEquals("tools", render(Map.of("tools", TOOLS)));
  }

  @Test
  void filesOfTheirOwnComeFirst() throws IOException {
    write("tokenizer_config.json", "{'chat_template': 'configured'}");
    write("chat_template.json", "{'chat_template': 'of the processor'}");
    assertEquals("of the processor", render(Map.of()));
    assertEquals("configured", render(Map.of("tools", TOOLS)));

    write("chat_template.jinja", "a file");
    Files.createDirectory(directory.resolve("additional_chat_templates"));
    write("additional_chat_templates/tool_use.jinja", "a file for tools");
    assertEquals("a file", render(Map.of()));
    assertEquals("a file for tools", render(Map.of("tools", TOOLS)));
  }

  @Test
  void specialTokensAreVariables() throws IOException {
    write(
        "tokenizer_config.json",
        "{'bos_token': {'content': '<s>', 'special': true}, 'pad_token': null, 'chat_template':"
            + " '{{ bos_token }}{{ eos_token }}{{ pad_token is defined }}{{ unk_token }}'}");
    write("special_tokens_map.json", "{'bos_token': 'no', 'eos_token': '</s>', 'unk_token': '?'}");

    assertEquals("<s></s>False?", render(Map.of()));
    assertEquals("<s>mineFalse?", render(Map.of("eos_token", "mine")));
  }

  @Test
  void noTemplateIsRefused() {
    assertEquals(
        directory
            + ": there is no chat template: looked for chat_template.jinja, chat_template.json and"
            + " chat_template in tokenizer_config.json; without one, chats cannot be rendered",
        assertThrows(IllegalArgumentException.class, () -> ChatTemplates.load(directory))
            .getMessage());
  }

  @Test
  void aConfigurationThatIsNoObjectIsRefusedByBothReaders() throws IOException {
    Files.copy(
        Golden.path("tokenizers/own_llama3_style/tokenizer.json"),
        directory.resolve("tokenizer.json"));
    for (String text : List.of("[]", "")) {
      write("tokenizer_config.json", text);

      for (Executable reader : List.<Executable>of(
          () -> ChatTemplates.load(directory), () -> Tokenizers.pureJava(directory))) {
        assertEquals(
            directory.resolve("tokenizer_config.json") + ": must be an object",
            assertThrows(IllegalArgumentException.class, reader).getMessage());
      }
    }
  }

  @Test
  void aConfigurationThatIsNotJsonIsNamedWithThePlace() throws IOException {
    write("tokenizer_config.json", "{'bos_token':\n <s>}");

    String message =
        assertThrows(IOException.class, () -> ChatTemplates.load(directory)).getMessage();

    assertTrue(
        message.startsWith(
            directory.resolve("tokenizer_config.json") + ": is not JSON at line 2, column "),
        message);
  }

  @Test
  void severalTemplatesWithoutADefaultAreRefused() throws IOException {
    write("tokenizer_config.json", "{'chat_template': [{'name': 'rag', 'template': 'x'}]}");

    assertTrue(assertThrows(IllegalArgumentException.class, () -> ChatTemplates.load(directory))
        .getMessage()
        .endsWith("of several chat templates one must be named 'default'; there are [rag]"));
  }

  @Test
  void whatIsNoTemplateIsRefused() {
    assertEquals(
        "line 2: Encountered unknown tag 'nonsense'.",
        assertThrows(TemplateException.class, () -> ChatTemplates.of("a\n{% nonsense %}", Map.of()))
            .getMessage());
  }

  @Test
  void templatesOfRequestsAreUsedOnlyIfTrusted() {
    JinjaChatTemplate own = ChatTemplates.of("own", Map.of());
    JinjaChatTemplate trusting = own.trustingRequests();

    assertSame(own.template(false, null), own.template(false, "theirs"));
    assertSame(trusting.template(false, "theirs"), trusting.template(true, "theirs"));
    assertSame(own.template(false, null), trusting.template(false, null));
  }

  @Test
  void templatesOfRequestsAreKeptInABoundedCache() {
    TemplateCache cache = new TemplateCache();

    for (int i = 0; i < 2 * TemplateCache.MOST; i++) {
      cache.get("template " + i);
    }
    cache.get("x".repeat(TemplateCache.LONGEST + 1));

    assertEquals(TemplateCache.MOST, cache.size());
  }

  private String render(Map<String, ?> options) throws IOException {
    return Chats.render(ChatTemplates.load(directory), MESSAGES, options);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(
        directory.resolve(name), name.endsWith(".json") ? text.replace('\'', '"') : text);
  }
}
