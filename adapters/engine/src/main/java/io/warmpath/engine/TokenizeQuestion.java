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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bodies for vLLM's {@code /tokenize} (vLLM 0.33, {@code TokenizeChatRequest} and {@code
 * TokenizeCompletionRequest}). It has no place for documents, a reasoning effort or a tool choice.
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
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("model", request.model());
    body.put("messages", request.messages().stream().map(ChatMessage::fields).toList());
    body.put("add_generation_prompt", request.addGenerationPrompt());
    body.put("continue_final_message", request.continueFinalMessage());
    body.put("add_special_tokens", request.addSpecialTokens());
    if (!request.tools().isEmpty()) {
      body.put("tools", request.tools());
    }
    if (!request.templateArguments().isEmpty()) {
      body.put("chat_template_kwargs", request.templateArguments());
    }
    return json(body);
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

  private static byte[] json(Map<String, @Nullable Object> body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      JsonValues.write(json, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
