package io.warmpath.tokenizers.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code str()} and {@code repr()}. */
final class Text {

  private Text() {}

  /** Writes {@code str(value)} to the prompt. */
  static void print(Object value, Run run) {
    if (value instanceof String text) {
      run.print(text);
    } else {
      write(value, run.out, run);
    }
  }

  static String str(Object value, Run run) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Long) {
      return value.toString();
    }
    StringBuilder out = new StringBuilder();
    write(value, out, run);
    return run.made(out.toString());
  }

  private static void write(Object value, StringBuilder out, Run run) {
    if (!(value instanceof Undefined)) {
      repr(value, out, run, 0);
    }
  }

  static String repr(Object value, Run run) {
    StringBuilder out = new StringBuilder();
    repr(value, out, run, 0);
    return run.made(out.toString());
  }

  /** {@return {@code repr} of a text, a number, or what else prints as it is} */
  static String repr(Object value) {
    return value instanceof String text
        ? quote(text)
        : value instanceof Double d ? Floats.repr(d) : String.valueOf(value);
  }

  static void repr(@Nullable Object value, StringBuilder out, @Nullable Run run, int depth) {
    if (depth > Run.MAX_NESTED) {
      throw new JinjaError("maximum recursion depth exceeded");
    }
    if (run != null) {
      run.step();
      run.check(out);
    }
    if (value instanceof String text) {
      quote(text, out);
    } else if (value == null || value == None.NONE) {
      out.append("None");
    } else if (value instanceof Boolean flag) {
      out.append(flag ? "True" : "False");
    } else if (value instanceof Double number) {
      out.append(Floats.repr(number));
    } else if (value instanceof Number) {
      out.append(value);
    } else if (value instanceof Map<?, ?> map) {
      dict(map, out, run, depth);
    } else if (value instanceof Tuple tuple) {
      list(tuple.iterator(), "(", tuple.size() == 1 ? ",)" : ")", out, run, depth);
    } else if (value instanceof Range range) {
      out.append(range.text());
    } else if (value instanceof List<?> list) {
      list(list.iterator(), "[", "]", out, run, depth);
    } else {
      other(value, out, run, depth);
    }
  }

  private static void other(Object value, StringBuilder out, @Nullable Run run, int depth) {
    if (value instanceof DictView view) {
      out.append(view.type()).append('(');
      list(view.iterator(), "[", "]", out, run, depth);
      out.append(')');
    } else if (value instanceof Namespace namespace) {
      out.append("<Namespace ");
      repr(namespace.attributes(), out, run, depth + 1);
      out.append('>');
    } else if (value instanceof Undefined) {
      out.append("Undefined");
    } else if (value instanceof Loop loop && run != null) {
      out.append(loop.text(run));
    } else if (value instanceof Macro macro) {
      out.append("<Macro ")
          .append(macro.name() == null ? "anonymous" : quote(macro.name()))
          .append('>');
    } else {
      out.append('<').append(Types.name(value)).append(" object>");
    }
  }

  private static void dict(Map<?, ?> map, StringBuilder out, @Nullable Run run, int depth) {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      repr(entry.getKey(), out, run, depth + 1);
      out.append(": ");
      repr(entry.getValue(), out, run, depth + 1);
      separator = ", ";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static void list(
      Iterator<?> items,
      String open,
      String close,
      StringBuilder out,
      @Nullable Run run,
      int depth) {
    out.append(open);
    String separator = "";
    while (items.hasNext()) {
      out.append(separator);
      repr(items.next(), out, run, depth + 1);
      separator = ", ";
    }
    out.append(close);
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(text, out);
    return out.toString();
  }

  private static void quote(String text, StringBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c == quote) {
            out.append('\\').append(quote);
          } else if (Characters.isPrintable(c)) {
            out.appendCodePoint(c);
          } else {
            hex(c, out);
          }
        }
      }
    }
    out.append(quote);
  }

  private static void hex(int c, StringBuilder out) {
    int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    out.append(digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U");
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      out.append(Character.forDigit(c >> shift & 0xF, 16));
    }
  }
}
