package io.warmpath.tokenizers.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filter {@code tojson} as transformers defines it: Python's {@code json.dumps}, by default not
 * limited to ASCII, with {@code ", "} and {@code ": "}, members in their order.
 */
final class Json {

  private final Run run;
  private final StringBuilder out;
  private final boolean isAscii;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sortsKeys;

  private Json(
      Run run,
      StringBuilder out,
      boolean isAscii,
      @Nullable String indent,
      @Nullable List<?> separators,
      boolean sortsKeys) {
    this.run = run;
    this.out = out;
    this.isAscii = isAscii;
    this.indent = indent;
    itemSeparator = separators == null ? indent == null ? ", " : "," : text(separators.get(0));
    keySeparator = separators == null ? ": " : text(separators.get(1));
    this.sortsKeys = sortsKeys;
  }

  private static String text(@Nullable Object separator) {
    if (separator instanceof String text) {
      return text;
    }
    throw new JinjaError("separators must be strings");
  }

  /** The arguments are ensure_ascii, indent, separators and sort_keys. */
  static String dumps(Object value, Arguments args, Run run) {
    StringBuilder out = new StringBuilder();
    String indent = null;
    if (args.hasValue(1)) {
      indent = args.at(1) instanceof String text
          ? text
          : " ".repeat(Math.max(0, run(args.integer(1, 0))));
    }
    List<?> separators = null;
    if (args.hasValue(2)) {
      separators = Iteration.list(args.at(2), run);
      if (separators.size() != 2) {
        throw new JinjaError("separators must be two texts");
      }
    }
    new Json(run, out, args.truth(0, false), indent, separators, args.truth(3, false))
        .write(value, 0);
    return run.made(out.toString());
  }

  private static int run(int width) {
    if (width > 1_000) {
      throw new JinjaError("indent must be at most 1000");
    }
    return width;
  }

  private void write(@Nullable Object value, int depth) {
    if (depth > Run.MAX_NESTED) {
      throw new JinjaError("maximum recursion depth exceeded while encoding a JSON object");
    }
    run.step();
    run.check(out);
    if (value instanceof String text) {
      quote(text);
    } else if (value == null || value == None.NONE) {
      out.append("null");
    } else if (value instanceof Long || value instanceof BigInteger || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Double number) {
      out.append(number(number));
    } else if (value instanceof Map<?, ?> map) {
      writeMap(map, depth);
    } else if (value instanceof List<?> list && !(value instanceof Range)) {
      writeList(list, depth);
    } else {
      throw new JinjaError("Object of type " + Types.name(value) + " is not JSON serializable");
    }
  }

  private static String number(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    return Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : Floats.repr(number);
  }

  private void writeMap(Map<?, ?> map, int depth) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    List<Object> keys = new ArrayList<>();
    map.keySet().forEach(key -> keys.add(None.orNone(key)));
    if (sortsKeys) {
      Sorting.sort(keys, run);
    }
    out.append('{');
    boolean isFirst = true;
    for (Object key : keys) {
      separate(isFirst, depth + 1);
      isFirst = false;
      quote(key(key));
      out.append(keySeparator);
      write(map.get(key == None.NONE && !map.containsKey(key) ? null : key), depth + 1);
    }
    end('}', depth);
  }

  private static String key(Object key) {
    if (key instanceof String text) {
      return text;
    }
    if (key == None.NONE) {
      return "null";
    }
    if (key instanceof Double number) {
      return number(number);
    }
    if (Types.isNumber(key)) {
      return key.toString();
    }
    throw new JinjaError("keys must be str, int, float, bool or None, not " + Types.name(key));
  }

  private void writeList(List<?> list, int depth) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      separate(i == 0, depth + 1);
      write(list.get(i), depth + 1);
    }
    end(']', depth);
  }

  private void separate(boolean isFirst, int depth) {
    if (!isFirst) {
      out.append(itemSeparator);
    }
    newLine(depth);
  }

  private void end(char bracket, int depth) {
    newLine(depth);
    out.append(bracket);
  }

  private void newLine(int depth) {
    if (indent != null) {
      out.append('\n');
      for (int i = 0; i < depth; i++) {
        out.append(indent);
      }
    }
  }

  private void quote(String text) {
    out.append('"');
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || (isAscii && c > '~')) {
        out.append(text, done, i);
        escape(c);
        done = i + 1;
      }
    }
    out.append(text, done, text.length()).append('"');
  }

  private void escape(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(Character.forDigit(c >> shift & 0xF, 16));
        }
      }
    }
  }
}
