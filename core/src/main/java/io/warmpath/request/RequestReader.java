package io.warmpath.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one pass over a request body: it keeps the members that routing needs and skips the others.
 *
 * <p>Values are checked after the pass, because of members with the same name the last counts, as
 * in Python's {@code json}, which the engines use. Null means absent, as for the engines. All texts
 * of errors name the field and what is allowed, and repeat nothing of the body.
 */
final class RequestReader {

  /** Deepest nesting that is read: Jackson's own default is 500; Python's is near 1,000. */
  static final int MAX_DEPTH = 500;

  private static final int MAX_NUMBER_CHARS = 1_000;
  private static final int MAX_NAME_CHARS = 50_000;
  private static final int POOLED_BUFFERS = 64;

  // Charset detection is off, since a span in a UTF-16 body would be of no use. Names are not
  // interned: they come from clients. Texts may be as long as the body that the host let through.
  private static final JsonFactory JSON = JsonFactory.builder()
      .disable(JsonFactory.Feature.CHARSET_DETECTION)
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
      .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(MAX_DEPTH)
          .maxNumberLength(MAX_NUMBER_CHARS)
          .maxNameLength(MAX_NAME_CHARS)
          .maxStringLength(Integer.MAX_VALUE)
          .build())
      .build();

  private final boolean chat;

  private @Nullable Object model;
  private int modelStart;
  private int modelEnd;
  private @Nullable Object messages;
  private @Nullable PromptReader prompt;
  private @Nullable Object stream;
  private @Nullable Object maxTokens;
  private @Nullable Object maxCompletionTokens;
  private @Nullable Object cacheSalt;
  private @Nullable Object addSpecialTokens;
  private @Nullable Object addGenerationPrompt;
  private @Nullable Object continueFinalMessage;
  private @Nullable Object tools;
  private @Nullable Object templateArguments;

  RequestReader(Api api) {
    chat = api == Api.CHAT_COMPLETIONS;
  }

  /**
   * Reads the body; call once, then ask for the members.
   *
   * @throws BadRequestException if it is not one JSON object
   */
  RequestReader read(byte[] body) {
    // A byte order mark is not part of the JSON; offsets of the parser start behind it.
    boolean marked = body.length >= 3
        && body[0] == (byte) 0xEF
        && body[1] == (byte) 0xBB
        && body[2] == (byte) 0xBF;
    int start = marked ? 3 : 0;
    try (JsonParser parser = JSON.createParser(body, start, body.length - start)) {
      try {
        object(parser, start);
      } catch (StreamConstraintsException tooMuch) {
        throw tooMuch(parser);
      } catch (StreamReadException notJson) {
        throw notJson(notJson.getLocation());
      }
    } catch (IOException e) {
      throw new BadRequestException("the body is not valid JSON in UTF-8", null);
    }
    return this;
  }

  private void object(JsonParser parser, int start) throws IOException {
    if (parser.nextToken() == null) {
      throw new BadRequestException("the body is empty, it must be a JSON object", null);
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new BadRequestException("the body must be a JSON object", null);
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      member(parser, name, start);
    }
    if (parser.nextToken() != null) {
      throw notJson(parser.currentTokenLocation());
    }
  }

  private void member(JsonParser parser, String name, int start) throws IOException {
    switch (name) {
      case "model" -> {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        model = JsonValues.read(parser);
        modelStart = start + from;
        modelEnd = start + (int) parser.currentLocation().getByteOffset();
      }
      case "messages" -> messages = valueIf(chat, parser);
      case "prompt" -> {
        if (chat) {
          parser.skipChildren();
        } else {
          prompt = parser.currentToken() == JsonToken.VALUE_NULL
              ? null
              : new PromptReader().read(parser);
        }
      }
      case "stream" -> stream = JsonValues.read(parser);
      case "max_tokens" -> maxTokens = JsonValues.read(parser);
      case "max_completion_tokens" -> maxCompletionTokens = JsonValues.read(parser);
      case "cache_salt" -> cacheSalt = JsonValues.read(parser);
      case "add_special_tokens" -> addSpecialTokens = JsonValues.read(parser);
      case "add_generation_prompt" -> addGenerationPrompt = valueIf(chat, parser);
      case "continue_final_message" -> continueFinalMessage = valueIf(chat, parser);
      case "tools" -> tools = valueIf(chat, parser);
      case "chat_template_kwargs" -> templateArguments = valueIf(chat, parser);
      default -> parser.skipChildren();
    }
  }

  private static @Nullable Object valueIf(boolean wanted, JsonParser parser) throws IOException {
    if (wanted) {
      return JsonValues.read(parser);
    }
    parser.skipChildren();
    return null;
  }

  private static BadRequestException notJson(@Nullable JsonLocation at) {
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return new BadRequestException("the body is not valid JSON" + where, null);
  }

  private static BadRequestException tooMuch(JsonParser parser) {
    return new BadRequestException(
        parser.getParsingContext().getNestingDepth() > MAX_DEPTH
            ? "the body is nested too deeply, at most " + MAX_DEPTH + " levels are allowed"
            : "the body holds a number or a name that is too long, at most " + MAX_NUMBER_CHARS
                + " digits and " + MAX_NAME_CHARS + " characters are allowed",
        null);
  }

  String model() {
    if (model instanceof String name && !name.isEmpty()) {
      return name;
    }
    throw wrong(
        "model",
        model == null ? "is missing, it must name a model" : "must be a string that is not empty");
  }

  /** First byte of the value of {@code model}, its opening quote. */
  int modelStart() {
    return modelStart;
  }

  /** The byte after the value of {@code model}. */
  int modelEnd() {
    return modelEnd;
  }

  List<ChatMessage> messages() {
    if (!chat) {
      return List.of();
    }
    if (messages == null) {
      throw wrong("messages", "is missing, it must be a list of messages");
    }
    if (!(messages instanceof List<?> entries) || entries.isEmpty()) {
      throw wrong("messages", "must be a list of at least one message");
    }
    List<ChatMessage> read = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      read.add(message(entries.get(i), "messages[" + i + "]"));
    }
    return List.copyOf(read);
  }

  private static ChatMessage message(@Nullable Object entry, String path) {
    Map<String, @Nullable Object> fields = object(entry, path);
    if (!(fields.get("role") instanceof String role)) {
      throw wrong(path + ".role", "must be a string such as user or assistant");
    }
    Object content = fields.get("content");
    if (content instanceof List<?> parts) {
      for (int i = 0; i < parts.size(); i++) {
        if (!(parts.get(i) instanceof String) && !(parts.get(i) instanceof Map)) {
          throw wrong(path + ".content[" + i + "]", "must be a string or an object with a type");
        }
      }
    } else if (content != null && !(content instanceof String)) {
      throw wrong(path + ".content", "must be a string, a list of parts or null");
    }
    return new ChatMessage(role, fields);
  }

  List<Prompt> prompts() {
    if (chat) {
      return List.of();
    }
    if (prompt == null) {
      throw wrong("prompt", "is missing, it must be a string, a list of strings or token ids");
    }
    return prompt.prompts();
  }

  boolean stream() {
    return flag("stream", stream, false);
  }

  int maxTokens() {
    int completion = count("max_completion_tokens", maxCompletionTokens);
    int plain = count("max_tokens", maxTokens);
    return completion >= 0 ? completion : plain;
  }

  @Nullable
  String cacheSalt() {
    if (cacheSalt == null) {
      return null;
    }
    if (cacheSalt instanceof String salt && !salt.isEmpty()) {
      return salt;
    }
    throw wrong("cache_salt", "must be a string that is not empty");
  }

  boolean addSpecialTokens() {
    return flag("add_special_tokens", addSpecialTokens, !chat);
  }

  boolean addGenerationPrompt() {
    return flag("add_generation_prompt", addGenerationPrompt, true);
  }

  boolean continueFinalMessage() {
    return flag("continue_final_message", continueFinalMessage, false);
  }

  List<@Nullable Object> tools() {
    if (tools == null) {
      return List.of();
    }
    if (tools instanceof List<?> list) {
      @SuppressWarnings("unchecked") // JsonValues makes no other lists
      List<@Nullable Object> plain = (List<@Nullable Object>) list;
      return plain;
    }
    throw wrong("tools", "must be a list");
  }

  Map<String, @Nullable Object> templateArguments() {
    return templateArguments == null ? Map.of() : object(templateArguments, "chat_template_kwargs");
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value, String path) {
    if (value instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked") // JsonValues makes no other maps
      Map<String, @Nullable Object> plain = (Map<String, @Nullable Object>) map;
      return plain;
    }
    throw wrong(path, "must be an object");
  }

  private static boolean flag(String name, @Nullable Object value, boolean absent) {
    if (value == null) {
      return absent;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, "must be true or false");
  }

  private static int count(String name, @Nullable Object value) {
    if (value == null) {
      return -1;
    }
    if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    // Clients that know only one kind of number write 100.0; the engines' pydantic takes it.
    if (value instanceof Double number
        && number >= 0
        && number <= Integer.MAX_VALUE
        && number == Math.rint(number)) {
      return number.intValue();
    }
    throw wrong(name, "must be an integer from 0 to " + Integer.MAX_VALUE);
  }

  private static BadRequestException wrong(String path, String allowed) {
    return new BadRequestException(path + " " + allowed, path);
  }
}
