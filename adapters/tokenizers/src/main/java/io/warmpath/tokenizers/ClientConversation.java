package io.warmpath.tokenizers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.warmpath.request.ChatMessage;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.JsonValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as the client wrote it, for the two forms that are written without their template.
 *
 * @param messages the messages, at least one
 * @param tools tools as plain values, empty if there are none
 * @param arguments {@code chat_template_kwargs}
 * @param addGenerationPrompt whether the prompt ends with the head of an answer
 * @param continueFinalMessage whether the prompt ends inside of the last message; wins over {@code
 *     addGenerationPrompt}, with which engines refuse it
 */
record ClientConversation(
    List<ChatMessage> messages,
    List<@Nullable Object> tools,
    Map<String, @Nullable Object> arguments,
    boolean addGenerationPrompt,
    boolean continueFinalMessage) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String BILLING_HEADER = "x-anthropic-billing-header";

  static ClientConversation of(InferenceRequest request) {
    return new ClientConversation(
        request.messages(),
        request.tools(),
        request.templateArguments(),
        request.addGenerationPrompt(),
        request.continueFinalMessage());
  }

  /** {@return the content of a message as one text} */
  static String text(ChatMessage message) {
    Object content = message.fields().get("content");
    if (content instanceof String text) {
      return text;
    }
    return content == null ? "" : message.text();
  }

  /** {@return the tool calls of a message, empty if there are none} */
  static List<?> toolCalls(ChatMessage message) {
    return message.fields().get("tool_calls") instanceof List<?> calls ? calls : List.of();
  }

  /** {@return the tool call's {@code function}, or the call itself if it has none} */
  static Map<?, ?> function(@Nullable Object toolCall) {
    if (!(toolCall instanceof Map<?, ?> call)) {
      return Map.of();
    }
    return call.get("function") instanceof Map<?, ?> function ? function : call;
  }

  /** {@return whether the prompt ends with the content of message {@code index}} */
  boolean endsInside(int index) {
    return continueFinalMessage && index == messages.size() - 1;
  }

  /** {@return whether the prompt ends with the head of an answer} */
  boolean endsWithAnswerHead() {
    return addGenerationPrompt && !continueFinalMessage;
  }

  /**
   * Returns the conversation as vLLM 0.33 hands it to the template: role {@code developer} is
   * {@code system}, arguments of tool calls are objects, tools are in the order of vLLM's own
   * fields (missing ones as null), and a billing header before the system text is cut.
   */
  ClientConversation asEngineSees() {
    return new ClientConversation(
        messages.stream().map(ClientConversation::asEngineSees).toList(),
        asEngineSees(tools),
        arguments,
        addGenerationPrompt,
        continueFinalMessage);
  }

  @SuppressWarnings(
      "NullAway") // javac leaves annotations of compact constructors out of class files
  private static ChatMessage asEngineSees(ChatMessage message) {
    String role = message.role().equals("developer") ? "system" : message.role();
    if (role.equals("system") && text(message).startsWith(BILLING_HEADER)) {
      int lineEnd = text(message).indexOf('\n');
      String rest = lineEnd < 0 ? "" : text(message).substring(lineEnd + 1);
      return new ChatMessage(role, with(message.fields(), "content", rest));
    }
    List<?> calls = toolCalls(message);
    if (!role.equals("assistant") || calls.isEmpty()) {
      return role.equals(message.role()) ? message : new ChatMessage(role, message.fields());
    }
    List<@Nullable Object> parsed = new ArrayList<>();
    for (Object call : calls) {
      parsed.add(with(function(call), "arguments", object(function(call).get("arguments"))));
    }
    return new ChatMessage(role, with(message.fields(), "tool_calls", parsed));
  }

  /** Parses the arguments of a tool call; an empty object if they are anything but an object. */
  private static Map<?, ?> object(@Nullable Object arguments) {
    if (arguments instanceof Map<?, ?> map) {
      return map;
    }
    if (!(arguments instanceof String text)) {
      return Map.of();
    }
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() == JsonToken.START_OBJECT
          && JsonValues.read(json) instanceof Map<?, ?> map
          && json.nextToken() == null) {
        return map;
      }
    } catch (IOException e) {
      // Not JSON: the engine takes it for no arguments.
    }
    return Map.of();
  }

  private static List<@Nullable Object> asEngineSees(List<@Nullable Object> tools) {
    List<@Nullable Object> seen = new ArrayList<>();
    for (Object tool : tools) {
      seen.add(
          tool instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> function
              ? inEngineOrder(map, function)
              : tool);
    }
    return Collections.unmodifiableList(seen);
  }

  private static Map<String, @Nullable Object> inEngineOrder(Map<?, ?> tool, Map<?, ?> function) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", function.get("name"));
    fields.put("description", function.get("description"));
    fields.put("parameters", function.get("parameters"));
    if (function.get("strict") != null) {
      fields.put("strict", function.get("strict"));
    }
    Map<String, @Nullable Object> seen = new LinkedHashMap<>();
    seen.put("type", Objects.requireNonNullElse(tool.get("type"), "function"));
    seen.put("function", fields);
    return seen;
  }

  private static Map<String, @Nullable Object> with(Map<?, ?> map, String name, Object value) {
    Map<String, @Nullable Object> changed = new LinkedHashMap<>();
    map.forEach((key, old) -> changed.put(String.valueOf(key), old));
    changed.put(name, value);
    return Collections.unmodifiableMap(changed);
  }
}
