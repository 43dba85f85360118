package io.warmpath.tokenizers.jinja;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens, by the rules of jinja2 3.1.6 (lexer.py) with {@code trim_blocks} and
 * {@code lstrip_blocks}: a line break behind a block is dropped, and so is white space before a block
 * that begins its line; {@code -} drops all white space on its side, {@code +} keeps it.
 */
final class Lexer {

  private static final String[] LONG_OPERATORS = {"//", "**", "==", "!=", ">=", "<="};
  private static final String SHORT_OPERATORS = "+-/*%~[](){}><=.:|,;";

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean startsLine = true;

  private Lexer(String source) {
    this.source = source;
  }

  /** {@return the tokens, the last one {@code END}} */
  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source);
    lexer.root();
    lexer.tokens.add(new Token(lexer.line, Token.Kind.END, ""));
    return lexer.tokens;
  }

  private void root() {
    while (at < source.length()) {
      int begin = nextBegin(at);
      if (begin < 0) {
        addData(source.substring(at));
        at = source.length();
        return;
      }
      char kind = source.charAt(begin + 1);
      int inside = begin + 2;
      char sign = inside < source.length() ? source.charAt(inside) : ' ';
      boolean isSigned = sign == '-' || sign == '+';
      int rawEnd = kind == '%' ? rawBegin(isSigned ? inside + 1 : inside) : -1;
      addData(stripped(source.substring(at, begin), isSigned ? sign : ' ', kind == '{'));
      advance(at, isSigned ? inside + 1 : inside);
      if (rawEnd >= 0) {
        advance(at, rawEnd);
        raw();
      } else if (kind == '#') {
        comment();
      } else {
        tag(kind == '{');
      }
    }
  }

  private int nextBegin(int from) {
    for (int i = source.indexOf('{', from);
        i >= 0 && i + 1 < source.length();
        i = source.indexOf('{', i + 1)) {
      char next = source.charAt(i + 1);
      if (next == '%' || next == '{' || next == '#') {
        return i;
      }
    }
    return -1;
  }

  /** Counts the lines up to {@code to} and goes there. */
  private void advance(int from, int to) {
    for (int i = from; i < to; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    at = to;
    startsLine = to > 0 && source.charAt(to - 1) == '\n';
  }

  private void addData(String data) {
    if (!data.isEmpty()) {
      tokens.add(new Token(line, Token.Kind.DATA, data));
    }
  }

  private String stripped(String data, char sign, boolean isVariable) {
    if (sign == '-') {
      return Strings.stripEnd(data, null);
    }
    if (sign == '+' || isVariable) {
      return data;
    }
    int lineStart = data.lastIndexOf('\n') + 1;
    if (lineStart == 0 && !startsLine) {
      return data;
    }
    for (int i = lineStart; i < data.length(); i++) {
      if (!Strings.isSpace(data.charAt(i))) {
        return data;
      }
    }
    return data.substring(0, lineStart);
  }

  /** {@return where the text of a raw block begins, or -1 if this is not one} */
  private int rawBegin(int from) {
    int i = skipSpace(from);
    if (!source.startsWith("raw", i)) {
      return -1;
    }
    i = skipSpace(i + 3);
    if (source.startsWith("-%}", i)) {
      return skipSpace(i + 3);
    }
    return source.startsWith("%}", i) ? i + 2 : -1;
  }

  private void raw() {
    for (int i = source.indexOf("{%", at); i >= 0; i = source.indexOf("{%", i + 1)) {
      int inside = i + 2;
      char sign = inside < source.length() ? source.charAt(inside) : ' ';
      boolean isSigned = sign == '-' || sign == '+';
      int word = skipSpace(isSigned ? inside + 1 : inside);
      if (source.startsWith("endraw", word)) {
        int end = closed(skipSpace(word + 6), "%}", true);
        if (end >= 0) {
          String data = stripped(source.substring(at, i), isSigned ? sign : ' ', false);
          if (!data.isEmpty()) {
            tokens.add(new Token(line, Token.Kind.DATA, data));
          }
          advance(at, end);
          return;
        }
      }
    }
    throw JinjaError.inSource(line, "Missing end of raw directive");
  }

  private void comment() {
    for (int i = source.indexOf("#}", at); i >= 0; i = source.indexOf("#}", i + 1)) {
      boolean isSigned = i > at && (source.charAt(i - 1) == '-' || source.charAt(i - 1) == '+');
      advance(at, closed(isSigned ? i - 1 : i, "#}", true));
      return;
    }
    throw JinjaError.inSource(line, "Missing end of comment tag");
  }

  /** {@return what is behind the end of a tag at {@code i}, white space dropped; -1 if none is there} */
  private int closed(int i, String end, boolean dropsLineBreak) {
    if (source.startsWith("-", i) && source.startsWith(end, i + 1)) {
      return skipSpace(i + 3);
    }
    if (dropsLineBreak && source.startsWith("+", i) && source.startsWith(end, i + 1)) {
      return i + 3;
    }
    if (!source.startsWith(end, i)) {
      return -1;
    }
    return dropsLineBreak && source.startsWith("\n", i + 2) ? i + 3 : i + 2;
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < source.length() && Strings.isSpace(source.charAt(i))) {
      i++;
    }
    return i;
  }

  private void tag(boolean isVariable) {
    tokens.add(
        new Token(line, isVariable ? Token.Kind.VARIABLE_BEGIN : Token.Kind.BLOCK_BEGIN, ""));
    Deque<String> open = new ArrayDeque<>();
    while (at < source.length()) {
      int end = open.isEmpty() ? closed(at, isVariable ? "}}" : "%}", !isVariable) : -1;
      if (end >= 0) {
        tokens.add(
            new Token(line, isVariable ? Token.Kind.VARIABLE_END : Token.Kind.BLOCK_END, ""));
        advance(at, end);
        return;
      }
      int next = skipSpace(at);
      if (next > at) {
        advance(at, next);
      } else {
        inside(open);
      }
    }
  }

  private void inside(Deque<String> open) {
    char c = source.charAt(at);
    if (c >= '0' && c <= '9') {
      number();
    } else if (isWord(source.codePointAt(at))) {
      word();
    } else if (c == '"' || c == '\'') {
      string(c);
    } else {
      String operator = operator();
      balance(operator, open);
      tokens.add(new Token(line, Token.Kind.OPERATOR, operator));
      at += operator.length();
    }
  }

  private static boolean isWord(int c) {
    return c == '_'
        || Character.isLetterOrDigit(c)
        || (c > 127 && Character.isUnicodeIdentifierPart(c));
  }

  private void word() {
    int end = at;
    while (end < source.length() && isWord(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    String word = source.substring(at, end);
    int first = word.codePointAt(0);
    if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
      throw JinjaError.inSource(line, "Invalid character in identifier");
    }
    tokens.add(new Token(line, Token.Kind.NAME, word));
    at = end;
  }

  private String operator() {
    for (String operator : LONG_OPERATORS) {
      if (source.startsWith(operator, at)) {
        return operator;
      }
    }
    if (SHORT_OPERATORS.indexOf(source.charAt(at)) < 0) {
      throw JinjaError.inSource(
          line,
          "unexpected char " + Text.repr(Character.toString(source.codePointAt(at))) + " at " + at);
    }
    return source.substring(at, at + 1);
  }

  private void balance(String operator, Deque<String> open) {
    switch (operator) {
      case "{" -> open.push("}");
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "}", ")", "]" -> {
        if (open.isEmpty()) {
          throw JinjaError.inSource(line, "unexpected '" + operator + "'");
        }
        String expected = open.pop();
        if (!expected.equals(operator)) {
          throw JinjaError.inSource(
              line, "unexpected '" + operator + "', expected '" + expected + "'");
        }
      }
      default -> {}
    }
  }

  private void number() {
    int radix = radixOf(at);
    if (radix != 10) {
      int end = digits(at + 2, radix);
      if (end > at + 2) {
        add(Token.Kind.INTEGER, end, integer(source.substring(at + 2, end), radix));
        return;
      }
    }
    int end = digits(at, 10);
    int real = source.startsWith(".", at - 1) ? -1 : realEnd(end);
    if (real >= 0) {
      add(Token.Kind.FLOAT, real, Double.valueOf(source.substring(at, real).replace("_", "")));
      return;
    }
    if (source.charAt(at) == '0') {
      end = at + 1;
      while (end < source.length() && source.charAt(end) == '0') {
        end++;
      }
    }
    add(Token.Kind.INTEGER, end, integer(source.substring(at, end), 10));
  }

  private int radixOf(int i) {
    if (source.charAt(i) != '0' || i + 1 >= source.length()) {
      return 10;
    }
    return switch (source.charAt(i + 1)) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 10;
    };
  }

  private int digits(int from, int radix) {
    int i = from;
    while (i < source.length()) {
      char c = source.charAt(i);
      boolean isGap = c == '_'
          && i + 1 < source.length()
          && (i > from || radix != 10)
          && source.charAt(i + 1) < 128
          && Character.digit(source.charAt(i + 1), radix) >= 0;
      if (!isGap && (c > 127 || Character.digit(c, radix) < 0)) {
        break;
      }
      i++;
    }
    return i;
  }

  /** {@return the end of a number with a fraction or an exponent whose digits end at {@code from}} */
  private int realEnd(int from) {
    int end = from;
    boolean isReal = false;
    if (source.startsWith(".", end) && digits(end + 1, 10) > end + 1) {
      end = digits(end + 1, 10);
      isReal = true;
    }
    if (end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
      int exponent = end + 1;
      if (source.startsWith("+", exponent) || source.startsWith("-", exponent)) {
        exponent++;
      }
      if (digits(exponent, 10) > exponent) {
        return digits(exponent, 10);
      }
    }
    return isReal ? end : -1;
  }

  private Object integer(String digits, int radix) {
    String plain = digits.replace("_", "");
    if (plain.length() > Integers.MAX_DIGITS) {
      throw JinjaError.inSource(line, "an integer of more than " + Integers.MAX_DIGITS + " digits");
    }
    return Integers.normal(new BigInteger(plain, radix));
  }

  private void add(Token.Kind kind, int end, Object value) {
    tokens.add(new Token(line, kind, "", value));
    at = end;
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw JinjaError.inSource(
          line, "unexpected char " + (quote == '"' ? "'\"'" : "\"'\"") + " at " + at);
    }
    tokens.add(
        new Token(line, Token.Kind.STRING, Escapes.unescape(source.substring(at + 1, end), line)));
    advance(at, end + 1);
  }
}
