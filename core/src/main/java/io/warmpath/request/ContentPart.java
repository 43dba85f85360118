package io.warmpath.request;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One part of a message's content, as vLLM 0.33 takes it ({@code parse_chat_message_content_part} in
 * {@code vllm/renderers/chat_utils/chat_message.py}).
 */
public sealed interface ContentPart {

  /**
   * Words: a bare string, or a part of type {@code text}, {@code input_text}, {@code output_text},
   * {@code refusal} or {@code thinking}.
   *
   * @param text null if the part has a type of text, but none in it
   * @param extras members that vLLM does not know and hands on to templates that read parts, such as
   *     {@code cache_control}
   */
  record Text(@Nullable String text, Map<String, @Nullable Object> extras) implements ContentPart {}

  /**
   * An image, a sound or a film, by URL, as data, or by name alone.
   *
   * @param modality which of them
   * @param uuid the client's own name for it, or null
   * @param url where it is, or a {@code data:} URL with all of it; null only if there is a {@code
   *     uuid}
   * @param extras as those of {@link Text}
   */
  record Media(
      Modality modality,
      @Nullable String uuid,
      @Nullable String url,
      Map<String, @Nullable Object> extras)
      implements ContentPart {

    /**
     * {@return the medium and its identifier}
     *
     * <p><b>Cost:</b> one SHA-256 over the URL, unless there is a {@code uuid}.
     */
    public MediaPart part() {
      return new MediaPart(modality, uuid == null ? sha256(url == null ? "" : url) : uuid);
    }

    private static String sha256(String text) {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    @Override
    public String toString() {
      return "Media[" + modality + "]";
    }
  }

  /**
   * A tool that was found by a search for tools.
   *
   * @param name the tool's name
   */
  record ToolReference(String name) implements ContentPart {}

  /** Anything else: embeddings, files, types that nobody knows. */
  record Unknown() implements ContentPart {}

  /**
   * Reads a part.
   *
   * @param part a plain value (see {@link ChatMessage#fields()})
   * @return what it is
   */
  static ContentPart of(@Nullable Object part) {
    if (part instanceof String bare) {
      return new Text(bare, Map.of());
    }
    return part instanceof Map<?, ?> members ? ContentPartReader.read(members) : new Unknown();
  }
}
