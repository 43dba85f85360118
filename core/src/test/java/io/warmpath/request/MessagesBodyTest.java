package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of Anthropic's {@code /v1/messages}; what templates see of them is in the adapter's golden files. */
class MessagesBodyTest {

  @Test
  void aRequestIsReadWithAllItsFields() {
    InferenceRequest request = parse("{'model':'claude','max_tokens':7,'stream':true,"
        + "'system':[{'type':'text','text':'a'},{'type':'text','text':'b'}],"
        + "'messages':[{'role':'user','content':'q'}],'cache_salt':'s',"
        + "'tools':[{'name':'f','input_schema':{'properties':{}}}],'chat_template_kwargs':{'k':1},"
        + "'output_config':{'effort':'low'},'input':5,'prompt':5}");

    assertEquals(Api.MESSAGES, request.api());
    assertEquals("claude", request.model());
    assertEquals(
        List.of(
            new ChatMessage("system", Map.of("role", "system", "content", "ab")),
            new ChatMessage("user", Map.of("role", "user", "content", "q"))),
        request.messages());
    assertTrue(request.stream());
    assertEquals(7, request.maxTokens());
    assertEquals("s", request.cacheSalt());
    assertEquals("low", request.reasoningEffort());
    assertEquals(Map.of("k", 1L), request.templateArguments());
    assertEquals("auto", request.toolChoice());
    assertEquals(1, request.tools().size());
    assertFalse(request.addSpecialTokens());
    assertTrue(request.addGenerationPrompt());
    assertFalse(request.hasOpaqueContent());
  }

  @Test
  void withoutToolsThereIsNoChoiceAndNoEffort() {
    InferenceRequest request = parse("{'model':'m','messages':[{'role':'user','content':'q'}]}");

    assertNull(request.toolChoice());
    assertNull(request.reasoningEffort());
    assertEquals(List.of(), request.tools());
    assertEquals(-1, request.maxTokens());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'auto'} | auto",
        "{'type':'any'}  | required",
        "{'type':'none'} | none",
        "{'type':'tool','name':'f'} | {function={name=f}, type=function}"
      })
  void aChoiceOfToolsIsInOpenAisWords(String choice, String expected) {
    assertEquals(
        expected,
        String.valueOf(
            parse("{'model':'m','messages':[{'role':'user','content':'q'}],'tool_choice':" + choice
                    + "}")
                .toolChoice()));
  }

  @Test
  void anImageIsNamedAsItsDataUrlIsInAChat() {
    List<MediaPart> media = parse(
            "{'model':'m','messages':[{'role':'user','content':[{'type':'image',"
                + "'source':{'type':'base64','media_type':'image/png','data':'AAAA'}}]}]}")
        .media();

    assertEquals(
        List.of(new ContentPart.Media(Modality.IMAGE, null, "data:image/png;base64,AAAA", Map.of())
            .part()),
        media);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'role':'user','content':[{'type':'document','source':{}}]}",
        "{'role':'assistant','content':[{'type':'server_tool_use','id':'x'}]}",
        "{'role':'assistant','content':[{'type':'tool_result','content':[{'type':'text','text':'x'}]}]}",
        "{'role':'system','content':[{'type':'tool_removal','tool':{}}]}"
      })
  void whatVllmDoesNotConvertIsOpaque(String message) {
    assertTrue(parse("{'model':'m','messages':[{'role':'user','content':'q'}," + message + "]}")
        .hasOpaqueContent());
  }

  private static InferenceRequest parse(String body) {
    return InferenceRequest.parse(
        Api.MESSAGES,
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
  }
}
