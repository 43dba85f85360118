package io.warmpath.tokenizers.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace()} makes: the only value that a template can change. */
final class Namespace {

  private final Map<Object, Object> attributes = new LinkedHashMap<>();

  Map<Object, Object> attributes() {
    return attributes;
  }

  void set(Object name, Object value) {
    if (name instanceof String text && text.startsWith("_")) {
      throw new JinjaError(
          "Chat templates cannot store underscore-prefixed attributes on a namespace, but got "
              + Text.quote(text)
              + ". Please rename the attribute.");
    }
    attributes.put(name, value);
  }
}
