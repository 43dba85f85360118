package io.warmpath.tokenizers;

import io.warmpath.request.ChatMessage;
import io.warmpath.request.InferenceRequest;
import io.warmpath.template.ChatTemplate;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ChatML as Qwen's templates write it: {@code <|im_start|>role, content, <|im_end|>}.
 *
 * <p>Follows the chat template of Qwen3 (tokenizer_config.json of April 2025) case by case: tools
 * go into the system message, thoughts of earlier turns are left out, results of tools are messages
 * of the user, messages of any other role are not written at all.
 */
final class ChatMlTemplate implements ChatTemplate {

  private static final Pattern DEFAULT_SYSTEM =
      Pattern.compile("<\\|im_start\\|>system(?:\\\\n|\\n)([^<'\"{}]+)<\\|im_end\\|>");
  private static final String TOOLS_HEAD = """
      # Tools

      You may call one or more functions to assist with the user query.

      You are provided with function signatures within <tools></tools> XML tags:
      <tools>""";
  private static final String TOOLS_TAIL = """

      </tools>

      For each function call, return a json object with function name and arguments within \
      <tool_call></tool_call> XML tags:
      <tool_call>
      {"name": <function-name>, "arguments": <args-json-object>}
      </tool_call><|im_end|>
      """;

  private final boolean thinks;
  private final @Nullable String defaultSystem;

  /**
   * @param thinks whether the model thinks first, in {@code <think>}
   * @param defaultSystem the system text of conversations that have none; null for none
   */
  ChatMlTemplate(boolean thinks, @Nullable String defaultSystem) {
    this.thinks = thinks;
    this.defaultSystem = defaultSystem;
  }

  /** Reads from a template's text which of the forms it is. */
  static ChatMlTemplate of(String template) {
    Matcher system = DEFAULT_SYSTEM.matcher(template);
    return new ChatMlTemplate(
        template.contains("</think>"), system.find() ? system.group(1) : null);
  }

  @Override
  public void render(InferenceRequest request, StringBuilder out) {
    render(ClientConversation.of(request).asEngineSees(), out);
  }

  void render(ClientConversation conversation, StringBuilder out) {
    List<ChatMessage> messages = conversation.messages();
    writeSystem(conversation, out);
    int lastQuery = lastQuery(messages);
    for (int i = 0; i < messages.size(); i++) {
      ChatMessage message = messages.get(i);
      switch (message.role()) {
        case "user" -> writePlain(conversation, i, out);
        case "system" -> {
          if (i > 0) {
            writePlain(conversation, i, out);
          }
        }
        case "assistant" -> writeAssistant(conversation, i, i > lastQuery, out);
        case "tool" -> writeToolResult(conversation, i, out);
        default -> {}
      }
    }
    if (conversation.endsWithAnswerHead()) {
      out.append("<|im_start|>assistant\n");
      if (thinks && Boolean.FALSE.equals(conversation.arguments().get("enable_thinking"))) {
        out.append("<think>\n\n</think>\n\n");
      }
    }
  }

  private void writeSystem(ClientConversation conversation, StringBuilder out) {
    ChatMessage first = conversation.messages().get(0);
    boolean isSystem = first.role().equals("system");
    String text = isSystem ? ClientConversation.text(first) : defaultSystem;
    if (conversation.tools().isEmpty()) {
      if (isSystem) {
        writePlain(conversation, 0, out);
      } else if (text != null) {
        out.append("<|im_start|>system\n").append(text).append("<|im_end|>\n");
      }
      return;
    }
    out.append("<|im_start|>system\n");
    if (text != null) {
      out.append(text).append("\n\n");
    }
    out.append(TOOLS_HEAD);
    for (Object tool : conversation.tools()) {
      out.append('\n');
      PythonJson.write(tool, out);
    }
    out.append(TOOLS_TAIL);
  }

  private static void writePlain(ClientConversation conversation, int index, StringBuilder out) {
    ChatMessage message = conversation.messages().get(index);
    out.append("<|im_start|>").append(message.role()).append('\n');
    out.append(ClientConversation.text(message));
    if (!conversation.endsInside(index)) {
      out.append("<|im_end|>\n");
    }
  }

  private void writeAssistant(
      ClientConversation conversation, int index, boolean isCurrentTurn, StringBuilder out) {
    ChatMessage message = conversation.messages().get(index);
    String content = ClientConversation.text(message);
    out.append("<|im_start|>assistant\n");
    if (thinks) {
      String thoughts = thoughts(message);
      if (thoughts == null) {
        thoughts = Thoughts.of(content);
        content = Thoughts.answer(content);
      }
      boolean isLast = index == conversation.messages().size() - 1;
      if (isCurrentTurn && (isLast || !thoughts.isEmpty())) {
        out.append("<think>\n").append(Thoughts.strip(thoughts)).append("\n</think>\n\n");
        content = Thoughts.stripStart(content);
      }
    }
    out.append(content);
    if (conversation.endsInside(index)) {
      return;
    }
    writeToolCalls(ClientConversation.toolCalls(message), !content.isEmpty(), out);
    out.append("<|im_end|>\n");
  }

  private static @Nullable String thoughts(ChatMessage message) {
    Map<String, @Nullable Object> fields = message.fields();
    Object thoughts = fields.get("reasoning_content");
    if (thoughts == null) {
      thoughts = fields.get("reasoning");
    }
    return thoughts instanceof String text ? text : null;
  }

  private static void writeToolCalls(List<?> calls, boolean afterText, StringBuilder out) {
    boolean needsBreak = afterText;
    for (Object call : calls) {
      Map<?, ?> function = ClientConversation.function(call);
      Object arguments = function.get("arguments");
      out.append(needsBreak ? "\n" : "").append("<tool_call>\n{\"name\": \"");
      out.append(function.get("name")).append("\", \"arguments\": ");
      if (arguments instanceof String text) {
        out.append(text);
      } else {
        PythonJson.write(arguments, out);
      }
      out.append("}\n</tool_call>");
      needsBreak = true;
    }
  }

  private static void writeToolResult(
      ClientConversation conversation, int index, StringBuilder out) {
    List<ChatMessage> messages = conversation.messages();
    if (index == 0 || !messages.get(index - 1).role().equals("tool")) {
      out.append("<|im_start|>user");
    }
    out.append("\n<tool_response>\n").append(ClientConversation.text(messages.get(index)));
    if (conversation.endsInside(index)) {
      return;
    }
    out.append("\n</tool_response>");
    if (index == messages.size() - 1 || !messages.get(index + 1).role().equals("tool")) {
      out.append("<|im_end|>\n");
    }
  }

  /**
   * Finds the last message of the user that is not the result of a tool; the last of all if none.
   */
  private static int lastQuery(List<ChatMessage> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role().equals("user")) {
        String text = ClientConversation.text(messages.get(i));
        if (!(text.startsWith("<tool_response>") && text.endsWith("</tool_response>"))) {
          return i;
        }
      }
    }
    return messages.size() - 1;
  }
}
