package io.warmpath.request;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of {@code /v1/responses} as the chat that vLLM 0.33 makes of it ({@code
 * construct_input_messages} and {@code construct_tool_dicts} in {@code
 * vllm/entrypoints/openai/responses/utils.py}).
 *
 * <p>Instructions come first, as a system message. A call of a function, a thought and an answer join
 * the message of the assistant before them, as long as it has none. Items that vLLM refuses make the
 * content opaque, as other engines may take them.
 */
final class ResponsesBody {

  static final Set<String> MEMBERS = Set.of(
      "input",
      "instructions",
      "stream",
      "max_output_tokens",
      "cache_salt",
      "kv_transfer_params",
      "tools",
      "tool_choice",
      "chat_template_kwargs",
      "reasoning",
      "previous_response_id",
      "truncation");

  /** What vLLM shows a model of a tool that takes any text ({@code custom_tool_parameters}). */
  private static final Map<String, @Nullable Object> ANY_TEXT = ordered(
      "type",
      "object",
      "properties",
      Map.of(
          "input",
          ordered("type", "string", "description", "The freeform text payload for this tool.")),
      "required",
      List.of("input"),
      "additionalProperties",
      false);

  private final List<Map<String, @Nullable Object>> messages = new ArrayList<>();
  private boolean opaque;

  private ResponsesBody() {}

  static RequestFields read(Members members) {
    RequestFields fields = new RequestFields(members);
    ResponsesBody body = new ResponsesBody();
    String instructions = members.text("instructions");
    if (instructions != null && !instructions.isEmpty()) {
      body.messages.add(ordered("role", "system", "content", instructions));
    }
    Object input = members.value("input");
    if (input instanceof String text) {
      body.messages.add(ordered("role", "user", "content", text));
    } else if (input instanceof List<?>) {
      body.items(Members.list(input, "input"));
      fields.continueFinalMessage = isUnfinished(Members.list(input, "input"));
    } else {
      throw Members.wrong(
          "input",
          (input == null ? "is missing, it " : "") + "must be a string or a list of items");
    }
    List<ChatMessage> read = new ArrayList<>(body.messages.size());
    for (int i = 0; i < body.messages.size(); i++) {
      read.add(RequestFields.message(body.messages.get(i), "input[" + i + "]"));
    }
    fields.messages = List.copyOf(read);
    fields.opaque |= body.opaque || read.isEmpty();
    fields.maxTokens = members.count("max_output_tokens");
    // Unlike chats: vLLM 0.33, ResponsesRequest.build_tok_params.
    fields.addSpecialTokens = true;
    fields.addGenerationPrompt = !fields.continueFinalMessage;
    fields.readTemplate(members);
    fields.tools = tools(members.list("tools"));
    Object toolChoice = RequestFields.toolChoice(members);
    fields.toolChoice = toolChoice == null && !fields.tools.isEmpty() ? "auto" : toolChoice;
    fields.reasoningEffort = effort(members.object("reasoning"));
    fields.previousResponseId = members.textThatIsNotEmpty("previous_response_id");
    String truncation = members.text("truncation");
    fields.truncatePromptTokens = "auto".equals(truncation) ? -1 : null;
    return fields;
  }

  private static @Nullable String effort(@Nullable Map<String, @Nullable Object> reasoning) {
    Object effort = reasoning == null ? null : reasoning.get("effort");
    if (effort == null || effort instanceof String) {
      return (String) effort;
    }
    throw Members.wrong("reasoning.effort", "must be a string");
  }

  /** Whether the last item is a piece that the model is to go on with. */
  private static boolean isUnfinished(List<@Nullable Object> items) {
    if (items.isEmpty() || !(items.get(items.size() - 1) instanceof Map<?, ?> last)) {
      return false;
    }
    Object type = last.get("type");
    Object status = last.get("status");
    return (type == null || "message".equals(type) || "reasoning".equals(type))
        && ("in_progress".equals(status) || "incomplete".equals(status));
  }

  private void items(List<@Nullable Object> items) {
    for (int i = 0; i < items.size(); i++) {
      String path = "input[" + i + "]";
      Map<String, @Nullable Object> item = Members.object(items.get(i), path);
      Object type = item.get("type");
      if (type == null && item.get("role") == null) {
        throw Members.wrong(path, "must have a role or a type");
      }
      if (item.get("role") != null) {
        RequestFields.message(item, path);
      }
      item(item, type instanceof String name ? name : "message");
    }
  }

  private void item(Map<String, @Nullable Object> item, String type) {
    switch (type) {
      case "function_call" -> {
        String name = String.valueOf(item.get("name"));
        if (item.get("namespace") instanceof String space && !space.isEmpty()) {
          name = inNamespace(space, name);
        }
        call(item.get("call_id"), name, item.get("arguments"));
      }
      case "custom_tool_call" ->
        call(
            item.get("call_id"),
            String.valueOf(item.get("name")),
            ordered("input", Objects.requireNonNullElse(item.get("input"), "")));
      case "function_call_output", "custom_tool_call_output" ->
        messages.add(ordered(
            "role", "tool", "content", item.get("output"), "tool_call_id", item.get("call_id")));
      case "reasoning" -> reasoning(item);
      default -> {
        if (!(item.get("role") instanceof String role)) {
          opaque = true;
        } else if (!role.equals("assistant") || !answer(item)) {
          messages.add(withDetails(item));
        }
      }
    }
  }

  /** The last message, if it is the assistant's and may get this member. */
  private @Nullable Map<String, @Nullable Object> lastWithout(@Nullable String member) {
    if (messages.isEmpty()) {
      return null;
    }
    Map<String, @Nullable Object> last = messages.get(messages.size() - 1);
    return "assistant".equals(last.get("role")) && (member == null || last.get(member) == null)
        ? last
        : null;
  }

  private void join(String member, Object value) {
    Map<String, @Nullable Object> last = lastWithout(member);
    if (last == null) {
      messages.add(new LinkedHashMap<>(ordered("role", "assistant", member, value)));
    } else {
      last.put(member, value);
    }
  }

  private void call(@Nullable Object id, String name, @Nullable Object arguments) {
    Map<String, @Nullable Object> call = ordered(
        "id", id, "function", ordered("name", name, "arguments", arguments), "type", "function");
    Map<String, @Nullable Object> last = lastWithout(null);
    List<@Nullable Object> calls = new ArrayList<>();
    if (last != null && last.get("tool_calls") instanceof List<?> before) {
      calls.addAll(before);
    }
    calls.add(call);
    if (last == null) {
      last = new LinkedHashMap<>(ordered("role", "assistant"));
      messages.add(last);
    }
    last.put("tool_calls", Collections.unmodifiableList(calls));
  }

  private void reasoning(Map<String, @Nullable Object> item) {
    if (item.get("encrypted_content") instanceof String secret && !secret.isEmpty()) {
      opaque = true;
      return;
    }
    String text = firstText(item.get("content"));
    if (text == null) {
      text = firstText(item.get("summary"));
    }
    join("reasoning", text == null ? "" : text);
  }

  /** Takes the text of an answer; returns whether there was one. */
  private boolean answer(Map<String, @Nullable Object> item) {
    Object content = item.get("content");
    String text = content instanceof String whole ? whole : firstText(content);
    if (text == null) {
      return false;
    }
    join("content", text);
    return true;
  }

  private static @Nullable String firstText(@Nullable Object parts) {
    return parts instanceof List<?> list
            && !list.isEmpty()
            && list.get(0) instanceof Map<?, ?> first
            && first.get("text") instanceof String text
        ? text
        : null;
  }

  /** Gives images the detail that vLLM gives them: templates that read parts see it. */
  private static Map<String, @Nullable Object> withDetails(Map<String, @Nullable Object> item) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(item);
    if (item.get("content") instanceof List<?> parts) {
      List<@Nullable Object> detailed = new ArrayList<>();
      for (Object part : parts) {
        if (part instanceof Map<?, ?> image
            && "input_image".equals(image.get("type"))
            && !image.containsKey("detail")) {
          Map<String, @Nullable Object> more = new LinkedHashMap<>(Members.object(part, "content"));
          more.put("detail", "auto");
          detailed.add(Collections.unmodifiableMap(more));
        } else {
          detailed.add(part);
        }
      }
      copy.put("content", Collections.unmodifiableList(detailed));
    }
    return copy;
  }

  /** Functions in the form of OpenAI's chats; tools of other types are not shown to the model. */
  private static List<@Nullable Object> tools(@Nullable List<@Nullable Object> tools) {
    List<@Nullable Object> shown = new ArrayList<>();
    for (int i = 0; tools != null && i < tools.size(); i++) {
      Map<String, @Nullable Object> tool = Members.object(tools.get(i), "tools[" + i + "]");
      if ("function".equals(tool.get("type"))) {
        shown.add(function(tool, null));
      } else if ("custom".equals(tool.get("type"))) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        named.put("name", tool.get("name"));
        named.put("description", tool.get("description"));
        named.put("parameters", ANY_TEXT);
        shown.add(function(named, null));
      } else if ("namespace".equals(tool.get("type")) && tool.get("tools") instanceof List<?> in) {
        for (Object inner : in) {
          if (inner instanceof Map<?, ?> map && "function".equals(map.get("type"))) {
            shown.add(function(Members.object(inner, "tools"), String.valueOf(tool.get("name"))));
          }
        }
      }
    }
    return List.copyOf(shown);
  }

  private static Map<String, @Nullable Object> function(
      Map<String, @Nullable Object> flat, @Nullable String namespace) {
    Map<String, @Nullable Object> function = new LinkedHashMap<>(flat);
    function.remove("type");
    if (namespace != null) {
      function.put("name", inNamespace(namespace, String.valueOf(flat.get("name"))));
    }
    return ordered("type", "function", "function", Collections.unmodifiableMap(function));
  }

  private static String inNamespace(String namespace, String name) {
    return namespace + "__" + name;
  }

  /** Makes an object, which nobody can change, of names and values by turns. */
  static Map<String, @Nullable Object> ordered(@Nullable Object... members) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      map.put(String.valueOf(members[i]), members[i + 1]);
    }
    return Collections.unmodifiableMap(map);
  }
}
