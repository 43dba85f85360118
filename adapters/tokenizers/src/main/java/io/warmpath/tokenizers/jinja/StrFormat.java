package io.warmpath.tokenizers.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code str.format}, whose fields may go into values as the sandbox lets them. */
final class StrFormat {

  private static final int MAX_NESTED = 2;

  private final Run run;
  private final @Nullable Arguments args;
  private final @Nullable Map<Object, Object> mapping;
  private int automatic;

  private StrFormat(Run run, @Nullable Arguments args, @Nullable Map<Object, Object> mapping) {
    this.run = run;
    this.args = args;
    this.mapping = mapping;
  }

  static String format(String format, Arguments args, Run run) {
    return run.made(new StrFormat(run, args, null).expand(format, MAX_NESTED));
  }

  static String format(String format, Map<Object, Object> mapping, Run run) {
    return run.made(new StrFormat(run, null, mapping).expand(format, MAX_NESTED));
  }

  private String expand(String format, int nested) {
    if (nested == 0) {
      throw new JinjaError("Max string recursion exceeded");
    }
    run.work(format.length());
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '{' && c != '}') {
        out.append(c);
      } else if (i < format.length() && format.charAt(i) == c) {
        out.append(c);
        i++;
      } else if (c == '}') {
        throw new JinjaError("Single '}' encountered in format string");
      } else {
        int end = fieldEnd(format, i);
        out.append(field(format.substring(i, end), nested));
        run.check(out);
        i = end + 1;
      }
    }
    return out.toString();
  }

  private static int fieldEnd(String format, int from) {
    int open = 1;
    for (int i = from; i < format.length(); i++) {
      char c = format.charAt(i);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw new JinjaError("expected '}' before end of string");
  }

  private String field(String field, int nested) {
    int end = 0;
    boolean isInside = false;
    while (end < field.length()
        && (isInside || (field.charAt(end) != ':' && field.charAt(end) != '!'))) {
      isInside = field.charAt(end) == '[' || (isInside && field.charAt(end) != ']');
      end++;
    }
    Object value = value(field.substring(0, end));
    int rest = end;
    if (field.startsWith("!", rest)) {
      char conversion = rest + 1 < field.length() ? field.charAt(rest + 1) : ' ';
      value = switch (conversion) {
        case 's' -> Text.str(value, run);
        case 'r', 'a' -> Text.repr(value, run);
        default -> throw new JinjaError("Unknown conversion specifier '" + conversion + "'");
      };
      rest += 2;
    }
    String spec = field.startsWith(":", rest) ? field.substring(rest + 1) : "";
    String expanded = spec.indexOf('{') >= 0 ? expand(spec, nested - 1) : spec;
    return expanded.isEmpty()
        ? Text.str(value, run)
        : FormatSpec.parse(expanded).format(value, run);
  }

  private Object value(String path) {
    int i = 0;
    while (i < path.length() && path.charAt(i) != '.' && path.charAt(i) != '[') {
      i++;
    }
    Object value = first(path.substring(0, i));
    while (i < path.length()) {
      if (path.charAt(i) == '[') {
        int end = path.indexOf(']', i);
        if (end < 0) {
          throw new JinjaError("Missing ']' in format string");
        }
        String key = path.substring(i + 1, end);
        value = Attributes.item(value, isNumber(key) ? (Object) Long.valueOf(key) : key, run);
        i = end + 1;
      } else {
        int end = i + 1;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        value = Attributes.dot(value, path.substring(i + 1, end), run);
        i = end;
      }
    }
    return value;
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,9}");
  }

  private Object first(String name) {
    if (name.isEmpty() || isNumber(name)) {
      int index = name.isEmpty() ? automatic++ : Integer.parseInt(name);
      if (args == null || index >= args.size()) {
        throw new JinjaError(
            "Replacement index " + index + " out of range for positional args tuple");
      }
      return args.at(index);
    }
    Object value =
        mapping != null ? Dicts.find(mapping, name) : args == null ? null : args.find(name);
    if (value == null) {
      throw new JinjaError(Text.quote(name));
    }
    return value;
  }
}
