package io.warmpath.request;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferenceRequestTest {

  /** vLLM 0.32 takes them in place of the messages. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"[1,2]|true", "null|false", "[]|true"})
  void idsOfAnotherEngineHideThePrompt(String ids, boolean hidden) {
    String more = ",'kv_transfer_params':{'prompt_token_ids':" + ids + "}}";

    for (String body : new String[] {
      "{'model':'m','messages':[{'role':'user','content':'a'}]", "{'model':'m','input':'a'"
    }) {
      for (Api api : body.contains("input")
          ? new Api[] {Api.RESPONSES}
          : new Api[] {Api.CHAT_COMPLETIONS, Api.MESSAGES}) {
        InferenceRequest request = InferenceRequest.parse(
            api,
            (body + more).replace('\'', '"').getBytes(StandardCharsets.UTF_8),
            RequestHeaders.NONE);

        assertEquals(hidden, request.hasOpaqueContent(), api::path);
      }
    }
  }

  @Test
  void numbersMayBeAsLongAsPythonReadsThem() {
    String digits = "7".repeat(4_300);
    String body = "{'model':'m','messages':[{'role':'user'}],'tools':[" + digits + "]}";

    InferenceRequest request = InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);

    assertEquals(List.of(new BigInteger(digits)), request.tools());
  }

  @Test
  void aChatIsReadWithAllItsFields() {
    InferenceRequest request = chat("""
        {"model": "qwen", "temperature": 0.5, "stop": ["}", {"model": "no"}], "stream": true,
         "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "안녕 \\ud83d\\ude00"}],
         "max_tokens": 7, "cache_salt": "s", "add_special_tokens": true, "add_generation_prompt": false,
         "continue_final_message": true, "tools": [{"type": "function"}], "chat_template_kwargs": {"enable_thinking": false},
         "prompt": 5, "logit_bias": {"messages": []}}""");

    assertEquals(Api.CHAT_COMPLETIONS, request.api());
    assertEquals("qwen", request.model());
    assertEquals(
        List.of(
            new ChatMessage("system", Map.of("role", "system", "content", "Be kind.")),
            new ChatMessage("user", Map.of("role", "user", "content", "안녕 😀"))),
        request.messages());
    assertEquals(List.of(), request.prompts());
    assertTrue(request.stream());
    assertEquals(7, request.maxTokens());
    assertEquals("s", request.cacheSalt());
    assertTrue(request.addSpecialTokens());
    assertFalse(request.addGenerationPrompt());
    assertTrue(request.continueFinalMessage());
    assertEquals(List.of(Map.of("type", "function")), request.tools());
    assertEquals(Map.of("enable_thinking", false), request.templateArguments());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'m','messages':[{'role':'user'}]}",
        "{'model':'m','messages':[{'role':'user'}],'stream':null,'max_tokens':null,'max_completion_tokens':null,"
            + "'cache_salt':null,'add_special_tokens':null,'add_generation_prompt':null,'continue_final_message':null,"
            + "'tools':null,'chat_template_kwargs':null,'prompt':null}"
      })
  void absentAndNullFieldsHaveTheEnginesDefaults(String body) {
    InferenceRequest request = chat(quoted(body));

    assertFalse(request.stream());
    assertEquals(-1, request.maxTokens());
    assertNull(request.cacheSalt());
    assertFalse(request.addSpecialTokens());
    assertTrue(request.addGenerationPrompt());
    assertFalse(request.continueFinalMessage());
    assertEquals(List.of(), request.tools());
    assertEquals(Map.of(), request.templateArguments());
  }

  @Test
  void completionsAddSpecialTokensUnlessToldOtherwise() {
    assertTrue(completion("{'model':'m','prompt':'x'}").addSpecialTokens());
    assertFalse(
        completion("{'model':'m','prompt':'x','add_special_tokens':false}").addSpecialTokens());
  }

  @Test
  void completionsIgnoreWhatOnlyChatsHave() {
    InferenceRequest request =
        completion("{'model':'m','prompt':'x','messages':5,'tools':5,'chat_template_kwargs':5,"
            + "'add_generation_prompt':5,'continue_final_message':5}");

    assertEquals(List.of(), request.messages());
    assertEquals(List.of(), request.tools());
  }

  @Test
  void aWholeNumberWithAPointIsACount() {
    assertEquals(
        100, completion("{'model':'m','prompt':'x','max_tokens':100.0}").maxTokens());
    assertEquals(
        2000,
        completion("{'model':'m','prompt':'x','max_completion_tokens':2e3}").maxTokens());
  }

  @Test
  void maxCompletionTokensGoesBeforeMaxTokens() {
    assertEquals(
        3,
        completion("{'model':'m','prompt':'x','max_tokens':9,'max_completion_tokens':3}")
            .maxTokens());
    assertEquals(
        0, completion("{'model':'m','prompt':'x','max_completion_tokens':0}").maxTokens());
  }

  @Test
  void aPromptMayBeText() {
    assertEquals(
        List.of(new Prompt.Text("a\nb")),
        completion("{'model':'m','prompt':'a\\nb'}").prompts());
    assertEquals(
        List.of(new Prompt.Text("a"), new Prompt.Text(""), new Prompt.Text("c")),
        completion("{'model':'m','prompt':['a','','c']}").prompts());
  }

  @Test
  void aPromptMayBeTokens() {
    int[] many = new int[1_000];
    Arrays.setAll(many, i -> 2_147_483_647 - i);

    List<Prompt> one =
        completion("{'prompt':" + Arrays.toString(many) + ",'model':'m'}").prompts();
    List<Prompt> three =
        completion("{'model':'m','prompt':[[0],[1,2147483647],[3]]}").prompts();

    assertEquals(1, one.size());
    assertArrayEquals(many, ((Prompt.Tokens) one.get(0)).ids());
    assertEquals(3, three.size());
    assertArrayEquals(new int[] {0}, ((Prompt.Tokens) three.get(0)).ids());
    assertArrayEquals(new int[] {1, 2147483647}, ((Prompt.Tokens) three.get(1)).ids());
    assertArrayEquals(new int[] {3}, ((Prompt.Tokens) three.get(2)).ids());
  }

  @Test
  void valuesArePlain() {
    Object values = chat(quoted(
            "{'model':'m','messages':[{'role':'user','x':[1,-9223372036854775808,9223372036854775808,"
                + "1.0,1e3,true,false,null,'s',{'b':1,'a':[]},{}]}]}"))
        .messages()
        .get(0)
        .fields()
        .get("x");

    List<Object> expected = new ArrayList<>(List.of(
        1L,
        Long.MIN_VALUE,
        new BigInteger("9223372036854775808"),
        1.0,
        1000.0,
        true,
        false,
        "null",
        "s",
        Map.of("b", 1L, "a", List.of()),
        Map.of()));
    expected.set(7, null);
    assertEquals(expected, values);
  }

  @Test
  void membersKeepTheClientsOrder() {
    ChatMessage message = chat("""
        {"model":"m","messages":[{"z":1,"role":"user","a":{"y":1,"b":2,"y":3},"z":4}]}""").messages().get(0);

    assertEquals("{z=4, role=user, a={y=3, b=2}}", message.fields().toString());
  }

  @Test
  void allOfAMessageIsUnmodifiable() {
    InferenceRequest request = chat(
        quoted(
            "{'model':'m','messages':[{'role':'user','content':[{'type':'text'}]}],'tools':[{'a':1}],'chat_template_kwargs':{}}"));
    Map<String, @Nullable Object> fields = request.messages().get(0).fields();
    List<?> content = (List<?>) fields.get("content");

    assertThrows(UnsupportedOperationException.class, () -> request.messages().clear());
    assertThrows(UnsupportedOperationException.class, fields::clear);
    assertThrows(UnsupportedOperationException.class, content::clear);
    assertThrows(UnsupportedOperationException.class, () -> ((Map<?, ?>) content.get(0)).clear());
    assertThrows(UnsupportedOperationException.class, () -> request.tools().clear());
    assertThrows(
        UnsupportedOperationException.class, () -> ((Map<?, ?>) request.tools().get(0)).clear());
    assertThrows(
        UnsupportedOperationException.class, () -> request.templateArguments().put("a", 1));
  }

  @Test
  void ofMembersWithTheSameNameTheLastCountsEvenAfterABadOne() {
    InferenceRequest request = completion(
        "{'model':7,'prompt':[-1],'stream':'no','cache_salt':'','model':'b','stream':true,"
            + "'cache_salt':'s','prompt':'x','max_tokens':-1,'max_tokens':4}");

    assertEquals("b", request.model());
    assertTrue(request.stream());
    assertEquals("s", request.cacheSalt());
    assertEquals(List.of(new Prompt.Text("x")), request.prompts());
    assertEquals(4, request.maxTokens());
  }

  @Test
  void halfASurrogatePairIsNoError() {
    InferenceRequest request =
        completion("{'model':'m','prompt':'a\\ud800b','x':'\\udc00','\\ud83d\\ude00':1}");

    assertEquals(List.of(new Prompt.Text("a\ud800b")), request.prompts());
  }

  @Test
  void theBodyIsKept() {
    byte[] body = "{\"model\":\"m\",\"prompt\":\"x\"}".getBytes(StandardCharsets.UTF_8);

    assertSame(
        body, InferenceRequest.parse(Api.COMPLETIONS, body, RequestHeaders.NONE).body());
  }

  @ParameterizedTest
  @CsvSource({"abc, abc", "'  a b  ', a b", "~!, ~!"})
  void theRequestIdIsThatOfTheHeader(String header, String id) {
    assertEquals(id, withHeader("x-request-id", header).id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\tb", "é", "a\u007f", "a\nb"})
  void anUnusableRequestIdIsReplaced(String header) {
    String id = withHeader("x-request-id", header).id();

    assertEquals(id, UUID.fromString(id).toString());
  }

  @Test
  void aRequestIdHasAtMost256Characters() {
    assertEquals("i".repeat(256), withHeader("x-request-id", "i".repeat(256)).id());
    assertEquals(36, withHeader("x-request-id", "i".repeat(257)).id().length());
  }

  @Test
  void madeUpIdsDiffer() {
    assertNotEquals(withHeader("x", "y").id(), withHeader("x", "y").id());
  }

  @ParameterizedTest
  @CsvSource({
    "x-llm-d-inference-objective, critical, Critical",
    "x-gateway-inference-objective, SHEDDABLE, Sheddable",
    "x-gateway-inference-objective, ' Standard ', Standard",
    "x-llm-d-inference-objective, criticality, Standard",
    "x-other, Critical, Standard"
  })
  void criticalityIsThatOfTheHeader(String name, String value, String expected) {
    assertEquals(expected, withHeader(name, value).criticality());
  }

  @Test
  void theNewerHeaderOfCriticalityGoesFirst() {
    Map<String, String> headers = Map.of(
        "x-llm-d-inference-objective", "Sheddable", "x-gateway-inference-objective", "Critical");
    Map<String, String> named =
        Map.of("x-llm-d-inference-objective", "batch", "x-gateway-inference-objective", "Critical");

    assertEquals("Sheddable", withHeaders(headers::get).criticality());
    assertEquals("Critical", withHeaders(named::get).criticality());
  }

  @Test
  void completionsAndPlainTextsAreNeverOpaque() {
    assertFalse(chat(quoted(
            "{'model':'m','messages':[{'role':'user','content':['a',{'type':'text','text':'b'}]}]}"))
        .hasOpaqueContent());
    assertFalse(completion("{'model':'m','prompt':'x'}").hasOpaqueContent());
  }

  @Test
  void aChatMayBringItsOwnTemplateDocumentsAndTruncation() {
    InferenceRequest request = chat(quoted("{'model':'m','messages':[{'role':'user'}],"
        + "'documents':[{'title':'t','text':'x'}],'chat_template':'{{ x }}','reasoning_effort':'high',"
        + "'tool_choice':{'type':'function','function':{'name':'f'}},'truncate_prompt_tokens':'12',"
        + "'truncation_side':'left'}"));

    assertEquals(List.of(Map.of("title", "t", "text", "x")), request.documents());
    assertEquals("{{ x }}", request.chatTemplate());
    assertEquals("high", request.reasoningEffort());
    assertEquals(Map.of("type", "function", "function", Map.of("name", "f")), request.toolChoice());
    assertEquals(12, request.truncatePromptTokens());
    assertEquals("left", request.truncationSide());
  }

  @Test
  void whatAChatDoesNotBringIsNull() {
    InferenceRequest request = chat(quoted("{'model':'m','messages':[{'role':'user'}]}"));

    assertNull(request.documents());
    assertNull(request.chatTemplate());
    assertNull(request.reasoningEffort());
    assertNull(request.toolChoice());
    assertNull(request.truncatePromptTokens());
    assertNull(request.truncationSide());
    assertNull(request.previousResponseId());
  }

  @Test
  void embeddingsMayTakeThePlaceOfAPrompt() {
    assertEquals(List.of(), completion("{'model':'m','prompt_embeds':'AAAA'}").prompts());
    assertEquals(
        List.of(new Prompt.Text("x")),
        completion("{'model':'m','prompt_embeds':['AAAA'],'prompt':'x'}").prompts());
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, CHAT_COMPLETIONS",
    "/v1/completions, COMPLETIONS",
    "/v1/responses, RESPONSES",
    "/v1/messages, MESSAGES",
    "/a/v1/messages/?beta=true, MESSAGES",
    "/openai/v1/chat/completions?x=/v1/responses, CHAT_COMPLETIONS"
  })
  void thePathTellsTheApi(String path, Api api) {
    assertEquals(Optional.of(api), Api.of(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/messages/count_tokens",
        "/v1/responses/resp_1",
        "/v1/responses/resp_1/cancel",
        "/v1/embeddings",
        "/v1/models",
        "/tokenize",
        "/"
      })
  void otherPathsAreNoneOfOurs(String path) {
    assertEquals(Optional.empty(), Api.of(path));
  }

  private static InferenceRequest withHeader(String name, String value) {
    return withHeaders(asked -> asked.equals(name) ? value : null);
  }

  private static InferenceRequest withHeaders(RequestHeaders headers) {
    byte[] body = "{\"model\":\"m\",\"prompt\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    return InferenceRequest.parse(Api.COMPLETIONS, body, headers);
  }

  private static InferenceRequest chat(String body) {
    return InferenceRequest.parse(
        Api.CHAT_COMPLETIONS, body.getBytes(StandardCharsets.UTF_8), RequestHeaders.NONE);
  }

  private static InferenceRequest completion(String body) {
    return InferenceRequest.parse(
        Api.COMPLETIONS, quoted(body).getBytes(StandardCharsets.UTF_8), RequestHeaders.NONE);
  }

  private static String quoted(String body) {
    return body.replace('\'', '"');
  }
}
