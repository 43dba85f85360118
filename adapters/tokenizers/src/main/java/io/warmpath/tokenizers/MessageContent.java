package io.warmpath.tokenizers;

import io.warmpath.request.ChatMessage;
import io.warmpath.request.ContentPart;
import io.warmpath.request.Modality;
import io.warmpath.template.TemplateException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message as vLLM 0.33 hands it to chat templates ({@code
 * parse_chat_message_content_parts}, {@code _strip_claude_code_billing_header} and {@code
 * get_full_multimodal_text_prompt}).
 *
 * <p>As parts: every text as {@code {"type": "text", "text": …}}, a plain content too; every medium as
 * {@code {"type": "image"}} and so on. As one text: parts joined with line breaks, empty ones left out,
 * before them one placeholder a line for each medium that the text itself does not name.
 */
final class MessageContent {

  private static final String SYSTEM = "system";
  private static final String BILLING_HEADER = "x-anthropic-billing-header";

  private final TemplateTraits traits;

  MessageContent(TemplateTraits traits) {
    this.traits = traits;
  }

  /** {@return a {@code String}, or a {@code List} of objects} */
  Object of(ChatMessage message) {
    if (!traits.contentAsParts()
        && !message.role().equals(SYSTEM)
        && message.fields().get("content") instanceof String text) {
      return text;
    }
    List<@Nullable Object> parts = partsOf(message);
    return traits.contentAsParts() ? wrapped(parts) : joined(parts);
  }

  private static List<@Nullable Object> partsOf(ChatMessage message) {
    Object content = message.fields().get("content");
    List<@Nullable Object> parts = new ArrayList<>();
    if (content instanceof List<?> list) {
      parts.addAll(list);
    } else if (content != null) {
      parts.add(content);
    }
    if (!message.role().equals(SYSTEM)) {
      return parts;
    }
    List<@Nullable Object> cut = new ArrayList<>();
    for (Object part : parts) {
      Object rest = withoutBilling(part);
      if (rest != null) {
        cut.add(rest);
      }
    }
    return cut;
  }

  /** Cuts the line of a client that counts its requests in it; null if nothing is left. */
  private static @Nullable Object withoutBilling(@Nullable Object part) {
    Object text =
        part instanceof Map<?, ?> map && "text".equals(map.get("type")) ? map.get("text") : part;
    if (!(text instanceof String line) || !line.startsWith(BILLING_HEADER)) {
      return part;
    }
    String rest = line.substring(line.indexOf('\n') + 1);
    if (line.indexOf('\n') < 0 || rest.isEmpty()) {
      return null;
    }
    if (!(part instanceof Map<?, ?> map)) {
      return rest;
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((name, value) -> copy.put(String.valueOf(name), value));
    copy.put("text", rest);
    return copy;
  }

  private static List<@Nullable Object> wrapped(List<@Nullable Object> parts) {
    List<@Nullable Object> wrapped = new ArrayList<>(parts.size());
    for (Object part : parts) {
      ContentPart read = ContentPart.of(part);
      if (read instanceof ContentPart.Text words) {
        if (words.text() != null) {
          wrapped.add(object("text", "text", words.text(), words.extras()));
        }
      } else if (read instanceof ContentPart.Media medium) {
        wrapped.add(object(medium.modality().text(), null, null, medium.extras()));
      } else if (read instanceof ContentPart.ToolReference tool) {
        wrapped.add(object("tool_reference", "name", tool.name(), Map.of()));
      } else {
        throw unknown();
      }
    }
    return Collections.unmodifiableList(wrapped);
  }

  private static Map<String, @Nullable Object> object(
      String type,
      @Nullable String member,
      @Nullable Object value,
      Map<String, @Nullable Object> extras) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("type", type);
    if (member != null) {
      object.put(member, value);
    }
    object.putAll(extras);
    return Collections.unmodifiableMap(object);
  }

  private static TemplateException unknown() {
    return new TemplateException("a part of a message is neither text nor a known medium");
  }

  private String joined(List<@Nullable Object> parts) {
    List<String> texts = new ArrayList<>();
    Map<String, Integer> media = new LinkedHashMap<>();
    for (Object part : parts) {
      ContentPart read = ContentPart.of(part);
      String text = null;
      if (read instanceof ContentPart.Text words) {
        text = words.text();
      } else if (read instanceof ContentPart.ToolReference tool) {
        text = tool.name();
      } else if (read instanceof ContentPart.Media medium) {
        media.merge(placeholder(medium.modality()), 1, Integer::sum);
      } else {
        throw unknown();
      }
      if (text != null && !text.isEmpty()) {
        texts.add(text);
      }
    }
    String text = texts.size() == 1 ? texts.get(0) : String.join("\n", texts);
    return media.isEmpty() ? text : withPlaceholders(text, media);
  }

  private String placeholder(Modality modality) {
    String text = traits.placeholders().apply(modality);
    if (text == null || text.isEmpty()) {
      throw new TemplateException(
          "no text is set that stands for parts of type '" + modality.text() + "'");
    }
    return text;
  }

  private static String withPlaceholders(String text, Map<String, Integer> media) {
    List<String> lines = new ArrayList<>();
    media.forEach((placeholder, count) -> {
      int missing = count - occurrences(text, placeholder);
      if (missing < 0) {
        throw new TemplateException("Found more '" + placeholder
            + "' placeholders in input prompt than actual multimodal data items.");
      }
      lines.addAll(Collections.nCopies(missing, placeholder));
    });
    if (!text.isEmpty()) {
      lines.add(text);
    }
    return String.join("\n", lines);
  }

  private static int occurrences(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  /** {@return the texts joined with line breaks, or the parts themselves if one is no text} */
  static Object oneTextIfAllIs(List<?> parts) {
    List<String> texts = new ArrayList<>();
    for (Object part : parts) {
      if (!(part instanceof Map<?, ?> map)
          || !"text".equals(map.get("type"))
          || !(map.get("text") instanceof String text)) {
        return parts;
      }
      texts.add(text);
    }
    return String.join("\n", texts);
  }
}
