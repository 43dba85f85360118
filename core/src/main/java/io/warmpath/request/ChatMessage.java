package io.warmpath.request;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a chat.
 *
 * @param role as the client wrote it, such as {@code user}; any text is allowed, as in vLLM
 * @param fields every member of the message in the client's order, {@code role} among them; values
 *     are {@code Map<String, Object>}, {@code List<Object>}, {@code String}, {@code Long},
 *     {@code BigInteger}, {@code Double}, {@code Boolean} or null; deeply unmodifiable
 */
public record ChatMessage(String role, Map<String, @Nullable Object> fields) {

  /** Copies the map, but not the values in it. */
  public ChatMessage {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /**
   * Returns the content as one text, as vLLM hands it to templates that do not read parts: a string
   * as it is; text parts joined with line breaks, empty ones left out; nothing for null or absent.
   *
   * <p>Text parts are bare strings and parts of type {@code text}, {@code input_text},
   * {@code output_text}, {@code refusal} and {@code thinking} (vLLM 0.33,
   * {@code parse_chat_message_content}). Parts of other types add nothing here.
   *
   * @return never null
   */
  public String text() {
    Object content = fields.get("content");
    if (content instanceof String text) {
      return text;
    }
    if (!(content instanceof List<?> parts)) {
      return "";
    }
    StringBuilder joined = new StringBuilder();
    for (Object part : parts) {
      String text = textOf(part);
      if (text != null && !text.isEmpty()) {
        joined.append(joined.length() == 0 ? "" : "\n").append(text);
      }
    }
    return joined.toString();
  }

  /** {@return whether some part of the content is not text, but an image, a sound or the like} */
  boolean hasOpaqueContent() {
    if (fields.get("content") instanceof List<?> parts) {
      for (Object part : parts) {
        if (textOf(part) == null) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the text of a part, empty if it has a type of text but none in it, null if it is not text. */
  private static @Nullable String textOf(@Nullable Object part) {
    if (part instanceof String bare) {
      return bare;
    }
    if (!(part instanceof Map<?, ?> members) || !(members.get("type") instanceof String type)) {
      return null;
    }
    String member = switch (type) {
      case "text", "input_text", "output_text" -> "text";
      case "refusal", "thinking" -> type;
      default -> null;
    };
    if (member == null) {
      return null;
    }
    return members.get(member) instanceof String text ? text : "";
  }
}
