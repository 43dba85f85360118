package io.warmpath.tokenizers;

import io.warmpath.request.ChatMessage;
import io.warmpath.template.TemplateException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages as vLLM 0.33 hands them to chat templates ({@code parse_chat_message_content} and {@code
 * _postprocess_messages} in {@code vllm/renderers/chat_utils/chat_message.py}).
 *
 * <p>A content is one text or a list of parts, see {@link MessageContent}. The assistant's {@code
 * reasoning} is there under both of its names; arguments of its tool calls are objects, empty ones if they
 * were no JSON object; no calls are no {@code tool_calls}. A tool's content is one text if all of it is
 * text. Members that vLLM does not know are gone.
 */
final class TemplateMessages {

  private final MessageContent content;
  private final boolean callsInOrder;

  private TemplateMessages(TemplateTraits traits, boolean callsInOrder) {
    content = new MessageContent(traits);
    this.callsInOrder = callsInOrder;
  }

  /**
   * {@return the messages, deeply unmodifiable}
   *
   * @param callsInOrder whether members of tool calls are in pydantic's order (see {@link EngineTools})
   * @throws TemplateException if vLLM refuses one of them
   */
  static List<Map<String, @Nullable Object>> of(
      List<ChatMessage> messages, TemplateTraits traits, boolean callsInOrder) {
    TemplateMessages reader = new TemplateMessages(traits, callsInOrder);
    List<Map<String, @Nullable Object>> seen = new ArrayList<>(messages.size());
    for (ChatMessage message : messages) {
      seen.add(reader.read(message));
    }
    return Collections.unmodifiableList(seen);
  }

  private Map<String, @Nullable Object> read(ChatMessage message) {
    Map<String, @Nullable Object> fields = message.fields();
    Map<String, @Nullable Object> seen = new LinkedHashMap<>();
    seen.put("role", message.role());
    Object text = content.of(message);
    seen.put("content", text);
    if (message.role().equals("assistant")) {
      if (fields.get("tool_calls") instanceof List<?> calls && !calls.isEmpty()) {
        seen.put("tool_calls", toolCalls(calls));
      }
      Object reasoning = fields.get("reasoning");
      if (reasoning instanceof Map) {
        throw new TemplateException("only the engine can read reasoning that is no text");
      }
      if (reasoning != null) {
        seen.put("reasoning", reasoning);
        seen.put("reasoning_content", reasoning);
      }
    } else if (message.role().equals("tool")) {
      if (fields.containsKey("tool_call_id")) {
        seen.put("tool_call_id", fields.get("tool_call_id"));
      }
      if (text instanceof List<?> parts) {
        seen.put("content", MessageContent.oneTextIfAllIs(parts));
      }
    }
    for (String name : new String[] {"name", "task"}) {
      if (fields.get(name) instanceof String value) {
        seen.put(name, value);
      }
    }
    if (message.role().equals("developer")) {
      seen.put("tools", fields.get("tools"));
    }
    return Collections.unmodifiableMap(seen);
  }

  private List<@Nullable Object> toolCalls(List<?> calls) {
    List<@Nullable Object> read = new ArrayList<>(calls.size());
    for (Object item : calls) {
      if (!(item instanceof Map<?, ?> call)) {
        throw TemplateException.refusal("assistant tool_calls entries must be objects.");
      }
      Object type = call.get("type");
      if (!(call.get("function") instanceof Map<?, ?> function)
          || (call.containsKey("type") && !"function".equals(type))) {
        throw TemplateException.refusal(
            "chat completions only support assistant tool_calls of type 'function'.");
      }
      read.add(EngineTools.call(
          call, function, ToolArguments.of(function.get("arguments")), callsInOrder));
    }
    return Collections.unmodifiableList(read);
  }
}
