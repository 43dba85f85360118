package io.warmpath.fleet.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for answers, tokenized and checked.
 *
 * @param chat whether it came as a conversation
 * @param prompts token ids of each prompt; one choice is answered to each
 * @param maxTokens tokens to answer
 * @param salt the {@code cache_salt}, empty for none
 * @param includeUsage whether a stream ends with a chunk of usage
 */
record ApiRequest(
    boolean chat,
    List<int[]> prompts,
    int maxTokens,
    String salt,
    boolean stream,
    boolean includeUsage) {

  /** Tokens answered where a request says nothing: the default of OpenAI's completions. */
  static final int DEFAULT_MAX_TOKENS = 16;

  /** Reads the bodies of one engine. <b>Threads:</b> any number. */
  static final class Reader {
    private final EngineConfig config;
    private final FleetTokenizer tokenizer;

    Reader(EngineConfig config, FleetTokenizer tokenizer) {
      this.config = config;
      this.tokenizer = tokenizer;
    }

    ApiRequest read(boolean chat, byte[] body) throws ApiError {
      Map<?, ?> json = object(body);
      checkModel(json);
      List<int[]> prompts = chat ? List.of(conversation(json)) : prompts(json);
      Integer asked = chat ? integer(json, "max_completion_tokens") : null;
      asked = asked == null ? integer(json, "max_tokens") : asked;
      int maxTokens = asked == null ? DEFAULT_MAX_TOKENS : asked;
      if (maxTokens < 1) {
        throw ApiError.badParameter(
            "max_tokens",
            "max_tokens must be at least 1, got " + maxTokens + ". (parameter=max_tokens, value="
                + maxTokens + ")");
      }
      for (int[] prompt : prompts) {
        maxTokens = checkLength(prompt.length, maxTokens, asked != null);
      }
      Integer choices = integer(json, "n");
      if (choices != null && choices != 1) {
        throw ApiError.badParameter("n", "a simulated engine answers n=1 only, got " + choices);
      }
      boolean includeUsage = json.get("stream_options") instanceof Map<?, ?> options
          && flag(options, "include_usage", false);
      return new ApiRequest(
          chat, prompts, maxTokens, salt(json), flag(json, "stream", false), includeUsage);
    }

    /** {@return the tokens that {@code POST /tokenize} answers} */
    int[] readTokenize(byte[] body) throws ApiError {
      Map<?, ?> json = object(body);
      checkModel(json);
      return json.containsKey("messages") ? conversation(json) : prompts(json).get(0);
    }

    private static Map<?, ?> object(byte[] body) throws ApiError {
      if (body.length == 0) {
        throw ApiError.missing("body");
      }
      try {
        if (JsonTree.parse(body) instanceof Map<?, ?> members) {
          return members;
        }
        throw ApiError.invalid(
            "body",
            "{'type': 'dict_type', 'loc': 'body', 'msg': 'Input should be a valid dictionary'}");
      } catch (JsonProcessingException e) {
        throw ApiError.badJson(
            e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset()));
      } catch (IOException e) {
        throw ApiError.badJson(0);
      }
    }

    private void checkModel(Map<?, ?> json) throws ApiError {
      String model = text(json, "model");
      if (model != null && !model.equals(config.modelName())) {
        throw ApiError.unknownModel(model, config.modelName());
      }
    }

    private int[] conversation(Map<?, ?> json) throws ApiError {
      if (!(json.get("messages") instanceof List<?> messages)) {
        throw ApiError.missing("body.messages");
      }
      List<ChatTurn> turns = new ArrayList<>();
      for (Object message : messages) {
        if (!(message instanceof Map<?, ?> members)
            || !(members.get("role") instanceof String role)) {
          throw ApiError.missing("body.messages." + turns.size() + ".role");
        }
        turns.add(new ChatTurn(role, content(members.get("content"))));
      }
      String text = FleetTokenizer.renderChat(turns, flag(json, "add_generation_prompt", true));
      return tokenizer.encode(text, flag(json, "add_special_tokens", false));
    }

    /** As vLLM gives it to a template that does not look into parts: joined by line breaks, empty ones left out. */
    private static String content(@Nullable Object content) throws ApiError {
      if (content == null) {
        return "";
      } else if (content instanceof String text) {
        return text;
      }
      List<String> parts = new ArrayList<>();
      for (Object part : content instanceof List<?> list ? list : List.of(content)) {
        if (!(part instanceof Map<?, ?> members) || !(members.get("text") instanceof String text)) {
          throw ApiError.badParameter(
              "messages", "a simulated engine reads parts of type text only");
        }
        if (!text.isEmpty()) {
          parts.add(text);
        }
      }
      return String.join("\n", parts);
    }

    private List<int[]> prompts(Map<?, ?> json) throws ApiError {
      boolean special = flag(json, "add_special_tokens", true);
      Object prompt = json.get("prompt");
      List<int[]> prompts = new ArrayList<>();
      if (prompt instanceof List<?> several) {
        for (Object one : several) {
          prompts.add(prompt(one, special));
        }
      } else {
        prompts.add(prompt(prompt, special));
      }
      if (prompts.isEmpty()) {
        throw ApiError.missing("body.prompt");
      }
      return prompts;
    }

    private int[] prompt(@Nullable Object prompt, boolean special) throws ApiError {
      int[] tokens;
      if (prompt instanceof int[] ids) {
        tokens = ids;
      } else if (prompt instanceof String text) {
        tokens = tokenizer.encode(text, special);
      } else {
        throw ApiError.missing("body.prompt");
      }
      for (int token : tokens) {
        if (token < 0 || token >= tokenizer.size()) {
          throw ApiError.badParameter("", "Token id " + token + " is out of vocabulary");
        }
      }
      return tokens;
    }

    private int checkLength(int promptTokens, int maxTokens, boolean asked) throws ApiError {
      int most = config.maxModelLen();
      String length = " (parameter=input_tokens, value=" + promptTokens + ")";
      if (promptTokens == 0) {
        throw ApiError.badParameter("prompt", "The decoder prompt cannot be empty");
      } else if (asked && maxTokens > most) {
        throw ApiError.badParameter(
            "max_tokens",
            "max_tokens=" + maxTokens + " cannot be greater than max_model_len=" + most
                + ". Please request fewer output tokens. (parameter=max_tokens, value=" + maxTokens
                + ")");
      } else if (promptTokens >= most) {
        throw ApiError.badParameter(
            "input_tokens",
            "This model's maximum context length is " + most
                + " tokens. However, your prompt contains at least "
                + promptTokens
                + " input tokens, which exceeds this limit even without any output tokens. "
                + "Please reduce the length of the input prompt." + length);
      } else if (asked && promptTokens + maxTokens > most) {
        throw ApiError.badParameter(
            "input_tokens",
            "This model's maximum context length is " + most + " tokens. However, you requested "
                + maxTokens
                + " output tokens and your prompt contains at least " + promptTokens
                + " input tokens. Please reduce the length of the input prompt or the number of requested output tokens."
                + length);
      }
      return Math.min(maxTokens, most - promptTokens);
    }

    private static String salt(Map<?, ?> json) throws ApiError {
      String salt = text(json, "cache_salt");
      if (salt != null && salt.isEmpty()) {
        throw ApiError.badParameter(
            "cache_salt",
            "Parameter 'cache_salt' must be a non-empty string if provided. (parameter=cache_salt)");
      }
      return salt == null ? "" : salt;
    }

    private static @Nullable String text(Map<?, ?> json, String name) throws ApiError {
      return typed(json, name, String.class, "string", "string");
    }

    private static @Nullable Integer integer(Map<?, ?> json, String name) throws ApiError {
      return typed(json, name, Integer.class, "int", "integer");
    }

    /** Takes a value that may be absent; of another type it is refused in pydantic's words. */
    private static <T> @Nullable T typed(
        Map<?, ?> json, String name, Class<T> type, String code, String words) throws ApiError {
      Object value = json.get(name);
      if (value == null || type.isInstance(value)) {
        return type.cast(value);
      }
      throw ApiError.invalid(
          "body." + name,
          "{'type': '" + code + "_type', 'loc': 'body." + name
              + "', 'msg': 'Input should be a valid " + words + "'}");
    }

    private static boolean flag(Map<?, ?> json, String name, boolean absent) {
      return json.get(name) instanceof Boolean value ? value : absent;
    }
  }
}
