package io.warmpath.tokenizers.jinja;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of Python's {@code str}. */
final class TextMethods {

  /** Those whose parameters can be given by name. */
  private static final Set<String> NAMED = Set.of("split", "rsplit", "splitlines", "expandtabs");

  static final Map<String, Builtin> ALL = all();

  private TextMethods() {}

  /** A method on the text itself. */
  @FunctionalInterface
  private interface Body {
    Object apply(Run run, String text, Arguments args);
  }

  private static Map<String, Builtin> all() {
    Map<String, Builtin> all = new HashMap<>();
    searches(all);
    parts(all);
    cases(all);
    padding(all);
    questions(all);
    add(
        all,
        "replace",
        "old new | count",
        (run, text, a) -> replace(run, text, a.text(0), a.text(1), a.integer(2, -1)));
    add(all, "join", "iterable", (run, text, a) -> join(run, text, a.at(0)));
    all.put(
        "format",
        new Builtin("format", null, 0, (run, self, a) -> StrFormat.format((String) self, a, run)));
    add(
        all,
        "format_map",
        "mapping",
        (run, text, a) -> StrFormat.format(text, Globals.dict(a, run), run));
    add(all, "encode", "| encoding errors", (run, text, a) -> {
      throw new JinjaError("bytes are not supported: str.encode()");
    });
    return Map.copyOf(all);
  }

  private static void add(Map<String, Builtin> all, String name, String params, Body body) {
    // A parameter that no keyword can name ends in a slash, as no name does.
    String named = NAMED.contains(name) ? params : params.replaceAll("\\w+", "$0/");
    all.put(name, Builtin.of(name, named, (run, self, args) -> {
      String text = (String) self;
      run.work(text.length());
      return body.apply(run, text, args);
    }));
  }

  private static void searches(Map<String, Builtin> all) {
    add(all, "startswith", "prefix | start end", (run, text, a) -> begins(run, text, a, true));
    add(all, "endswith", "suffix | start end", (run, text, a) -> begins(run, text, a, false));
    add(all, "find", "sub | start end", (run, text, a) -> find(text, a, false));
    add(all, "rfind", "sub | start end", (run, text, a) -> find(text, a, true));
    add(all, "index", "sub | start end", (run, text, a) -> found(find(text, a, false)));
    add(all, "rindex", "sub | start end", (run, text, a) -> found(find(text, a, true)));
    add(all, "count", "sub | start end", (run, text, a) -> count(slice(text, a), a.text(0)));
  }

  /** {@return the part between arguments 1 and 2} */
  private static String slice(String text, Arguments a) {
    if (!a.hasValue(1) && !a.hasValue(2)) {
      return text;
    }
    int size = Strings.length(text);
    int from = bound(a, 1, size, 0);
    int to = bound(a, 2, size, size);
    return from > to ? "" : Strings.substring(text, from, to, size);
  }

  private static int bound(Arguments a, int index, int size, int absent) {
    int bound = a.hasValue(index) ? a.integer(index, absent) : absent;
    return Math.max(0, Math.min(size, bound < 0 ? bound + size : bound));
  }

  private static boolean begins(Run run, String text, Arguments a, boolean atStart) {
    String part = slice(text, a);
    if (a.at(0) instanceof Tuple some) {
      for (Object one : some) {
        run.step();
        if (one instanceof String edge && (atStart ? part.startsWith(edge) : part.endsWith(edge))) {
          return true;
        }
      }
      return false;
    }
    if (!(a.at(0) instanceof String edge)) {
      throw new JinjaError((atStart ? "startswith" : "endswith")
          + " first arg must be str or a tuple of str, not "
          + Types.name(a.at(0)));
    }
    return atStart ? part.startsWith(edge) : part.endsWith(edge);
  }

  private static Object find(String text, Arguments a, boolean isLast) {
    String part = slice(text, a);
    int index = isLast ? part.lastIndexOf(a.text(0)) : part.indexOf(a.text(0));
    if (index < 0) {
      return -1L;
    }
    int before = a.hasValue(1) ? bound(a, 1, Strings.length(text), 0) : 0;
    return (long) before + part.codePointCount(0, index);
  }

  private static Object found(Object index) {
    if (index.equals(-1L)) {
      throw new JinjaError("substring not found");
    }
    return index;
  }

  private static Object count(String text, String part) {
    if (part.isEmpty()) {
      return Strings.length(text) + 1L;
    }
    long count = 0;
    for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
      count++;
    }
    return count;
  }

  private static void parts(Map<String, Builtin> all) {
    add(all, "strip", "| chars", (run, text, a) -> Strings.strip(text, characters(a)));
    add(all, "lstrip", "| chars", (run, text, a) -> Strings.stripStart(text, characters(a)));
    add(all, "rstrip", "| chars", (run, text, a) -> Strings.stripEnd(text, characters(a)));
    add(
        all,
        "split",
        "| sep maxsplit",
        (run, text, a) -> Splitting.split(run, text, separator(a), a.integer(1, -1)));
    add(
        all,
        "rsplit",
        "| sep maxsplit",
        (run, text, a) -> Splitting.splitFromEnd(run, text, separator(a), a.integer(1, -1)));
    add(
        all,
        "splitlines",
        "| keepends",
        (run, text, a) -> Splitting.lines(run, text, a.truth(0, false)));
    add(all, "partition", "sep", (run, text, a) -> partition(text, a.text(0), false));
    add(all, "rpartition", "sep", (run, text, a) -> partition(text, a.text(0), true));
    add(
        all,
        "removeprefix",
        "prefix",
        (run, text, a) -> text.startsWith(a.text(0)) ? text.substring(a.text(0).length()) : text);
    add(
        all,
        "removesuffix",
        "suffix",
        (run, text, a) -> text.endsWith(a.text(0))
            ? text.substring(0, text.length() - a.text(0).length())
            : text);
  }

  private static @Nullable String characters(Arguments a) {
    return a.hasValue(0) ? a.text(0) : null;
  }

  private static @Nullable String separator(Arguments a) {
    if (!a.hasValue(0)) {
      return null;
    }
    if (a.text(0).isEmpty()) {
      throw new JinjaError("empty separator");
    }
    return a.text(0);
  }

  private static Object partition(String text, String separator, boolean isLast) {
    if (separator.isEmpty()) {
      throw new JinjaError("empty separator");
    }
    int at = isLast ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return isLast ? Tuple.of("", "", text) : Tuple.of(text, "", "");
    }
    return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
  }

  private static void cases(Map<String, Builtin> all) {
    add(all, "upper", "", (run, text, a) -> run.made(text.toUpperCase(Locale.ROOT)));
    add(all, "lower", "", (run, text, a) -> run.made(text.toLowerCase(Locale.ROOT)));
    add(
        all,
        "casefold",
        "",
        (run, text, a) -> run.made(text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)));
    add(all, "capitalize", "", (run, text, a) -> run.made(capitalize(text)));
    add(all, "title", "", (run, text, a) -> run.made(Cases.title(text)));
    add(all, "swapcase", "", (run, text, a) -> run.made(Cases.swap(text)));
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    return Cases.titleCase(text.substring(0, first))
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  private static void padding(Map<String, Builtin> all) {
    add(
        all,
        "center",
        "width | fillchar",
        (run, text, a) -> center(run, text, a.integer(0, 0), fill(a)));
    add(
        all,
        "ljust",
        "width | fillchar",
        (run, text, a) -> pad(run, text, 0, a.integer(0, 0) - Strings.length(text), fill(a)));
    add(
        all,
        "rjust",
        "width | fillchar",
        (run, text, a) -> pad(run, text, a.integer(0, 0) - Strings.length(text), 0, fill(a)));
    add(all, "zfill", "width", (run, text, a) -> {
      int missing = a.integer(0, 0) - Strings.length(text);
      boolean isSigned = text.startsWith("-") || text.startsWith("+");
      return isSigned && missing > 0
          ? text.charAt(0) + pad(run, text.substring(1), missing, 0, "0")
          : pad(run, text, missing, 0, "0");
    });
    add(all, "expandtabs", "| tabsize", (run, text, a) -> expandTabs(run, text, a.integer(0, 8)));
  }

  private static String fill(Arguments a) {
    String fill = a.text(1, " ");
    if (Strings.length(fill) != 1) {
      throw new JinjaError("The fill character must be exactly one character long");
    }
    return fill;
  }

  static String center(Run run, String text, int width, String fill) {
    int missing = width - Strings.length(text);
    if (missing <= 0) {
      return text;
    }
    // As CPython's: the larger half is on the left only if both numbers are odd.
    int left = missing / 2 + (missing & width & 1);
    return pad(run, text, left, missing - left, fill);
  }

  private static String pad(Run run, String text, int left, int right, String fill) {
    if (left <= 0 && right <= 0) {
      return text;
    }
    run.make(text.length() + ((long) Math.max(0, left) + Math.max(0, right)) * fill.length());
    return fill.repeat(Math.max(0, left)) + text + fill.repeat(Math.max(0, right));
  }

  private static String expandTabs(Run run, String text, int size) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        int spaces = size > 0 ? size - column % size : 0;
        run.make(spaces);
        out.append(" ".repeat(spaces));
        column += spaces;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : Character.isLowSurrogate(c) ? column : column + 1;
      }
    }
    return run.made(out.toString());
  }

  private static void questions(Map<String, Builtin> all) {
    question(all, "isalpha", Characters::isAlpha);
    question(all, "isdecimal", Characters::isDecimal);
    question(all, "isdigit", Characters::isDigit);
    question(all, "isnumeric", Characters::isNumeric);
    question(
        all,
        "isalnum",
        c -> Characters.isAlpha(c) || Characters.isDigit(c) || Characters.isNumeric(c));
    question(all, "isspace", c -> c < 65_536 && Strings.isSpace((char) c));
    add(all, "isascii", "", (run, text, a) -> text.chars().allMatch(c -> c < 128));
    add(
        all,
        "isprintable",
        "",
        (run, text, a) -> text.codePoints().allMatch(Characters::isPrintable));
    add(all, "isidentifier", "", (run, text, a) -> Cases.isIdentifier(text));
    add(all, "islower", "", (run, text, a) -> Cases.isLower(text));
    add(all, "isupper", "", (run, text, a) -> Cases.isUpper(text));
    add(all, "istitle", "", (run, text, a) -> Cases.isTitle(text));
  }

  private static void question(Map<String, Builtin> all, String name, IntPredicate holds) {
    add(all, name, "", (run, text, a) -> !text.isEmpty() && text.codePoints().allMatch(holds));
  }

  static String replace(Run run, String text, String old, String with, int count) {
    if (count == 0 || !text.contains(old) || old.equals(with)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int done = 0;
    int left = count < 0 ? Integer.MAX_VALUE : count;
    int at = text.indexOf(old);
    while (at >= 0 && left-- > 0) {
      run.make((long) with.length() + at - done);
      out.append(text, done, at).append(with);
      done = at + old.length();
      if (old.isEmpty()) {
        // Between any two code points.
        if (at >= text.length()) {
          break;
        }
        int next = at + Character.charCount(text.codePointAt(at));
        out.append(text, at, next);
        done = next;
        at = next;
      } else {
        at = text.indexOf(old, done);
      }
    }
    return run.made(out.append(text, done, text.length()).toString());
  }

  static String join(Run run, String separator, Object iterable) {
    Iterator<Object> items = Iteration.of(iterable, run);
    StringBuilder out = new StringBuilder();
    int index = 0;
    while (items.hasNext()) {
      run.step();
      Object item = items.next();
      if (!(item instanceof String text)) {
        throw new JinjaError(
            "sequence item %d: expected str instance, %s found".formatted(index, Types.name(item)));
      }
      run.make((long) text.length() + separator.length());
      out.append(index++ == 0 ? "" : separator).append(text);
    }
    return out.toString();
  }
}
