package io.warmpath.request;

import io.warmpath.request.ContentPart.Media;
import io.warmpath.request.ContentPart.Text;
import io.warmpath.request.ContentPart.ToolReference;
import io.warmpath.request.ContentPart.Unknown;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the kinds of parts apart, as vLLM 0.33 does ({@code parse_chat_message_content_mm_part}): by
 * {@code type}, or without one, or with a {@code uuid}, by the members that are there.
 */
final class ContentPartReader {

  /**
   * Members that are not handed on (openai-python 3.54 and vLLM 0.33, {@code
   * _KNOWN_CONTENT_PART_FIELDS}). {@code refusal} belongs to them too, but the golden vectors
   * (chat_preprocess_vllm.json) hand it on.
   */
  private static final Set<String> KNOWN = Set.of(
      "audio_embeds",
      "audio_url",
      "closed",
      "data",
      "file",
      "image_embeds",
      "image_pil",
      "image_url",
      "input_audio",
      "name",
      "prompt_cache_breakpoint",
      "text",
      "thinking",
      "type",
      "uuid",
      "video_embeds",
      "video_url");

  private ContentPartReader() {}

  static ContentPart read(Map<?, ?> part) {
    Object type = part.get("type");
    Object uuid = part.get("uuid");
    if (type instanceof String name && uuid == null) {
      return switch (name) {
        case "text", "input_text", "output_text" -> text(part, "text");
        case "refusal", "thinking" -> text(part, name);
        case "image_url", "audio_url", "video_url", "input_image", "input_audio" ->
          media(part, name.equals("input_image") ? "image_url" : name, null);
        case "tool_reference" -> toolReference(part);
        default -> new Unknown();
      };
    }
    if (type == null || uuid != null) {
      for (String member : new String[] {"image_url", "image_pil"}) {
        if (part.containsKey(member)) {
          return media(part, member, uuid);
        }
      }
      for (String member :
          new String[] {"image_embeds", "audio_embeds", "video_embeds", "prompt_embeds"}) {
        if (part.containsKey(member)) {
          return new Unknown();
        }
      }
      for (String member : new String[] {"audio_url", "input_audio", "video_url"}) {
        if (part.containsKey(member)) {
          return media(part, member, uuid);
        }
      }
      if (part.containsKey("tool_reference")) {
        return toolReference(part);
      }
    }
    return new Unknown();
  }

  private static ContentPart text(Map<?, ?> part, String member) {
    return new Text(part.get(member) instanceof String text ? text : null, extras(part));
  }

  private static ContentPart toolReference(Map<?, ?> part) {
    return part.get("name") instanceof String name ? new ToolReference(name) : new Unknown();
  }

  private static ContentPart media(Map<?, ?> part, String member, @Nullable Object uuid) {
    Modality modality = member.startsWith("image")
        ? Modality.IMAGE
        : member.startsWith("video") ? Modality.VIDEO : Modality.AUDIO;
    Object value = part.get(member);
    String url;
    if (member.equals("input_audio")) {
      url = value instanceof Map<?, ?> audio && audio.get("data") instanceof String data
          ? "data:audio/" + (audio.get("format") instanceof String format ? format : "")
              + ";base64," + data
          : null;
    } else if (value instanceof Map<?, ?> inner) {
      url = inner.get("url") instanceof String text ? text : null;
    } else {
      url = value instanceof String text ? text : null;
    }
    if (url == null && uuid == null) {
      return new Unknown();
    }
    return new Media(modality, uuid == null ? null : String.valueOf(uuid), url, extras(part));
  }

  private static Map<String, @Nullable Object> extras(Map<?, ?> part) {
    Map<String, @Nullable Object> extras = null;
    for (Map.Entry<?, ?> member : part.entrySet()) {
      String name = String.valueOf(member.getKey());
      if (!KNOWN.contains(name)) {
        extras = extras == null ? new LinkedHashMap<>() : extras;
        extras.put(name, member.getValue());
      }
    }
    return extras == null ? Map.of() : Collections.unmodifiableMap(extras);
  }
}
