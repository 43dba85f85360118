package io.warmpath.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.Modality;
import io.warmpath.request.RequestHeaders;
import io.warmpath.template.TemplateException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link GoldenConversationsTest} has no vectors of. */
final class ConversationTest {

  private static final String IMAGE = "{'type':'image_url','image_url':{'url':'u'}}";
  private static final String VIDEO = "{'type':'video_url','video_url':{'url':'u'}}";

  /** A model that knows pictures and films. */
  private static final TemplateTraits AS_TEXT = new TemplateTraits(
      false,
      false,
      false,
      true,
      modality ->
          modality == Modality.IMAGE ? "<img>" : modality == Modality.VIDEO ? "<vid>" : null);

  // By get_full_multimodal_text_prompt of vLLM 0.33, without interleaving.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'a',IMAGE,'b'               | <img>/a/b",
        "IMAGE                       | <img>",
        "VIDEO,'a',IMAGE,VIDEO       | <vid>/<vid>/<img>/a",
        "'see <img> here',IMAGE      | see <img> here",
        "'see <img> here',IMAGE,IMAGE | <img>/see <img> here",
        "'','a',VIDEO                | <vid>/a"
      })
  void mediaThatTheTextDoesNotNameComeBeforeIt(String parts, String expected) {
    Conversation conversation = Conversation.of(user(parts), AS_TEXT);

    assertEquals(expected.replace('/', '\n'), conversation.messages().get(0).get("content"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'<img> and <img>',IMAGE",
        "{'type':'audio_url','audio_url':{'url':'u'}}",
        "{'type':'file','file':{}}",
        "{'text':'x'}"
      })
  void whatCannotBeShownAsTextIsRefused(String parts) {
    assertThrows(TemplateException.class, () -> Conversation.of(user(parts), AS_TEXT));
  }

  @Test
  void withoutPlaceholdersMediaAreRefusedButInParts() {
    InferenceRequest request = user("'a',IMAGE");

    TemplateException refused =
        assertThrows(TemplateException.class, () -> Conversation.of(request, false, true));

    assertTrue(String.valueOf(refused.getMessage()).contains("'image'"), refused::getMessage);
    assertEquals(
        List.of(Map.of("type", "text", "text", "a"), Map.of("type", "image")),
        Conversation.of(request, true, true).messages().get(0).get("content"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'tool_calls':['x']",
        "'tool_calls':[{'type':'custom','custom':{}}]",
        "'tool_calls':[{'type':'function'}]",
        "'tool_calls':[{'type':null,'function':{}}]",
        "'reasoning':{'type':'prompt_embeds','data':'AAAA'}"
      })
  void whatTheEngineRefusesIsRefused(String member) {
    InferenceRequest request = chat("[{'role':'assistant'," + member + "}]", "");

    assertThrows(TemplateException.class, () -> Conversation.of(request, false, true));
  }

  @Test
  void argumentsMayHoldWhatOnlyPythonReads() {
    Conversation conversation = Conversation.of(
        chat(
            "[{'role':'assistant','tool_calls':[{'type':'function','function':{'name':'f',"
                + "'arguments':'{\\\"a\\\":NaN,\\\"b\\\":-Infinity,\\\"c\\\":1e999}'}}]}]",
            ""),
        false,
        true);

    assertEquals(
        List.of(Map.of(
            "type",
            "function",
            "function",
            Map.of(
                "name",
                "f",
                "arguments",
                Map.of(
                    "a", Double.NaN,
                    "b", Double.NEGATIVE_INFINITY,
                    "c", Double.POSITIVE_INFINITY)))),
        conversation.messages().get(0).get("tool_calls"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+Infinity", "+INF", "-INF", "INF", "nan", "+1", ".5"})
  void argumentsThatPythonDoesNotReadAreNone(String number) {
    assertEquals(Map.of(), arguments("{\\\"a\\\":" + number + "}"));
  }

  // Python reads integers of up to 4,300 digits (sys.int_info.default_max_str_digits).
  @Test
  void argumentsMayHoldAsManyDigitsAsPythonReads() {
    String digits = "-" + "9".repeat(4_300);

    assertEquals(Map.of("a", new BigInteger(digits)), arguments("{\\\"a\\\":" + digits + "}"));
  }

  @Test
  void argumentsMayHoldNamesOfAnyLength() {
    String name = "n".repeat(100_000);

    assertEquals(Map.of(name, 1L), arguments("{\\\"" + name + "\\\":1}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "9"})
  void argumentsBeyondPythonsLimitsAreNotTakenForNone(String much) {
    String text = "{\\\"a\\\":" + much.repeat(5_000) + "}";

    TemplateException unknown = assertThrows(TemplateException.class, () -> arguments(text));

    assertFalse(unknown.isRefusal());
  }

  /** {@return what the template sees of a call's arguments, given as JSON in JSON} */
  private static @Nullable Object arguments(String text) {
    Conversation conversation = Conversation.of(
        chat(
            "[{'role':'assistant','tool_calls':[{'type':'function','function':{'name':'f',"
                + "'arguments':'" + text + "'}}]}]",
            ""),
        false,
        true);
    List<?> calls =
        (List<?>) Objects.requireNonNull(conversation.messages().get(0).get("tool_calls"));
    Map<?, ?> call = (Map<?, ?>) Objects.requireNonNull(calls.get(0));
    return ((Map<?, ?>) Objects.requireNonNull(call.get("function"))).get("arguments");
  }

  // pydantic "Conversion Table", lax mode; seen with vLLM 0.32.0.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'true'|true",
        "'YES'|true",
        "'1'|true",
        "1|true",
        "1.0|true",
        "'off'|false",
        "0|false",
        "'2'|2",
        "2|2"
      })
  void flagsOfToolsBecomeFlags(String flag, String seen) {
    Conversation conversation = Conversation.of(
        chat(
            "[{'role':'user'}]",
            ",'tools':[{'type':'function','defer_loading':" + flag
                + ",'function':{'name':'f','strict':" + flag + "}}]"),
        false,
        true);

    Map<?, ?> tool = (Map<?, ?>)
        Objects.requireNonNull(Objects.requireNonNull(conversation.tools()).get(0));
    Map<?, ?> function = (Map<?, ?>) Objects.requireNonNull(tool.get("function"));
    assertEquals(
        List.of(seen, seen, seen),
        List.of(
            String.valueOf(tool.get("defer_loading")),
            String.valueOf(function.get("defer_loading")),
            String.valueOf(function.get("strict"))));
  }

  @Test
  void argumentsOfTemplatesCannotReplaceTheFunctionsOfJinja() {
    Conversation conversation = Conversation.of(
        chat("[{'role':'user'}]", ",'chat_template_kwargs':{'namespace':1,'range':2,'x':3}"),
        false,
        true);

    assertEquals(Map.of("x", 3L), conversation.arguments());
  }

  @Test
  void enginesMayHideToolsThatMustNotBeCalled() {
    String tools = ",'tools':[{'type':'function','function':{'name':'f'}}]";
    InferenceRequest none = chat("[{'role':'user'}]", tools + ",'tool_choice':'none'");

    assertNull(Conversation.of(none, AS_TEXT).tools());
    assertEquals(1, size(Conversation.of(none, false, true).tools()));
    assertEquals(
        1, size(Conversation.of(chat("[{'role':'user'}]", tools), AS_TEXT).tools()));
  }

  private static int size(@Nullable List<?> list) {
    return list == null ? -1 : list.size();
  }

  @Test
  void continuingGoesBeforeANewAnswer() {
    Conversation conversation =
        Conversation.of(chat("[{'role':'user'}]", ",'continue_final_message':true"), false, true);

    assertTrue(conversation.continueFinalMessage());
    assertEquals(false, conversation.addGenerationPrompt());
  }

  @Test
  void nobodyCanChangeAConversation() {
    Conversation conversation = Conversation.of(
        chat("[{'role':'user','content':'a'}]", ",'chat_template_kwargs':{'k':1}"), true, true);
    Map<String, @Nullable Object> message = conversation.messages().get(0);
    List<?> content = (List<?>) Objects.requireNonNull(message.get("content"));

    assertThrows(
        UnsupportedOperationException.class, () -> conversation.messages().clear());
    assertThrows(UnsupportedOperationException.class, message::clear);
    assertThrows(UnsupportedOperationException.class, () -> content.clear());
    assertThrows(UnsupportedOperationException.class, () -> ((Map<?, ?>) content.get(0)).clear());
    assertThrows(
        UnsupportedOperationException.class, () -> conversation.arguments().clear());
  }

  /** Bodies of all APIs with some bytes of their structure exchanged. */
  @Test
  void damagedRequestsAreReadOrRefusedAndNothingElse() {
    byte[] good =
        ("{'model':'m','messages':[{'role':'system','content':'s'},{'role':'developer','content':['d']},"
                + "{'role':'assistant','reasoning':'r','tool_calls':[{'type':'function','id':'c','function':{'name':'f','arguments':'{}'}}]},"
                + "{'role':'tool','content':[{'type':'text','text':'t'}]},{'role':'user','content':[{'type':'image_url','image_url':{'url':'u'},'uuid':'i'},"
                + "{'type':'tool_result','tool_use_id':'c','content':[{'type':'image','source':{'data':'x'}}]}]}],"
                + "'input':[{'role':'user','content':'x'},{'type':'reasoning','summary':[{'text':'t'}]},{'type':'function_call','name':'f'}],"
                + "'tools':[{'type':'function','name':'f','function':{'name':'f'},'input_schema':{}}],"
                + "'chat_template_kwargs':{'tools':null},'documents':[{}]}")
            .replace('\'', '"')
            .getBytes(StandardCharsets.UTF_8);
    byte[] marks = "\"{}[],:0n".getBytes(StandardCharsets.UTF_8);
    Random random = new Random(11);
    int read = 0;
    for (int step = 0; step < 20_000; step++) {
      byte[] body = good.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        body[random.nextInt(body.length)] = random.nextBoolean()
            ? marks[random.nextInt(marks.length)]
            : good[random.nextInt(good.length)];
      }
      Api api = new Api[] {Api.CHAT_COMPLETIONS, Api.RESPONSES, Api.MESSAGES}[step % 3];
      try {
        Conversation.of(
            InferenceRequest.parse(api, body, RequestHeaders.NONE), (step & 1) == 0, false);
        read++;
      } catch (BadRequestException | TemplateException refused) {
        assertTrue(refused.getMessage() != null);
      }
    }
    assertTrue(read > 500, "only " + read + " were read");
  }

  private static InferenceRequest user(String parts) {
    return chat(
        "[{'role':'user','content':[" + parts.replace("IMAGE", IMAGE).replace("VIDEO", VIDEO)
            + "]}]",
        "");
  }

  private static InferenceRequest chat(String messages, String more) {
    String body = "{'model':'m','messages':" + messages + more + "}";
    return InferenceRequest.parse(
        Api.CHAT_COMPLETIONS,
        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
  }
}
