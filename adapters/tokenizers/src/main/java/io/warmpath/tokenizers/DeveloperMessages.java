package io.warmpath.tokenizers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Messages of role {@code developer} for templates that do not know it, as vLLM 0.33 writes them
 * ({@code _convert_developer_to_system} and {@code _consolidate_system_messages} in {@code
 * vllm/renderers/hf.py}): as system messages, and if then any of these is not the only and the first, all
 * of them as one at the front.
 */
final class DeveloperMessages {

  private DeveloperMessages() {}

  /** {@return the messages; the same list if there is no such role in it} */
  static List<Map<String, @Nullable Object>> asSystem(
      List<Map<String, @Nullable Object>> messages) {
    if (messages.stream().noneMatch(message -> "developer".equals(message.get("role")))) {
      return messages;
    }
    List<Map<String, @Nullable Object>> converted = new ArrayList<>();
    for (Map<String, @Nullable Object> message : messages) {
      if ("developer".equals(message.get("role"))) {
        Map<String, @Nullable Object> system = new LinkedHashMap<>(message);
        system.put("role", "system");
        system.remove("tools");
        converted.add(Collections.unmodifiableMap(system));
      } else {
        converted.add(message);
      }
    }
    return consolidated(converted);
  }

  private static List<Map<String, @Nullable Object>> consolidated(
      List<Map<String, @Nullable Object>> messages) {
    List<Map<String, @Nullable Object>> others = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    boolean isNeeded = false;
    for (int i = 0; i < messages.size(); i++) {
      if (!"system".equals(messages.get(i).get("role"))) {
        others.add(messages.get(i));
        continue;
      }
      isNeeded |= i > 0;
      String text = text(messages.get(i).get("content"));
      if (!text.isEmpty()) {
        texts.add(text);
      }
    }
    if (!isNeeded) {
      return Collections.unmodifiableList(messages);
    }
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    merged.put("role", "system");
    merged.put("content", String.join("\n\n", texts));
    others.add(0, Collections.unmodifiableMap(merged));
    return Collections.unmodifiableList(others);
  }

  private static String text(@Nullable Object content) {
    if (!(content instanceof List<?> parts)) {
      return content instanceof String text ? text : "";
    }
    return parts.stream()
        .filter(part -> part instanceof Map<?, ?> map && map.get("text") instanceof String)
        .map(part -> (String) ((Map<?, ?>) part).get("text"))
        .collect(Collectors.joining("\n"));
  }
}
