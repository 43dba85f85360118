package io.warmpath.tokenizers.jinja;

/** Escapes in the strings of a template: those of Python, as its codec unicode-escape reads them. */
final class Escapes {

  private Escapes() {}

  static String unescape(String text, int line) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c == '\\') {
        i = escape(text, i, line, out);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static int escape(String text, int at, int line, StringBuilder out) {
    char c = text.charAt(at);
    int next = at + 1;
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> out.append(c);
      case 'n' -> out.append('\n');
      case 't' -> out.append('\t');
      case 'r' -> out.append('\r');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'a' -> out.append('\u0007');
      case 'v' -> out.append('\u000B');
      case 'x' -> next = hex(text, next, 2, line, out);
      case 'u' -> next = hex(text, next, 4, line, out);
      case 'U' -> next = hex(text, next, 8, line, out);
      case 'N' -> next = named(text, next, line, out);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> next = octal(text, at, out);
      default -> next = unknown(text, at, out);
    }
    return next;
  }

  private static int hex(String text, int from, int digits, int line, StringBuilder out) {
    int code = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw JinjaError.inSource(line, "truncated escape in a string");
      }
      code = code << 4 | digit;
    }
    if (!Character.isValidCodePoint(code)) {
      throw JinjaError.inSource(line, "illegal Unicode character");
    }
    out.appendCodePoint(code);
    return from + digits;
  }

  private static int named(String text, int from, int line, StringBuilder out) {
    int end = text.indexOf('}', from);
    if (!text.startsWith("{", from) || end < 0) {
      throw JinjaError.inSource(line, "malformed \\N character escape");
    }
    try {
      out.appendCodePoint(Character.codePointOf(text.substring(from + 1, end)));
    } catch (IllegalArgumentException e) {
      throw JinjaError.inSource(line, "unknown Unicode character name");
    }
    return end + 1;
  }

  private static int octal(String text, int from, StringBuilder out) {
    int code = 0;
    int i = from;
    while (i < text.length() && i < from + 3 && text.charAt(i) >= '0' && text.charAt(i) <= '7') {
      code = code * 8 + text.charAt(i++) - '0';
    }
    out.append((char) code);
    return i;
  }

  /** Any other is kept with its backslash; one that is not ASCII was an escape itself by then. */
  private static int unknown(String text, int at, StringBuilder out) {
    int c = text.codePointAt(at);
    out.append('\\');
    if (c < 128) {
      out.append((char) c);
    } else {
      out.append(
          c < 256
              ? "x%02x".formatted(c)
              : c < 65_536 ? "u%04x".formatted(c) : "U%08x".formatted(c));
    }
    return at + Character.charCount(c);
  }
}
