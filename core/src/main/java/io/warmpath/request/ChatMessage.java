package io.warmpath.request;

import java.util.ArrayList;
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
   * <p>Text parts are those of {@link ContentPart.Text}, and the names of {@link
   * ContentPart.ToolReference}. Other parts add nothing here.
   *
   * @return never null
   */
  public String text() {
    Object content = fields.get("content");
    if (content instanceof String text) {
      return text;
    }
    StringBuilder joined = new StringBuilder();
    for (ContentPart part : parts()) {
      String text = part instanceof ContentPart.Text words
          ? words.text()
          : part instanceof ContentPart.ToolReference tool ? tool.name() : null;
      if (text != null && !text.isEmpty()) {
        joined.append(joined.length() == 0 ? "" : "\n").append(text);
      }
    }
    return joined.toString();
  }

  /** {@return the parts of the content in order; one for a string, none for null or absent} */
  public List<ContentPart> parts() {
    Object content = fields.get("content");
    if (content == null) {
      return List.of();
    }
    if (!(content instanceof List<?> list)) {
      return List.of(ContentPart.of(content));
    }
    List<ContentPart> parts = new ArrayList<>(list.size());
    for (Object part : list) {
      parts.add(ContentPart.of(part));
    }
    return Collections.unmodifiableList(parts);
  }

  /** {@return whether some part of the content is neither text nor a medium} */
  boolean hasOpaqueContent() {
    return fields.get("content") instanceof List<?>
        && parts().stream().anyMatch(ContentPart.Unknown.class::isInstance);
  }

  /** {@return whether some part of the content is an image, a sound or a film} */
  boolean hasMedia() {
    return fields.get("content") instanceof List<?>
        && parts().stream().anyMatch(ContentPart.Media.class::isInstance);
  }
}
