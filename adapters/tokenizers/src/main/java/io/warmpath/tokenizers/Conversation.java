package io.warmpath.tokenizers;

import io.warmpath.request.Api;
import io.warmpath.request.ChatMessage;
import io.warmpath.request.InferenceRequest;
import io.warmpath.template.TemplateException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What vLLM 0.33 hands to a chat template for a request: {@code ChatCompletionRequest} with its
 * validators, {@code build_chat_params}, {@code parse_chat_messages} and {@code
 * safe_apply_chat_template}, one after the other.
 *
 * @param messages the messages, as {@link TemplateMessages} makes them
 * @param tools the tools in the order of vLLM's own fields; null if there are none
 * @param documents as the client sent them; null if there are none
 * @param arguments further variables: {@code chat_template_kwargs} without those that are null or
 *     {@code "auto"}, {@code reasoning_effort} and what follows from it; never the names of the other
 *     components
 * @param addGenerationPrompt whether the prompt ends with the head of an answer; false with {@code
 *     continueFinalMessage}, as engines refuse both
 * @param continueFinalMessage whether the prompt ends inside of the last message
 */
record Conversation(
    List<Map<String, @Nullable Object>> messages,
    @Nullable List<@Nullable Object> tools,
    @Nullable List<@Nullable Object> documents,
    Map<String, @Nullable Object> arguments,
    boolean addGenerationPrompt,
    boolean continueFinalMessage) {

  private static final Set<String> NAMED_OTHERWISE =
      Set.of("tools", "documents", "add_generation_prompt", "continue_final_message");

  /** Functions of jinja2's own: no variables of a template, so vLLM does not hand them on. */
  private static final Set<String> FUNCTIONS =
      Set.of("range", "dict", "lipsum", "cycler", "joiner", "namespace");

  /**
   * {@return what a template with these traits is given, without text for media}
   *
   * @throws TemplateException if vLLM refuses the conversation before it reaches the template
   */
  static Conversation of(
      InferenceRequest request, boolean contentAsParts, boolean templateKnowsDeveloper) {
    return of(request, TemplateTraits.of(contentAsParts, templateKnowsDeveloper));
  }

  /**
   * {@return what a template with these traits is given}
   *
   * @throws TemplateException if vLLM refuses the conversation before it reaches the template, or if a
   *     medium has no text
   */
  static Conversation of(InferenceRequest request, TemplateTraits traits) {
    List<ChatMessage> messages = request.messages();
    if (request.api() == Api.CHAT_COMPLETIONS) {
      messages = messages.stream().map(Conversation::withReasoning).toList();
    } else if (request.api() == Api.MESSAGES && traits.systemFirst()) {
      messages = withSystemFirst(messages);
    }
    List<Map<String, @Nullable Object>> seen = TemplateMessages.of(
        messages,
        traits,
        // Responses are converted behind the validation that brings them into order.
        request.api() != Api.RESPONSES);
    if (!traits.knowsDeveloper()) {
      seen = DeveloperMessages.asSystem(seen);
    }
    return new Conversation(
        seen,
        tools(request, traits),
        documents(request),
        arguments(request),
        request.addGenerationPrompt() && !request.continueFinalMessage(),
        request.continueFinalMessage());
  }

  /** Renames {@code reasoning_content}, as the validator {@code _normalize_messages_before} does. */
  @SuppressWarnings(
      "NullAway") // javac leaves annotations of compact constructors out of class files
  private static ChatMessage withReasoning(ChatMessage message) {
    Object reasoning = message.fields().get("reasoning_content");
    if (reasoning == null || message.fields().get("reasoning") != null) {
      return message;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(message.fields());
    fields.put("reasoning", reasoning);
    return new ChatMessage(message.role(), fields);
  }

  /** {@code AnthropicServingMessages._convert_system_message} with {@code merge_inline_system}. */
  private static List<ChatMessage> withSystemFirst(List<ChatMessage> messages) {
    StringBuilder text = new StringBuilder();
    List<ChatMessage> ordered = new ArrayList<>();
    for (ChatMessage message : messages) {
      if (message.role().equals("system")) {
        text.append(message.text());
      } else {
        ordered.add(message);
      }
    }
    if (text.length() > 0) {
      ordered.add(
          0, new ChatMessage("system", Map.of("role", "system", "content", text.toString())));
    }
    return ordered;
  }

  private static @Nullable List<@Nullable Object> tools(
      InferenceRequest request, TemplateTraits traits) {
    if (request.templateArguments().get("tools") instanceof List<?> own) {
      return Collections.unmodifiableList(own);
    }
    boolean hidden = traits.hidesToolsForNone() && "none".equals(request.toolChoice());
    return hidden || request.tools().isEmpty() ? null : EngineTools.inOrder(request.tools());
  }

  private static @Nullable List<@Nullable Object> documents(InferenceRequest request) {
    List<@Nullable Object> documents = request.documents();
    return documents == null && request.templateArguments().get("documents") instanceof List<?> own
        ? Collections.unmodifiableList(own)
        : documents;
  }

  /** {@code build_chat_params} and {@code merge_kwargs}. */
  private static Map<String, @Nullable Object> arguments(InferenceRequest request) {
    Map<String, @Nullable Object> given = request.templateArguments();
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    given.forEach((name, value) -> {
      if (value != null
          && !value.equals("auto")
          && !NAMED_OTHERWISE.contains(name)
          && !FUNCTIONS.contains(name)) {
        arguments.put(name, value);
      }
    });
    String effort = request.reasoningEffort();
    if (effort != null) {
      arguments.put("reasoning_effort", effort);
      if (!given.containsKey("enable_thinking")) {
        arguments.put("enable_thinking", !effort.equals("none"));
      }
    }
    return Collections.unmodifiableMap(arguments);
  }
}
