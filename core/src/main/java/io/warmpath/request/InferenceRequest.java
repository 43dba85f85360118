package io.warmpath.request;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client's request, read once: what routing needs of it, and the original bytes.
 *
 * <p>Immutable and safe to share between threads; the body array is shared, not copied.
 */
public final class InferenceRequest {

  private static final int MAX_ID_CHARS = 256;
  private static final String STANDARD = "Standard";
  private static final List<String> CRITICALITIES = List.of("Critical", STANDARD, "Sheddable");

  private final Api api;
  private final byte[] body;
  private final String id;
  private final String criticality;
  private final String model;
  private final int modelStart;
  private final int modelEnd;
  private final List<ChatMessage> messages;
  private final List<Prompt> prompts;
  private final boolean stream;
  private final int maxTokens;
  private final @Nullable String cacheSalt;
  private final boolean addSpecialTokens;
  private final boolean addGenerationPrompt;
  private final boolean continueFinalMessage;
  private final List<@Nullable Object> tools;
  private final Map<String, @Nullable Object> templateArguments;

  private InferenceRequest(Api api, byte[] body, RequestHeaders headers, RequestReader read) {
    this.api = api;
    this.body = body;
    id = idOf(headers);
    criticality = criticalityOf(headers);
    model = read.model();
    modelStart = read.modelStart();
    modelEnd = read.modelEnd();
    messages = read.messages();
    prompts = read.prompts();
    stream = read.stream();
    maxTokens = read.maxTokens();
    cacheSalt = read.cacheSalt();
    addSpecialTokens = read.addSpecialTokens();
    addGenerationPrompt = read.addGenerationPrompt();
    continueFinalMessage = read.continueFinalMessage();
    tools = read.tools();
    templateArguments = read.templateArguments();
  }

  /**
   * Reads a request body in one pass.
   *
   * <p>Of members with the same name the last counts, and null is the same as absent, as for the
   * engines. Members that routing does not need are skipped, not checked. Half a surrogate pair is kept in
   * a text, and refused in a name (Jackson does not read it).
   *
   * <p><b>Cost:</b> one pass over the body; allocates the texts and values that are kept.
   *
   * @param api which request this is
   * @param body UTF-8 JSON, with or without a byte order mark; shared, must not change afterwards
   * @param headers the request's headers, asked during this call only; {@code x-request-id} names the
   *     request (made up if absent, longer than 256 characters or not printable ASCII)
   * @return the request
   * @throws BadRequestException if the body is not JSON, or a field that routing needs is missing or
   *     of the wrong type; the message names the field and what is allowed
   */
  public static InferenceRequest parse(Api api, byte[] body, RequestHeaders headers) {
    return new InferenceRequest(api, body, headers, new RequestReader(api).read(body));
  }

  private static String idOf(RequestHeaders headers) {
    String given = headers.get("x-request-id");
    if (given != null) {
      String id = given.trim();
      if (!id.isEmpty()
          && id.length() <= MAX_ID_CHARS
          && id.chars().allMatch(c -> c >= ' ' && c <= '~')) {
        return id;
      }
    }
    return UUID.randomUUID().toString();
  }

  private static String criticalityOf(RequestHeaders headers) {
    String known = criticality(headers.get("x-llm-d-inference-objective"));
    if (known == null) {
      known = criticality(headers.get("x-gateway-inference-objective"));
    }
    return known == null ? STANDARD : known;
  }

  private static @Nullable String criticality(@Nullable String objective) {
    if (objective != null) {
      for (String known : CRITICALITIES) {
        if (known.equalsIgnoreCase(objective.trim())) {
          return known;
        }
      }
    }
    return null;
  }

  /** {@return which request this is} */
  public Api api() {
    return api;
  }

  /** {@return the request id: header {@code x-request-id}, or a random UUID} */
  public String id() {
    return id;
  }

  /** {@return the value of {@code model}, never empty} */
  public String model() {
    return model;
  }

  /** {@return the messages of a chat, at least one; empty for completions} */
  public List<ChatMessage> messages() {
    return messages;
  }

  /** {@return the prompts of a completion, at least one; empty for chats} */
  public List<Prompt> prompts() {
    return prompts;
  }

  /**
   * Tells whether some message holds a part that is not text, such as an image or a sound: the tokens
   * of the rendered prompt alone do not name its blocks then.
   *
   * @return false for completions
   */
  public boolean hasOpaqueContent() {
    for (ChatMessage message : messages) {
      if (message.hasOpaqueContent()) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether the client wants an event stream} */
  public boolean stream() {
    return stream;
  }

  /** {@return {@code max_completion_tokens}, else {@code max_tokens}, or -1 if neither is given} */
  public int maxTokens() {
    return maxTokens;
  }

  /** {@return {@code cache_salt}, or null; it goes into the hash of the first block} */
  public @Nullable String cacheSalt() {
    return cacheSalt;
  }

  /** {@return {@code add_special_tokens}; by default true for completions, false for chats} */
  public boolean addSpecialTokens() {
    return addSpecialTokens;
  }

  /** {@return {@code add_generation_prompt}; by default true} */
  public boolean addGenerationPrompt() {
    return addGenerationPrompt;
  }

  /** {@return {@code continue_final_message}; by default false} */
  public boolean continueFinalMessage() {
    return continueFinalMessage;
  }

  /** {@return {@code tools} as plain values (see {@link ChatMessage#fields()}), empty if absent} */
  public List<@Nullable Object> tools() {
    return tools;
  }

  /** {@return {@code chat_template_kwargs} as plain values, empty if absent} */
  public Map<String, @Nullable Object> templateArguments() {
    return templateArguments;
  }

  /**
   * Returns how much the request matters when not all can be served: what header
   * {@code x-llm-d-inference-objective}, or else {@code x-gateway-inference-objective}, says if it is
   * one of the three in any case; {@code Standard} otherwise.
   *
   * @return {@code Critical}, {@code Standard} or {@code Sheddable}
   */
  public String criticality() {
    return criticality;
  }

  /** {@return the body as it came; shared} */
  public byte[] body() {
    return body;
  }

  /**
   * Returns the body with another model name, every other byte as it came.
   *
   * @param model the name to write; escaped as JSON needs it
   * @return {@link #body()} itself if the name is the same, else a new array
   */
  public byte[] bodyWithModel(String model) {
    if (model.equals(this.model)) {
      return body;
    }
    // By way of a String, as quoteAsUTF8 throws for half of a surrogate pair.
    byte[] name = new String(JsonStringEncoder.getInstance().quoteAsString(model))
        .getBytes(StandardCharsets.UTF_8);
    byte[] spliced = new byte[modelStart + 1 + name.length + 1 + body.length - modelEnd];
    System.arraycopy(body, 0, spliced, 0, modelStart + 1);
    System.arraycopy(name, 0, spliced, modelStart + 1, name.length);
    // The closing quote and all behind it.
    System.arraycopy(
        body, modelEnd - 1, spliced, modelStart + 1 + name.length, body.length - modelEnd + 1);
    return spliced;
  }
}
