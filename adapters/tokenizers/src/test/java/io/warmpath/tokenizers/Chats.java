package io.warmpath.tokenizers;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Renders conversations of golden files, handed to the template as they are. */
final class Chats {

  /** What strftime_now told when the golden files were made. */
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T09:05:07Z"), ZoneOffset.UTC);

  private Chats() {}

  static String render(JinjaChatTemplate template, @Nullable Object messages, Map<?, ?> options) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    options.forEach((key, value) -> arguments.put((String) key, value));
    List<?> tools = (List<?>) arguments.remove("tools");
    List<?> documents = (List<?>) arguments.remove("documents");
    boolean addsPrompt = Boolean.TRUE.equals(arguments.remove("add_generation_prompt"));
    boolean continues = Boolean.TRUE.equals(arguments.remove("continue_final_message"));
    StringBuilder out = new StringBuilder();
    template
        .withClock(CLOCK)
        .render(
            template.template(tools != null, null).template(),
            messages(messages),
            tools,
            documents,
            arguments,
            addsPrompt,
            continues,
            out);
    return out.toString();
  }

  private static List<Map<String, @Nullable Object>> messages(@Nullable Object messages) {
    return ((List<?>) Objects.requireNonNull(messages))
        .stream().map(Chats::message).toList();
  }

  private static Map<String, @Nullable Object> message(@Nullable Object message) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(message))
        .forEach((key, value) -> fields.put((String) key, value));
    return fields;
  }
}
