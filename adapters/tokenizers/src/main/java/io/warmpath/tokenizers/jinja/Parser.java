package io.warmpath.tokenizers.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Reads the statements of a template, by the rules of jinja2 3.1.6 (parser.py). */
final class Parser {

  private static final Set<String> OF_SEVERAL_FILES =
      Set.of("block", "extends", "include", "import", "from");

  private final Tokens tokens;
  private final ExpressionParser expressions;

  /** The tags that are open, innermost first. */
  private final Deque<String> open = new ArrayDeque<>();

  private Parser(Tokens tokens) {
    this.tokens = tokens;
    expressions = new ExpressionParser(tokens);
  }

  static List<Syntax.Stmt> parse(String source) {
    Parser parser = new Parser(new Tokens(Lexer.tokens(source)));
    return parser.statements(List.of());
  }

  /** Reads up to a tag of one of these names, which is then the current token. */
  private List<Syntax.Stmt> statements(List<String> ends) {
    tokens.enter();
    List<Syntax.Stmt> body = new ArrayList<>();
    while (!tokens.current().is(Token.Kind.END)) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> body.add(new Syntax.Data(token.line(), token.text()));
        case VARIABLE_BEGIN -> {
          body.add(new Syntax.Print(token.line(), expressions.tuple(true, "")));
          tokens.expect(Token.Kind.VARIABLE_END);
        }
        default -> {
          if (tokens.current().is(Token.Kind.NAME)
              && ends.contains(tokens.current().text())) {
            tokens.leave();
            return body;
          }
          statement(ends, body);
          tokens.expect(Token.Kind.BLOCK_END);
        }
      }
    }
    if (!ends.isEmpty()) {
      throw tokens.fail("Unexpected end of template." + lookingFor(ends));
    }
    tokens.leave();
    return body;
  }

  private String lookingFor(List<String> ends) {
    StringBuilder text = new StringBuilder();
    if (!ends.isEmpty()) {
      text.append(" Jinja was looking for the following tags: '");
      text.append(String.join("' or '", ends)).append("'.");
    }
    if (!open.isEmpty()) {
      text.append(" The innermost block that needs to be closed is '")
          .append(open.peek())
          .append("'.");
    }
    return text.toString();
  }

  private void statement(List<String> ends, List<Syntax.Stmt> body) {
    Token tag = tokens.current();
    if (!tag.is(Token.Kind.NAME)) {
      throw tokens.fail("tag name expected");
    }
    tokens.next();
    int line = tag.line();
    if (tag.text().equals("print")) {
      print(line, body);
      return;
    }
    open.push(tag.text());
    body.add(
        switch (tag.text()) {
          case "for" -> loop(line);
          case "if" -> condition(line);
          case "set" -> set(line);
          case "macro" -> macro(line);
          case "call" -> callBlock(line);
          case "filter" -> filterBlock(line);
          case "with" -> with(line);
          case "generation" ->
            new Syntax.CallBlock(
                line, new Syntax.Params(List.of(), List.of()), null, body("endgeneration"));
          case "autoescape" -> noEscape(line);
          case "break" -> new Syntax.Jump(line, true);
          case "continue" -> new Syntax.Jump(line, false);
          default -> throw unknown(tag, ends);
        });
    open.pop();
  }

  private JinjaError unknown(Token tag, List<String> ends) {
    open.pop();
    if (OF_SEVERAL_FILES.contains(tag.text())) {
      return JinjaError.inSource(
          tag.line(), "tag '" + tag.text() + "' is not supported: a chat template is one file");
    }
    return JinjaError.inSource(
        tag.line(), "Encountered unknown tag '" + tag.text() + "'." + lookingFor(ends));
  }

  /** Reads from behind a tag's expressions to the end tag, which is left behind. */
  private List<Syntax.Stmt> body(String end) {
    List<Syntax.Stmt> body = bodyUpTo(List.of(end));
    tokens.next();
    return body;
  }

  private List<Syntax.Stmt> bodyUpTo(List<String> ends) {
    tokens.skipOperator(":");
    tokens.expect(Token.Kind.BLOCK_END);
    return statements(ends);
  }

  private void print(int line, List<Syntax.Stmt> body) {
    boolean isFirst = true;
    while (!tokens.current().is(Token.Kind.BLOCK_END)) {
      if (!isFirst) {
        tokens.expectOperator(",");
      }
      isFirst = false;
      body.add(new Syntax.Print(line, expressions.expression()));
    }
  }

  private Syntax.Stmt loop(int line) {
    Syntax.Expr target = expressions.target(false, "in");
    tokens.expectName("in");
    Syntax.Expr iterable = expressions.tuple(false, "recursive");
    Syntax.Expr test = tokens.skipName("if") ? expressions.expression() : null;
    boolean isRecursive = tokens.skipName("recursive");
    List<Syntax.Stmt> body = bodyUpTo(List.of("endfor", "else"));
    List<Syntax.Stmt> otherwise = tokens.next().isName("endfor") ? List.of() : body("endfor");
    return new Syntax.For(line, target, iterable, body, otherwise, test, isRecursive);
  }

  private Syntax.Stmt condition(int line) {
    List<Syntax.Expr> tests = new ArrayList<>();
    List<List<Syntax.Stmt>> branches = new ArrayList<>();
    while (true) {
      tests.add(expressions.tuple(false, ""));
      branches.add(bodyUpTo(List.of("elif", "else", "endif")));
      Token end = tokens.next();
      if (end.isName("elif")) {
        continue;
      }
      List<Syntax.Stmt> otherwise = end.isName("else") ? body("endif") : List.of();
      return new Syntax.If(line, tests, branches, otherwise);
    }
  }

  private Syntax.Stmt set(int line) {
    Syntax.Expr target = expressions.target(true, "");
    if (tokens.skipOperator("=")) {
      return new Syntax.Assign(line, target, expressions.tuple(true, ""));
    }
    Syntax.Filter filter = expressions.blockFilters(false);
    return new Syntax.AssignBlock(line, target, filter, body("endset"));
  }

  private Syntax.Stmt macro(int line) {
    String name = tokens.expect(Token.Kind.NAME).text();
    Syntax.Params params = params();
    return new Syntax.Macro(line, name, params, body("endmacro"));
  }

  private Syntax.Params params() {
    List<String> names = new ArrayList<>();
    List<Syntax.Expr> defaults = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.current().isOperator(")")) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
      }
      names.add(tokens.expect(Token.Kind.NAME).text());
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.fail("non-default argument follows default argument");
      }
    }
    tokens.expectOperator(")");
    return new Syntax.Params(names, defaults);
  }

  private Syntax.Stmt callBlock(int line) {
    Syntax.Params params =
        tokens.current().isOperator("(") ? params() : new Syntax.Params(List.of(), List.of());
    if (!(expressions.expression() instanceof Syntax.Call call)) {
      throw JinjaError.inSource(line, "expected call");
    }
    return new Syntax.CallBlock(line, params, call, body("endcall"));
  }

  private Syntax.Stmt noEscape(int line) {
    if (!(expressions.expression() instanceof Syntax.Const value)
        || !value.value().equals(false)) {
      throw JinjaError.inSource(line, "autoescape is not supported: prompts are not HTML");
    }
    return new Syntax.With(line, List.of(), List.of(), body("endautoescape"));
  }

  private Syntax.Stmt filterBlock(int line) {
    Syntax.Filter filter = expressions.blockFilters(true);
    if (filter == null) {
      throw JinjaError.inSource(line, "expected a filter");
    }
    return new Syntax.FilterBlock(line, filter, body("endfilter"));
  }

  private Syntax.Stmt with(int line) {
    List<Syntax.Expr> targets = new ArrayList<>();
    List<Syntax.Expr> values = new ArrayList<>();
    while (!tokens.current().is(Token.Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(expressions.target(false, ""));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Syntax.With(line, targets, values, body("endwith"));
  }
}
