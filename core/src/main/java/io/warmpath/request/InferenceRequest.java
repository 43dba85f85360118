package io.warmpath.request;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
  private final List<Prompt> prompts;
  private final RequestFields fields;

  private InferenceRequest(Api api, byte[] body, RequestHeaders headers, RequestReader read) {
    this.api = api;
    this.body = body;
    id = idOf(headers);
    criticality = criticalityOf(headers);
    model = read.model();
    modelStart = read.modelStart();
    modelEnd = read.modelEnd();
    prompts = api == Api.COMPLETIONS ? read.prompts() : List.of();
    fields = RequestFields.of(api, read.members());
  }

  /**
   * Reads a request body in one pass.
   *
   * <p>Of members with the same name the last counts, and null is the same as absent, as for the
   * engines. Flags and integers may be written as text or as other numbers, as in the engines
   * ({@code "true"}, {@code "7"}, {@code 7.0}). Members that routing does not need are skipped, not checked. Half a surrogate pair is kept in
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

  /**
   * Returns the messages, in the form of OpenAI's chats whatever the API, as vLLM 0.33 converts them.
   *
   * @return at least one, unless {@link #hasOpaqueContent()}; empty for completions
   */
  public List<ChatMessage> messages() {
    return fields.messages;
  }

  /** {@return the prompts of a completion; none if it brings embeddings in their place, or for chats} */
  public List<Prompt> prompts() {
    return prompts;
  }

  /**
   * Tells whether some message holds what is neither text nor known media, such as a file, whether
   * something of it cannot be said in messages, or whether the request brings the prompt's ids from another
   * engine ({@code kv_transfer_params}): nobody but the engine knows the prompt then.
   *
   * @return false for completions
   */
  public boolean hasOpaqueContent() {
    return fields.opaque;
  }

  /** {@return whether there is any {@link #media()}: the prompt's tokens alone do not name its blocks then} */
  public boolean hasMedia() {
    return fields.media;
  }

  /**
   * Returns the images, sounds and films of all messages, in order.
   *
   * <p><b>Cost:</b> at each call a SHA-256 over every URL or data without a {@code uuid}.
   *
   * @return empty for completions
   */
  public List<MediaPart> media() {
    if (!fields.media) {
      return List.of();
    }
    List<MediaPart> media = new ArrayList<>();
    for (ChatMessage message : fields.messages) {
      for (ContentPart part : message.parts()) {
        if (part instanceof ContentPart.Media medium) {
          media.add(medium.part());
        }
      }
    }
    return List.copyOf(media);
  }

  /** {@return whether the client wants an event stream} */
  public boolean stream() {
    return fields.stream;
  }

  /**
   * Returns the most tokens that may be generated: {@code max_completion_tokens}, else {@code
   * max_tokens}; {@code max_output_tokens} of responses.
   *
   * @return at least 0, or -1 if not given
   */
  public int maxTokens() {
    return fields.maxTokens;
  }

  /** {@return {@code cache_salt}, or null; it goes into the hash of the first block} */
  public @Nullable String cacheSalt() {
    return fields.cacheSalt;
  }

  /**
   * Returns {@code add_special_tokens}: by default true for completions, false for chats. It is always
   * true for responses and false for Anthropic's messages, as in vLLM 0.33.
   *
   * @return whether the tokenizer adds its own special tokens to the prompt
   */
  public boolean addSpecialTokens() {
    return fields.addSpecialTokens;
  }

  /** {@return {@code add_generation_prompt}, by default true; for responses what their last item says} */
  public boolean addGenerationPrompt() {
    return fields.addGenerationPrompt;
  }

  /** {@return {@code continue_final_message}, by default false; for responses what their last item says} */
  public boolean continueFinalMessage() {
    return fields.continueFinalMessage;
  }

  /**
   * Returns the tools as plain values (see {@link ChatMessage#fields()}), in the form of OpenAI's chats
   * whatever the API.
   *
   * @return empty if there are none
   */
  public List<@Nullable Object> tools() {
    return fields.tools;
  }

  /**
   * Returns {@code tool_choice}, in the form of OpenAI's chats: a string such as {@code none}, or an
   * object; for responses and Anthropic's messages {@code auto} if there are tools but no choice.
   *
   * @return null if not given
   */
  public @Nullable Object toolChoice() {
    return fields.toolChoice;
  }

  /** {@return {@code documents} as plain values, or null if absent; chats only} */
  public @Nullable List<@Nullable Object> documents() {
    return fields.documents;
  }

  /** {@return {@code chat_template}, the text of a template to use for this chat, or null} */
  public @Nullable String chatTemplate() {
    return fields.chatTemplate;
  }

  /** {@return {@code chat_template_kwargs} as plain values, empty if absent} */
  public Map<String, @Nullable Object> templateArguments() {
    return fields.templateArguments;
  }

  /**
   * Returns {@code reasoning_effort}, such as {@code high}; {@code reasoning.effort} of responses, {@code
   * output_config.effort} of Anthropic's messages, and {@code none} where these switch thinking off. (vLLM
   * 0.33 takes {@code low} there for templates that treat {@code none} as any other effort.)
   *
   * @return null if not given
   */
  public @Nullable String reasoningEffort() {
    return fields.reasoningEffort;
  }

  /**
   * Returns {@code truncate_prompt_tokens}: how many tokens of the prompt the engine keeps.
   *
   * @return at least 0; -1 for as many as the model takes, less one; null for all
   */
  public @Nullable Integer truncatePromptTokens() {
    return fields.truncatePromptTokens;
  }

  /** {@return {@code truncation_side}: {@code left} or {@code right}; null if not given, left for vLLM} */
  public @Nullable String truncationSide() {
    return fields.truncationSide;
  }

  /**
   * Returns {@code previous_response_id} of a response. What it stands for is state of one engine, so that
   * the prompt's tokens are not known here: such a request has no prompt that can be hashed, {@link
   * #messages()} are its new ones only, and the router matches it by its bytes.
   *
   * @return null if not given
   */
  public @Nullable String previousResponseId() {
    return fields.previousResponseId;
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
