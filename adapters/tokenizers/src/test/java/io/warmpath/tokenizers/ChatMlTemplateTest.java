package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ChatMlTemplateTest {

  private static final Map<String, Object> ANSWER = Map.of("add_generation_prompt", true);

  @Test
  void rendersOwnConversationsAsTheTemplateOfQwen3Does() throws IOException {
    Map<?, ?> file = Golden.read(Golden.path("chatml_conversations.json"));
    Map<?, ?> conversations = (Map<?, ?>) Objects.requireNonNull(file.get("conversations"));
    List<?> cases = (List<?>) Objects.requireNonNull(file.get("cases"));
    ChatMlTemplate template = new ChatMlTemplate(true, null);

    for (Object item : cases) {
      Map<?, ?> one = (Map<?, ?>) item;
      Map<?, ?> options = (Map<?, ?>) Objects.requireNonNull(one.get("options"));
      StringBuilder out = new StringBuilder();
      template.render(Chats.of(conversations.get(one.get("conversation")), options), out);

      assertEquals(
          one.get("rendered"), out.toString(), () -> one.get("conversation") + " " + options);
    }
    assertEquals((long) cases.size(), file.get("count"));
  }

  @Test
  void anOlderTemplateKeepsThoughtsAndHasADefaultSystemText() throws IOException {
    ChatMlTemplate template =
        ChatMlTemplate.of("{{- '<|im_start|>system\\nBe kind.<|im_end|>\\n' }}");

    assertEquals(
        "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nq<|im_end|>\n"
            + "<|im_start|>assistant\n<think>a</think>b<|im_end|>\n<|im_start|>assistant\n",
        render(template, """
            [{"role": "user", "content": "q"},
             {"role": "assistant", "content": "<think>a</think>b"}]""", ANSWER));
    assertEquals(
        "<|im_start|>system\ns<|im_end|>\n",
        render(template, "[{\"role\": \"system\", \"content\": \"s\"}]", Map.of()));
  }

  @Test
  void continuingEndsBehindTheContentEvenIfAHeadIsAskedFor() throws IOException {
    assertEquals(
        "<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\nOnce ",
        render(
            new ChatMlTemplate(true, null),
            """
            [{"role": "user", "content": "q"}, {"role": "assistant", "content": "Once "}]""",
            Map.of("add_generation_prompt", true, "continue_final_message", true)));
  }

  @Test
  void aConversationIsSeenAsTheEngineSeesIt() throws IOException {
    String messages = """
        [{"role": "developer", "content": "x-anthropic-billing-header: c=1\\nBe brief."},
         {"role": "user", "content": "q"},
         {"role": "assistant", "content": null, "tool_calls": [
           {"function": {"name": "f", "arguments": "{\\"z\\":1,\\"a\\":1e3,\\"u\\":\\"\\ud55c\\"}"}},
           {"function": {"name": "g", "arguments": "{bad"}},
           {"function": {"name": "h", "arguments": "[1]"}}]}]""";

    assertEquals(
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nq<|im_end|>\n"
            + "<|im_start|>assistant\n"
            + "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"z\": 1, \"a\": 1000.0, \"u\": \"\uD55C\"}}"
            + "\n</tool_call>\n<tool_call>\n{\"name\": \"g\", \"arguments\": {}}\n</tool_call>"
            + "\n<tool_call>\n{\"name\": \"h\", \"arguments\": {}}\n</tool_call><|im_end|>\n",
        render(new ChatMlTemplate(false, null), messages, Map.of()));
  }

  @Test
  void toolsAreInTheOrderOfTheEnginesFields() throws IOException {
    Object tools = Golden.parse("""
            [{"function": {"parameters": {"b": 1, "a": []}, "name": "f", "x": 1}, "type": "function"}]""");
    String rendered = render(
        new ChatMlTemplate(true, null),
        "[{\"role\": \"user\", \"content\": \"q\"}]",
        Map.of("tools", Objects.requireNonNull(tools)));

    assertEquals(
        "{\"type\": \"function\", \"function\": {\"name\": \"f\", \"description\": null, "
            + "\"parameters\": {\"b\": 1, \"a\": []}}}",
        rendered.substring(rendered.indexOf("{\"type\""), rendered.indexOf("\n</tools>")));
  }

  private static String render(ChatMlTemplate template, String messages, Map<String, ?> options)
      throws IOException {
    StringBuilder out = new StringBuilder();
    template.render(Chats.of(Golden.parse(messages), options).asEngineSees(), out);
    return out.toString();
  }
}
