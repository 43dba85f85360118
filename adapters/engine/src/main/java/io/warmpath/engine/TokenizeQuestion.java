package io.warmpath.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.warmpath.request.Api;
import io.warmpath.request.ChatMessage;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.JsonValues;
import io.warmpath.request.Prompt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bodies for vLLM's {@code /tokenize} (vLLM 0.33, {@code TokenizeChatRequest} and {@code
 * TokenizeCompletionRequest}). It has no place for a tool choice; documents and a reasoning effort go among
 * the arguments of the template, where vLLM itself puts them. It takes messages in OpenAI's own form only, so
 * that parts and calls that were converted from other APIs are written in that form.
 */
final class TokenizeQuestion {

  private static final JsonFactory JSON = new JsonFactory();

  private TokenizeQuestion() {}

  /**
   * {@return one body a prompt}
   *
   * @throws IllegalArgumentException if the request is of a kind that cannot be asked for
   */
  static List<byte[]> of(InferenceRequest request) {
    return request.api() == Api.COMPLETIONS ? completions(request) : List.of(chat(request));
  }

  private static byte[] chat(InferenceRequest request) {
    if (request.previousResponseId() != null) {
      throw new IllegalArgumentException("/tokenize cannot be asked of a previous_response_id");
    }
    if (request.hasOpaqueContent()) {
      throw new IllegalArgumentException("/tokenize cannot be asked of what is no text or medium");
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("model", request.model());
    body.put(
        "messages", request.messages().stream().map(TokenizeQuestion::message).toList());
    body.put("add_generation_prompt", request.addGenerationPrompt());
    body.put("continue_final_message", request.continueFinalMessage());
    body.put("add_special_tokens", request.addSpecialTokens());
    if (!request.tools().isEmpty()) {
      body.put("tools", request.tools());
    }
    Map<String, @Nullable Object> arguments = arguments(request);
    if (!arguments.isEmpty()) {
      body.put("chat_template_kwargs", arguments);
    }
    return json(body);
  }

  /** As {@code build_chat_params} of vLLM 0.33 makes them. */
  private static Map<String, @Nullable Object> arguments(InferenceRequest request) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>(request.templateArguments());
    if (request.documents() != null) {
      arguments.put("documents", request.documents());
    }
    String effort = request.reasoningEffort();
    if (effort != null) {
      arguments.put("reasoning_effort", effort);
      arguments.putIfAbsent("enable_thinking", !effort.equals("none"));
    }
    return arguments;
  }

  private static Map<String, @Nullable Object> message(ChatMessage message) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(message.fields());
    if (fields.get("content") instanceof List<?> parts) {
      fields.put("content", parts.stream().map(TokenizeQuestion::part).toList());
    }
    if (fields.get("tool_calls") instanceof List<?> calls) {
      fields.put("tool_calls", calls.stream().map(TokenizeQuestion::call).toList());
    }
    // The renderer renames it; /tokenize does not.
    if (fields.get("reasoning") == null && fields.get("reasoning_content") != null) {
      fields.put("reasoning", fields.get("reasoning_content"));
    }
    return fields;
  }

  private static Object part(Object part) {
    if (part instanceof Map<?, ?> members
        && ("input_text".equals(members.get("type")) || "output_text".equals(members.get("type")))
        && members.get("text") instanceof String text) {
      return Map.of("type", "text", "text", text);
    }
    return part;
  }

  private static Object call(Object call) {
    if (call instanceof Map<?, ?> members
        && members.get("function") instanceof Map<?, ?> function
        && function.get("arguments") instanceof Map<?, ?> arguments) {
      Map<Object, @Nullable Object> called = new LinkedHashMap<>(function);
      called.put("arguments", new String(json(arguments), StandardCharsets.UTF_8));
      Map<Object, @Nullable Object> copy = new LinkedHashMap<>(members);
      copy.put("function", called);
      return copy;
    }
    return call;
  }

  private static List<byte[]> completions(InferenceRequest request) {
    List<byte[]> bodies = new ArrayList<>();
    for (Prompt prompt : request.prompts()) {
      if (!(prompt instanceof Prompt.Text text)) {
        throw new IllegalArgumentException("token ids need not be tokenized");
      }
      Map<String, @Nullable Object> body = new LinkedHashMap<>();
      body.put("model", request.model());
      body.put("prompt", text.text());
      body.put("add_special_tokens", request.addSpecialTokens());
      bodies.add(json(body));
    }
    return bodies;
  }

  private static byte[] json(Map<?, ?> body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      JsonValues.write(json, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
