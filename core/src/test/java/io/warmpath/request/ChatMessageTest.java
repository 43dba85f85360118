package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatMessageTest {

  // The first nine are those of vLLM 0.33's own functions (vectors/chat_preprocess_vllm.json,
  // format "string").
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'hi'                                                        | hi",
        "[{'type':'text','text':'a'},{'type':'text','text':'b'}]     | a/b",
        "[{'type':'input_text','text':'a'}]                          | a",
        "['x','y']                                                   | x/y",
        "''                                                          | ``",
        "[{'type':'text','text':''},{'type':'text','text':'z'}]      | z",
        "null                                                        | ``",
        "[{'type':'refusal','refusal':'no'}]                         | no",
        "[{'type':'text','text':'1'},{'type':'text','text':'2'}]     | 1/2",
        "[]                                                          | ``",
        "['','']                                                     | ``",
        "[{'type':'output_text','text':'o'}]                         | o",
        "[{'type':'thinking','thinking':'t'},'x']                    | t/x",
        "[{'type':'text'},{'type':'text','text':null},'x','','y']    | x/y",
        "['x',{'type':'image_url','image_url':{'url':'u'},'text':'no'},{'text':'no'},'y'] | x/y"
      })
  void textIsWhatVllmHandsToTemplates(String content, String expected) {
    String body = "{'model':'m','messages':[{'role':'user','content':" + content + "}]}";

    ChatMessage message = InferenceRequest.parse(
            Api.CHAT_COMPLETIONS,
            body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
            RequestHeaders.NONE)
        .messages()
        .get(0);

    assertEquals(expected.replace('/', '\n'), message.text());
  }

  @Test
  void aMessageWithoutContentHasNoText() {
    assertEquals("", new ChatMessage("user", Map.of("role", "user")).text());
  }

  @Test
  void theFieldsAreCopied() {
    Map<String, @Nullable Object> fields = new HashMap<>(Map.of("content", "a"));
    ChatMessage message = new ChatMessage("user", fields);

    fields.put("content", null);

    assertEquals("a", message.text());
    assertThrows(UnsupportedOperationException.class, () -> message.fields().put("a", "b"));
  }
}
