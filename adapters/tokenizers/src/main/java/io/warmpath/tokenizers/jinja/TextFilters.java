package io.warmpath.tokenizers.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters on texts. */
final class TextFilters {

  private static final int LEEWAY = 5;
  private static final String URL_SAFE = "_.-~/";

  private TextFilters() {}

  static void addTo(Map<String, Builtin> all) {
    text(all, "upper", "", (run, text, a) -> text.toUpperCase(Locale.ROOT));
    text(all, "lower", "", (run, text, a) -> text.toLowerCase(Locale.ROOT));
    text(all, "capitalize", "", (run, text, a) -> TextMethods.capitalize(text));
    text(all, "title", "", (run, text, a) -> title(text));
    text(all, "string", "", (run, text, a) -> text);
    text(all, "safe", "", (run, text, a) -> text);
    text(
        all,
        "trim",
        "| chars",
        (run, text, a) -> Strings.strip(text, a.hasValue(0) ? a.text(0) : null));
    text(
        all,
        "center",
        "| width",
        (run, text, a) -> TextMethods.center(run, text, a.integer(0, 80), " "));
    text(all, "escape", "", TextFilters::escape);
    text(all, "e", "", TextFilters::escape);
    text(all, "forceescape", "", TextFilters::escape);
    text(all, "striptags", "", (run, text, a) -> stripTags(run, text));
    text(
        all,
        "replace",
        "old new | count",
        (run, text, a) -> TextMethods.replace(
            run,
            text,
            Text.str(a.at(0), run),
            Text.str(a.at(1), run),
            a.hasValue(2) ? a.integer(2, -1) : -1));
    Filters.add(all, "wordcount", "", (run, value, a) -> wordCount(Text.str(value, run), run));
    all.put("format", new Builtin("format", null, 0, (run, value, a) -> format(run, value, a)));
    Filters.add(all, "indent", "| width first blank", (run, value, a) -> indent(run, value, a));
    Filters.add(
        all,
        "truncate",
        "| length killwords end leeway",
        (run, value, a) -> truncate(run, value, a));
    Filters.add(
        all, "wordwrap", "| width break_long_words wrapstring break_on_hyphens", WordWrap::wrap);
    Filters.add(all, "urlencode", "", (run, value, a) -> urlEncode(run, value));
    Filters.add(
        all,
        "xmlattr",
        "| autospace",
        (run, value, a) -> xmlAttributes(run, value, a.truth(0, true)));
    Filters.add(
        all, "urlize", "| trim_url_limit nofollow target rel extra_schemes", (run, value, a) -> {
          throw new JinjaError("filter 'urlize' is not supported: it makes links for HTML");
        });
  }

  private interface Body {
    String apply(Run run, String text, Arguments args);
  }

  /** A filter that takes anything as its text. */
  private static void text(Map<String, Builtin> all, String name, String params, Body body) {
    Filters.add(all, name, params, (run, value, a) -> {
      String text = Text.str(value, run);
      run.work(text.length());
      String result = body.apply(run, text, a);
      return result.length() == text.length() ? result : run.made(result);
    });
  }

  private static String escape(Run run, String text, Arguments a) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\'' -> out.append("&#39;");
        case '"' -> out.append("&#34;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /** Words begin behind white space and {@code -}, {@code (}, <code>&#123;</code>, {@code [} or {@code <}. */
  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean isStart = true;
    int i = 0;
    int lower = 0;
    while (i < text.length()) {
      int size = Character.charCount(text.codePointAt(i));
      boolean isGap = Strings.isSpace(text.charAt(i)) || "-({[<".indexOf(text.charAt(i)) >= 0;
      if (isGap || isStart) {
        out.append(text.substring(lower, i).toLowerCase(Locale.ROOT));
        out.append(
            isGap
                ? text.substring(i, i + size)
                : text.substring(i, i + size).toUpperCase(Locale.ROOT));
        lower = i + size;
      }
      isStart = isGap;
      i += size;
    }
    return out.append(text.substring(lower).toLowerCase(Locale.ROOT)).toString();
  }

  private static String stripTags(Run run, String text) {
    StringBuilder out = new StringBuilder();
    String plain = withoutBetween(withoutBetween(text, "<!--", "-->"), "<", ">");
    Iterator<Object> words = Splitting.split(run, plain, null, -1).iterator();
    while (words.hasNext()) {
      out.append(words.next()).append(words.hasNext() ? " " : "");
    }
    return unescape(out.toString());
  }

  private static String withoutBetween(String text, String open, String close) {
    StringBuilder out = new StringBuilder();
    int done = 0;
    int start = text.indexOf(open);
    while (start >= 0) {
      int end = text.indexOf(close, start);
      if (end < 0) {
        break;
      }
      out.append(text, done, start);
      done = end + close.length();
      start = text.indexOf(open, done);
    }
    return out.append(text, done, text.length()).toString();
  }

  private static String unescape(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private static Object wordCount(String text, Run run) {
    run.work(text.length());
    long count = 0;
    boolean isInside = false;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      boolean isWord =
          c == '_' || Character.isLetter(c) || Characters.isNumeric(c) || Characters.isDigit(c);
      count += isWord && !isInside ? 1 : 0;
      isInside = isWord;
      i += Character.charCount(c);
    }
    return count;
  }

  private static Object format(Run run, Object value, Arguments a) {
    if (a.size() > 0 && a.names.length > 0) {
      throw new JinjaError("can't handle positional and keyword arguments at the same time");
    }
    Object values = a.names.length > 0 ? Globals.dict(a, run) : Tuple.of(a.all());
    return PercentFormat.format(Text.str(value, run), values, run);
  }

  private static String checkText(Object value) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw new JinjaError("'" + Types.name(value) + "' object is not a text");
  }

  private static Object indent(Run run, Object value, Arguments a) {
    String text = checkText(value);
    String indent = a.has(0) && a.at(0) instanceof String given ? given : " ".repeat(width(run, a));
    List<Object> lines = Splitting.lines(run, text + "\n", false);
    StringBuilder out = new StringBuilder(a.truth(1, false) ? indent : "");
    for (int i = 0; i < lines.size(); i++) {
      String line = (String) lines.get(i);
      if (i > 0) {
        out.append('\n').append(a.truth(2, false) || !line.isEmpty() ? indent : "");
      }
      run.make((long) line.length() + indent.length());
      out.append(line);
    }
    return out.toString();
  }

  private static int width(Run run, Arguments a) {
    int width = Math.max(0, a.integer(0, 4));
    run.make(width);
    return width;
  }

  private static Object truncate(Run run, Object value, Arguments a) {
    int length = a.integer(0, 255);
    String end = a.text(2, "...");
    int leeway = a.hasValue(3) ? a.integer(3, LEEWAY) : LEEWAY;
    int endSize = Strings.length(end);
    if (length < endSize) {
      throw new JinjaError("expected length >= " + endSize + ", got " + length);
    }
    if (leeway < 0) {
      throw new JinjaError("expected leeway >= 0, got " + leeway);
    }
    if (Attributes.length(value, run) <= (long) length + leeway) {
      return value;
    }
    String text = checkText(value);
    String cut = Strings.substring(text, 0, length - endSize, Strings.length(text));
    int space = a.truth(1, false) ? -1 : cut.lastIndexOf(' ');
    return run.made((space < 0 ? cut : cut.substring(0, space)) + end);
  }

  private static Object urlEncode(Run run, Object value) {
    if (value instanceof String || !Iteration.isIterable(value)) {
      return quoteUrl(Text.str(value, run), false, run);
    }
    Object pairs = value instanceof Map<?, ?> map ? new DictView(DictView.Kind.ITEMS, map) : value;
    List<String> parts = new ArrayList<>();
    Iterator<Object> items = Iteration.of(pairs, run);
    while (items.hasNext()) {
      run.step();
      List<?> pair = Iteration.list(items.next(), run);
      if (pair.size() != 2) {
        throw new JinjaError("not enough values to unpack (expected 2, got " + pair.size() + ")");
      }
      parts.add(quoteUrl(Text.str(None.orNone(pair.get(0)), run), true, run)
          + "="
          + quoteUrl(Text.str(None.orNone(pair.get(1)), run), true, run));
    }
    return run.made(String.join("&", parts));
  }

  private static String quoteUrl(String text, boolean isInQuery, Run run) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean isPlain = (c < 128 && Character.isLetterOrDigit(c)) || URL_SAFE.indexOf(c) >= 0;
      if (isPlain && !(isInQuery && c == '/')) {
        out.append(c);
      } else if (isInQuery && c == ' ') {
        out.append('+');
      } else {
        out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        out.append(Character.toUpperCase(Character.forDigit(c & 0xF, 16)));
      }
    }
    return run.made(out.toString());
  }

  private static Object xmlAttributes(Run run, Object value, boolean hasSpace) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new JinjaError("'" + Types.name(value) + "' object has no attribute 'items'");
    }
    StringBuilder out = new StringBuilder();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object attribute = None.orNone(entry.getValue());
      if (attribute != None.NONE && !(attribute instanceof Undefined)) {
        String key = checkText(None.orNone(entry.getKey()));
        if (key.chars()
            .anyMatch(c -> (c <= ' ' && Strings.isSpace((char) c)) || "/>=".indexOf(c) >= 0)) {
          throw new JinjaError("Invalid character in attribute name: " + Text.quote(key));
        }
        out.append(out.length() > 0 || hasSpace ? " " : "")
            .append(escape(run, key, Arguments.NONE));
        out.append("=\"")
            .append(escape(run, Text.str(attribute, run), Arguments.NONE))
            .append('"');
        run.check(out);
      }
    }
    return run.made(out.toString());
  }
}
