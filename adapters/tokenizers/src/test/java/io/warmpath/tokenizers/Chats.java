package io.warmpath.tokenizers;

import io.warmpath.request.ChatMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Conversations for tests, from plain JSON values. */
final class Chats {

  private Chats() {}

  static ClientConversation of(@Nullable Object messages, Map<?, ?> options) {
    List<ChatMessage> list = new ArrayList<>();
    for (Object message : (List<?>) Objects.requireNonNull(messages)) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      ((Map<?, ?>) message).forEach((key, value) -> fields.put((String) key, value));
      fields.computeIfPresent("content", (name, content) -> oneText(content));
      list.add(new ChatMessage((String) fields.get("role"), Collections.unmodifiableMap(fields)));
    }
    List<@Nullable Object> tools = new ArrayList<>();
    if (options.get("tools") instanceof List<?> given) {
      tools.addAll(given);
    }
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    options.forEach((key, value) -> arguments.put((String) key, value));
    return new ClientConversation(
        list,
        tools,
        arguments,
        Boolean.TRUE.equals(options.get("add_generation_prompt")),
        Boolean.TRUE.equals(options.get("continue_final_message")));
  }

  /** Text parts joined with line breaks, as {@link ChatMessage#text} joins them. */
  private static Object oneText(Object content) {
    if (!(content instanceof List<?> parts)) {
      return content;
    }
    List<String> texts = new ArrayList<>();
    for (Object part : parts) {
      if (((Map<?, ?>) part).get("text") instanceof String text && !text.isEmpty()) {
        texts.add(text);
      }
    }
    return String.join("\n", texts);
  }
}
