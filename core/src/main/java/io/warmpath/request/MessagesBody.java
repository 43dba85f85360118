package io.warmpath.request;

import static io.warmpath.request.ResponsesBody.ordered;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of Anthropic's {@code /v1/messages} as the chat that vLLM 0.33 makes of it ({@code
 * AnthropicServingMessages.to_chat_completion_request} in {@code
 * vllm/entrypoints/anthropic/serving.py}).
 *
 * <p>System blocks are joined without anything between them, a billing header's block is left out;
 * results of tools become messages of their own before the message that holds them; thinking that is
 * switched off becomes a reasoning effort of {@code none}. Blocks that vLLM 0.33 does not convert to
 * text, images or tool calls make the content opaque.
 */
final class MessagesBody {

  static final Set<String> MEMBERS = Set.of(
      "system",
      "messages",
      "stream",
      "max_tokens",
      "cache_salt",
      "kv_transfer_params",
      "tools",
      "tool_choice",
      "chat_template_kwargs",
      "thinking",
      "output_config");

  private static final String BILLING_HEADER = "x-anthropic-billing-header";

  private final List<ChatMessage> messages = new ArrayList<>();
  private boolean opaque;

  private MessagesBody() {}

  static RequestFields read(Members members) {
    RequestFields fields = new RequestFields(members);
    MessagesBody body = new MessagesBody();
    body.system(members.value("system"));
    List<@Nullable Object> entries = RequestFields.messageList(members);
    for (int i = 0; i < entries.size(); i++) {
      String path = "messages[" + i + "]";
      body.message(Members.object(entries.get(i), path), path);
    }
    fields.messages = List.copyOf(body.messages);
    fields.opaque |= body.opaque || body.messages.isEmpty();
    fields.maxTokens = members.count("max_tokens");
    fields.readTemplate(members);
    fields.tools = tools(members.list("tools"));
    fields.toolChoice = toolChoice(members.object("tool_choice"), !fields.tools.isEmpty());
    fields.reasoningEffort = effort(members.object("thinking"), members.object("output_config"));
    return fields;
  }

  private static @Nullable String effort(
      @Nullable Map<String, @Nullable Object> thinking,
      @Nullable Map<String, @Nullable Object> output) {
    if (thinking != null && "disabled".equals(thinking.get("type"))) {
      return "none";
    }
    Object effort = output == null ? null : output.get("effort");
    if (effort == null || effort instanceof String) {
      return (String) effort;
    }
    throw Members.wrong("output_config.effort", "must be a string");
  }

  private void system(@Nullable Object system) {
    String text = system instanceof String whole ? whole : "";
    if (system instanceof List<?>) {
      text = joined(blocks(system, "system"));
    } else if (system != null && !(system instanceof String)) {
      throw Members.wrong("system", "must be a string or a list of text blocks");
    }
    if (!text.isEmpty()) {
      add(ordered("role", "system", "content", text));
    }
  }

  private static String joined(List<Map<String, @Nullable Object>> blocks) {
    StringBuilder joined = new StringBuilder();
    for (Map<String, @Nullable Object> block : blocks) {
      if ("text".equals(block.get("type"))
          && block.get("text") instanceof String text
          && !text.startsWith(BILLING_HEADER)) {
        joined.append(text);
      }
    }
    return joined.toString();
  }

  private void message(Map<String, @Nullable Object> message, String path) {
    if (!(message.get("role") instanceof String role)) {
      throw Members.wrong(path + ".role", "must be user, assistant or system");
    }
    Object content = message.get("content");
    if (!(content instanceof String) && !(content instanceof List)) {
      throw Members.wrong(path + ".content", "must be a string or a list of blocks");
    }
    if (role.equals("system")) {
      inlineSystem(content, path);
    } else if (content instanceof String) {
      add(ordered("role", role, "content", content));
    } else {
      turn(role, blocks(content, path + ".content"));
    }
  }

  private void inlineSystem(Object content, String path) {
    String text;
    if (content instanceof String whole) {
      text = whole.startsWith(BILLING_HEADER) ? "" : whole;
    } else {
      List<Map<String, @Nullable Object>> blocks = blocks(content, path + ".content");
      // Such as tool_addition, which changes the tools.
      opaque |= blocks.stream().anyMatch(block -> !"text".equals(block.get("type")));
      text = joined(blocks);
    }
    if (!text.isEmpty()) {
      add(ordered("role", "system", "content", text));
    }
  }

  private void turn(String role, List<Map<String, @Nullable Object>> blocks) {
    List<@Nullable Object> parts = new ArrayList<>();
    List<@Nullable Object> calls = new ArrayList<>();
    StringBuilder thoughts = new StringBuilder();
    boolean thinks = false;
    for (Map<String, @Nullable Object> block : blocks) {
      switch (String.valueOf(block.get("type"))) {
        case "text" -> {
          if (block.get("text") instanceof String text && !text.isEmpty()) {
            parts.add(ordered("type", "text", "text", text));
          }
        }
        case "image" -> {
          if (block.get("source") instanceof Map<?, ?> source && !source.isEmpty()) {
            parts.add(image(source));
          }
        }
        case "thinking" -> {
          if (block.get("thinking") instanceof String thought) {
            thoughts.append(thought);
            thinks = true;
          }
        }
        case "tool_use" -> calls.add(call(block));
        case "tool_result" -> {
          if (role.equals("user")) {
            result(block);
          } else if (block.get("content") instanceof List<?> list && !list.isEmpty()) {
            opaque = true; // vLLM writes Python's form of the list
          } else {
            Object text = block.get("content");
            parts.add(ordered(
                "type", "text", "text", "Tool result: " + (text instanceof String ? text : "")));
          }
        }
        case "redacted_thinking", "tool_reference" -> {}
        default -> opaque = true;
      }
    }
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("role", role);
    if (thinks) {
      message.put("reasoning", thoughts.toString());
    }
    if (!calls.isEmpty()) {
      message.put("tool_calls", Collections.unmodifiableList(calls));
    }
    if (parts.size() == 1
        && parts.get(0) instanceof Map<?, ?> only
        && only.get("text") instanceof String text) {
      message.put("content", text);
    } else if (!parts.isEmpty()) {
      message.put("content", Collections.unmodifiableList(parts));
    }
    if (!role.equals("user") || message.containsKey("content")) {
      add(message);
    }
  }

  private static Map<String, @Nullable Object> call(Map<String, @Nullable Object> block) {
    Object id = block.get("id");
    Object name = block.get("name");
    Object input = block.get("input");
    return ordered(
        "id",
        id == null ? "" : id,
        "type",
        "function",
        "function",
        ordered("name", name == null ? "" : name, "arguments", input == null ? Map.of() : input));
  }

  /** A result in a message of the user, and the images and tools in it, as messages before it. */
  private void result(Map<String, @Nullable Object> block) {
    Object id = block.get("tool_use_id") instanceof String given ? given : "";
    StringBuilder text = new StringBuilder();
    List<@Nullable Object> images = new ArrayList<>();
    List<@Nullable Object> references = new ArrayList<>();
    if (block.get("content") instanceof String whole) {
      text.append(whole);
    } else if (block.get("content") instanceof List<?> items) {
      boolean first = true;
      for (Object item : items) {
        if (!(item instanceof Map<?, ?> map)) {
          continue;
        }
        if ("text".equals(map.get("type"))) {
          text.append(first ? "" : "\n").append(map.get("text") instanceof String t ? t : "");
          first = false;
        } else if ("image".equals(map.get("type"))) {
          images.add(image(map.get("source") instanceof Map<?, ?> source ? source : Map.of()));
        } else if ("tool_reference".equals(map.get("type"))) {
          Object name = map.get("tool_name") == null ? map.get("name") : map.get("tool_name");
          if (name instanceof String tool && !tool.isEmpty()) {
            references.add(ordered("type", "tool_reference", "name", tool));
          }
        }
      }
    }
    add(ordered("role", "tool", "tool_call_id", id, "content", text.toString()));
    if (!images.isEmpty()) {
      add(ordered("role", "user", "content", List.copyOf(images)));
    }
    if (!references.isEmpty()) {
      add(ordered("role", "tool", "tool_call_id", id, "content", List.copyOf(references)));
    }
  }

  private static Map<String, @Nullable Object> image(Map<?, ?> source) {
    Object url = source.get("url");
    Object type = source.get("media_type");
    Object data = source.get("data");
    return ordered(
        "type",
        "image_url",
        "image_url",
        ordered(
            "url",
            "url".equals(source.get("type"))
                ? url instanceof String text ? text : ""
                : "data:" + (type instanceof String media ? media : "image/jpeg") + ";base64,"
                    + (data instanceof String text ? text : "")));
  }

  private void add(Map<String, @Nullable Object> fields) {
    messages.add(new ChatMessage(String.valueOf(fields.get("role")), fields));
  }

  private static List<Map<String, @Nullable Object>> blocks(Object value, String path) {
    List<Map<String, @Nullable Object>> blocks = new ArrayList<>();
    List<@Nullable Object> list = Members.list(value, path);
    for (int i = 0; i < list.size(); i++) {
      Map<String, @Nullable Object> block = Members.object(list.get(i), path + "[" + i + "]");
      if (!(block.get("type") instanceof String)) {
        throw Members.wrong(path + "[" + i + "].type", "must be a string such as text");
      }
      blocks.add(block);
    }
    return blocks;
  }

  private static List<@Nullable Object> tools(@Nullable List<@Nullable Object> tools) {
    List<@Nullable Object> converted = new ArrayList<>();
    for (int i = 0; tools != null && i < tools.size(); i++) {
      Map<String, @Nullable Object> tool = Members.object(tools.get(i), "tools[" + i + "]");
      Object schema = tool.get("input_schema");
      if (schema instanceof Map<?, ?> && !((Map<?, ?>) schema).containsKey("type")) {
        Map<String, @Nullable Object> typed =
            new LinkedHashMap<>(Members.object(schema, "input_schema"));
        typed.put("type", "object");
        schema = Collections.unmodifiableMap(typed);
      }
      converted.add(ordered(
          "type",
          "function",
          "function",
          ordered(
              "name",
              tool.get("name"),
              "description",
              tool.get("description"),
              "parameters",
              schema,
              "strict",
              tool.get("strict"),
              "defer_loading",
              tool.get("defer_loading"))));
    }
    return List.copyOf(converted);
  }

  private static @Nullable Object toolChoice(
      @Nullable Map<String, @Nullable Object> choice, boolean hasTools) {
    if (choice == null) {
      return hasTools ? "auto" : null;
    }
    return switch (String.valueOf(choice.get("type"))) {
      case "auto" -> "auto";
      case "any" -> "required";
      case "none" -> "none";
      case "tool" -> ordered("function", ordered("name", choice.get("name")), "type", "function");
      default -> throw Members.wrong("tool_choice.type", "must be auto, any, tool or none");
    };
  }
}
