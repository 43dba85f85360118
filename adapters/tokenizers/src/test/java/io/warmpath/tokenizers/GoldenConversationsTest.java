package io.warmpath.tokenizers;

import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.find;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.longNumber;
import static io.warmpath.golden.GoldenJson.map;
import static io.warmpath.golden.GoldenJson.parse;
import static io.warmpath.golden.GoldenJson.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.warmpath.golden.GoldenReport;
import io.warmpath.request.Api;
import io.warmpath.request.ChatMessage;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.JsonValues;
import io.warmpath.request.RequestHeaders;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests and what vLLM's own functions hand to the chat template for them. */
@Tag("golden")
final class GoldenConversationsTest {

  private static final String MESSAGES = "chat_preprocess_vllm.json";
  private static final String REQUESTS = "chat_requests_vllm.json";

  @Test
  void messagesAreThoseThatTheTemplateOfTheEngineSees() {
    GoldenReport.file(MESSAGES, bytes -> {
      Object file = parse(bytes);
      GoldenReport.cases(
          MESSAGES,
          longNumber(file, "count"),
          list(file, "cases"),
          GoldenConversationsTest::checkMessages);
    });
  }

  /** These were made without the validation that comes before, and with developers as they are. */
  private static void checkMessages(Object one) {
    List<ChatMessage> messages = new ArrayList<>();
    for (Object message : list(one, "request_messages")) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      map(message).forEach((name, value) -> fields.put((String) name, value));
      messages.add(new ChatMessage(text(message, "role"), fields));
    }

    assertEquals(
        at(one, "messages_given_to_template"),
        TemplateMessages.of(
            messages, TemplateTraits.of(text(one, "content_format").equals("openai"), true), true));
  }

  @Test
  void requestsOfEveryApiAreConversationsAsTheEngineMakesThem() {
    GoldenReport.file(REQUESTS, bytes -> {
      Object file = parse(bytes);
      GoldenReport.cases(
          REQUESTS,
          longNumber(file, "count"),
          list(file, "cases"),
          GoldenConversationsTest::checkRequest);
    });
  }

  /** Compares texts, as the order of members counts. */
  private static void checkRequest(Object one) {
    InferenceRequest request = InferenceRequest.parse(
        Api.of(text(one, "path")).orElseThrow(),
        json(at(one, "body")).getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
    Conversation conversation = Conversation.of(
        request,
        new TemplateTraits(
            text(one, "content_format").equals("openai"),
            at(one, "knows_developer").equals(true),
            at(one, "system_first").equals(true),
            false,
            modality -> null));
    Object expected = at(one, "expected");

    assertEquals(json(at(expected, "messages")), json(conversation.messages()));
    assertEquals(json(find(expected, "tools")), json(conversation.tools()));
    assertEquals(json(find(expected, "documents")), json(conversation.documents()));
    assertEquals(at(expected, "arguments"), conversation.arguments());
    assertEquals(at(expected, "add_generation_prompt"), conversation.addGenerationPrompt());
    assertEquals(at(expected, "continue_final_message"), conversation.continueFinalMessage());
  }

  /** Compares members in their order, and 1 with 1.0. */
  private static String json(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      JsonValues.write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
