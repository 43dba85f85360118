package io.warmpath.tokenizers.jinja;

import java.util.List;

/** The tokens of a template, read one after the other, with a count of how deep the reader is. */
final class Tokens {

  /** Jinja itself runs into Python's recursion limit at some 80. */
  private static final int MAX_DEPTH = 100;

  private final List<Token> tokens;
  private int at;
  private int depth;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token look() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /** {@return the current token, which is left behind} */
  Token next() {
    Token token = current();
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean skipName(String name) {
    if (current().isName(name)) {
      next();
      return true;
    }
    return false;
  }

  boolean skipOperator(String operator) {
    if (current().isOperator(operator)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(Token.Kind kind) {
    if (!current().is(kind)) {
      throw expected(new Token(0, kind, kind == Token.Kind.NAME ? "name" : "").described());
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw expected(operator);
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw expected(name);
    }
  }

  private JinjaError expected(String what) {
    if (current().is(Token.Kind.END)) {
      return fail("unexpected end of template, expected '" + what + "'.");
    }
    return fail("expected token '" + what + "', got '" + current().described() + "'");
  }

  JinjaError fail(String message) {
    return JinjaError.inSource(current().line(), message);
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw fail("nested more than " + MAX_DEPTH + " deep");
    }
  }

  void leave() {
    depth--;
  }
}
