package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of {@code /v1/responses}; what templates see of them is in the adapter's golden files. */
class ResponsesBodyTest {

  @Test
  void aResponseIsReadWithAllItsFields() {
    InferenceRequest request = parse("{'model':'q','input':'hi','instructions':'be','stream':true,"
        + "'max_output_tokens':7,'max_tokens':9,'cache_salt':'s','reasoning':{'effort':'low'},"
        + "'tools':[{'type':'function','name':'f','parameters':{},'strict':true},{'type':'web_search'}],"
        + "'chat_template_kwargs':{'k':1},'truncation':'auto','messages':5,'prompt':5}");

    assertEquals(Api.RESPONSES, request.api());
    assertEquals("q", request.model());
    assertEquals(List.of(message("system", "be"), message("user", "hi")), request.messages());
    assertEquals(List.of(), request.prompts());
    assertTrue(request.stream());
    assertEquals(7, request.maxTokens());
    assertEquals("s", request.cacheSalt());
    assertEquals("low", request.reasoningEffort());
    assertEquals(
        List.of(Map.of(
            "type",
            "function",
            "function",
            Map.of("name", "f", "parameters", Map.of(), "strict", true))),
        request.tools());
    assertEquals("auto", request.toolChoice());
    assertEquals(Map.of("k", 1L), request.templateArguments());
    assertEquals(-1, request.truncatePromptTokens());
    assertTrue(request.addSpecialTokens());
    assertTrue(request.addGenerationPrompt());
    assertFalse(request.continueFinalMessage());
    assertFalse(request.hasOpaqueContent());
    assertNull(request.previousResponseId());
  }

  @Test
  void theResponseBeforeIsNamed() {
    assertEquals(
        "resp_1",
        parse("{'model':'m','input':'x','previous_response_id':'resp_1'}").previousResponseId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'item_reference','id':'x'}",
        "{'type':'web_search_call','id':'x'}",
        "{'type':'reasoning','summary':[],'encrypted_content':'gAAA'}",
        "{'role':'user','content':[{'type':'input_file','file_id':'f'}]}"
      })
  void whatOnlyTheEngineKnowsIsOpaque(String item) {
    assertTrue(parse("{'model':'m','input':[{'role':'user','content':'x'}," + item + "]}")
        .hasOpaqueContent());
  }

  @Test
  void noItemsAreOpaque() {
    assertTrue(parse("{'model':'m','input':[]}").hasOpaqueContent());
  }

  @Test
  void anUnfinishedAnswerIsContinued() {
    String items = "{'role':'user','content':'q'},{'type':'message','role':'assistant',"
        + "'content':'Once','status':'%s'}";

    assertTrue(parse("{'model':'m','input':[" + items.formatted("in_progress") + "]}")
        .continueFinalMessage());
    assertFalse(parse("{'model':'m','input':[" + items.formatted("incomplete") + "]}")
        .addGenerationPrompt());
    assertFalse(parse("{'model':'m','input':[" + items.formatted("completed") + "]}")
        .continueFinalMessage());
  }

  @Test
  void functionsInANamespaceCarryIt() {
    InferenceRequest request = parse("{'model':'m','input':[{'role':'user','content':'q'},"
        + "{'type':'function_call','namespace':'ns','name':'f','call_id':'c','arguments':'{}'}],"
        + "'tools':[{'type':'namespace','name':'ns','tools':[{'type':'function','name':'f'}]}]}");

    assertEquals(
        List.of(Map.of("type", "function", "function", Map.of("name", "ns__f"))), request.tools());
    assertEquals(
        List.of(Map.of(
            "id", "c", "function", Map.of("name", "ns__f", "arguments", "{}"), "type", "function")),
        request.messages().get(1).fields().get("tool_calls"));
  }

  @Test
  void theMessagesAreDeeplyUnmodifiable() {
    InferenceRequest request = parse("{'model':'m','input':[{'type':'function_call','name':'f',"
        + "'call_id':'c','arguments':'{}'},{'type':'function_call','name':'f','call_id':'d',"
        + "'arguments':'{}'}]}");

    Object calls = request.messages().get(0).fields().get("tool_calls");

    assertEquals(2, ((List<?>) calls).size());
    assertThrows(UnsupportedOperationException.class, () -> ((List<?>) calls).clear());
    assertThrows(
        UnsupportedOperationException.class, () -> ((Map<?, ?>) ((List<?>) calls).get(0)).clear());
  }

  private static ChatMessage message(String role, String content) {
    return new ChatMessage(role, Map.of("role", role, "content", content));
  }

  private static InferenceRequest parse(String body) {
    return InferenceRequest.parse(
        Api.RESPONSES,
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
  }
}
