package io.warmpath.tokenizers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object of {@code tokenizer.json} with its path, so that every complaint can name the place.
 *
 * @param path such as {@code pre_tokenizer.pretokenizers[0]}
 * @param fields members in the file's order
 */
record Section(String path, Map<?, ?> fields) {

  static Section of(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> fields) {
      return new Section(path, fields);
    }
    throw new IllegalArgumentException(place(path) + " must be an object, was " + value);
  }

  /** {@return the member {@code type}} */
  String type() {
    return text("type");
  }

  String text(String name) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw wrong(name, "must be a string");
  }

  int integer(String name) {
    if (fields.get(name) instanceof Long number && number >= 0 && number < Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw wrong(name, "must be an integer from 0 to 2^31 - 2");
  }

  boolean flag(String name, boolean absent) {
    Object value = fields.get(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, "must be true or false");
  }

  boolean has(String name) {
    return fields.get(name) != null;
  }

  Section object(String name) {
    return of(path + "." + name, fields.get(name));
  }

  List<Section> objects(String name) {
    if (!(fields.get(name) instanceof List<?> values)) {
      throw wrong(name, "must be an array");
    }
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      sections.add(of(path + "." + name + "[" + i + "]", values.get(i)));
    }
    return sections;
  }

  IllegalArgumentException wrong(String name, String rule) {
    return new IllegalArgumentException(
        place(path) + "." + name + " " + rule + ", was " + fields.get(name));
  }

  IllegalArgumentException unsupported(String name, String supported) {
    return new IllegalArgumentException(
        "%s.%s '%s' is not supported by the pure Java reader; supported: %s"
            .formatted(place(path), name, fields.get(name), supported));
  }

  /** {@return the path behind the name of its file, which is in it if it is another one} */
  private static String place(String path) {
    return path.contains(": ") ? path : "tokenizer.json: " + path;
  }
}
