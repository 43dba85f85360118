package io.warmpath.tokenizers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tools and calls of tools in the order that pydantic brings them into, whatever order the client
 * chose: templates that print them as JSON show it.
 *
 * <p>Sources: {@code ChatCompletionToolsParam} and {@code FunctionDefinition} of vLLM 0.33; {@code
 * ChatCompletionMessageFunctionToolCallParam} of openai-python 3.54, whose unknown members are kept at
 * the end.
 */
final class EngineTools {

  private EngineTools() {}

  /** {@return the tools: missing descriptions and parameters are null, unknown members are gone} */
  static List<@Nullable Object> inOrder(List<@Nullable Object> tools) {
    List<@Nullable Object> ordered = new ArrayList<>(tools.size());
    for (Object tool : tools) {
      ordered.add(
          tool instanceof Map<?, ?> map && map.get("function") instanceof Map<?, ?> function
              ? tool(map, function)
              : tool);
    }
    return Collections.unmodifiableList(ordered);
  }

  private static Map<String, @Nullable Object> tool(Map<?, ?> tool, Map<?, ?> function) {
    Object deferLoading = flag(tool.get("defer_loading"));
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    definition.put("name", function.get("name"));
    definition.put("description", function.get("description"));
    definition.put("parameters", function.get("parameters"));
    putIfGiven(definition, "strict", flag(function.get("strict")));
    putIfGiven(
        definition,
        "defer_loading",
        function.get("defer_loading") == null ? deferLoading : flag(function.get("defer_loading")));
    Map<String, @Nullable Object> ordered = new LinkedHashMap<>();
    ordered.put("type", Objects.requireNonNullElse(tool.get("type"), "function"));
    ordered.put("function", Collections.unmodifiableMap(definition));
    putIfGiven(ordered, "defer_loading", deferLoading);
    return Collections.unmodifiableMap(ordered);
  }

  /** {@return the flag that pydantic makes of it in lax mode ("Conversion Table"), or else the value} */
  private static @Nullable Object flag(@Nullable Object value) {
    if (value instanceof Number number) {
      double size = number.doubleValue();
      if (size == 0 || size == 1) {
        return size == 1;
      }
      return value;
    }
    if (!(value instanceof String text)) {
      return value;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "on", "t", "y", "yes" -> true;
      case "false", "0", "off", "f", "n", "no" -> false;
      default -> value;
    };
  }

  private static void putIfGiven(
      Map<String, @Nullable Object> map, String name, @Nullable Object value) {
    if (value != null) {
      map.put(name, value);
    }
  }

  /** {@return a tool call with these arguments, in pydantic's order or in the client's} */
  static Map<String, @Nullable Object> call(
      Map<?, ?> call, Map<?, ?> function, Map<?, ?> arguments, boolean inOrder) {
    Map<String, @Nullable Object> called =
        copy(function, inOrder ? List.of("arguments", "name") : List.of());
    called.put("arguments", arguments);
    Map<String, @Nullable Object> copy =
        copy(call, inOrder ? List.of("id", "function", "type") : List.of());
    copy.put("function", Collections.unmodifiableMap(called));
    return Collections.unmodifiableMap(copy);
  }

  private static Map<String, @Nullable Object> copy(Map<?, ?> map, List<String> first) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    for (String name : first) {
      if (map.containsKey(name)) {
        copy.put(name, map.get(name));
      }
    }
    Set<String> before = Set.copyOf(first);
    map.forEach((name, value) -> {
      if (!before.contains(String.valueOf(name))) {
        copy.put(String.valueOf(name), value);
      }
    });
    return copy;
  }
}
