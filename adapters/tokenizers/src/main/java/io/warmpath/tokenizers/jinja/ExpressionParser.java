package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions, with the precedences of jinja2: conditional, or, and, not, comparison, {@code +
 * -}, {@code ~}, {@code * / // %}, {@code **}, sign, then what follows a value.
 */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> SUMS = Set.of("+", "-");
  private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

  private final Tokens tokens;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  Syntax.Expr expression() {
    tokens.enter();
    Syntax.Expr value = or();
    while (tokens.skipName("if")) {
      Syntax.Expr test = or();
      Syntax.Expr otherwise = tokens.skipName("else") ? expression() : null;
      value = new Syntax.Conditional(test, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  /** Reads an expression, or several with commas as a tuple, up to the end of the tag or a name. */
  Syntax.Expr tuple(boolean allowsConditional, String end) {
    return tuple(allowsConditional ? this::expression : this::or, end, false);
  }

  private interface Part {
    Syntax.Expr read();
  }

  private Syntax.Expr tuple(Part part, String end, boolean isInParentheses) {
    List<Syntax.Expr> items = new ArrayList<>();
    boolean isTuple = false;
    while (!isTupleEnd(end)) {
      items.add(part.read());
      if (!tokens.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && !items.isEmpty()) {
      return items.get(0);
    }
    if (!isTuple && !isInParentheses) {
      throw tokens.fail("Expected an expression, got '" + tokens.current().described() + "'");
    }
    return new Syntax.TupleOf(items);
  }

  private boolean isTupleEnd(String end) {
    Token token = tokens.current();
    return token.is(Token.Kind.VARIABLE_END)
        || token.is(Token.Kind.BLOCK_END)
        || token.isOperator(")")
        || token.isName(end);
  }

  /** Reads what may be assigned to: names, tuples of them, attributes of namespaces. */
  Syntax.Expr target(boolean allowsNamespace, String end) {
    int line = tokens.current().line();
    Syntax.Expr target = tuple(() -> primary(allowsNamespace), end, false);
    checkTarget(target, line);
    return target;
  }

  private static void checkTarget(Syntax.Expr target, int line) {
    if (target instanceof Syntax.TupleOf tuple) {
      tuple.items().forEach(item -> checkTarget(item, line));
    } else if (!(target instanceof Syntax.Name) && !(target instanceof Syntax.NamespaceTarget)) {
      throw JinjaError.inSource(line, "can't assign to this expression");
    }
  }

  private Syntax.Expr or() {
    Syntax.Expr left = and();
    while (tokens.skipName("or")) {
      left = new Syntax.Binary("or", left, and());
    }
    return left;
  }

  private Syntax.Expr and() {
    Syntax.Expr left = not();
    while (tokens.skipName("and")) {
      left = new Syntax.Binary("and", left, not());
    }
    return left;
  }

  private Syntax.Expr not() {
    if (!tokens.skipName("not")) {
      return comparison();
    }
    tokens.enter();
    Syntax.Expr operand = not();
    tokens.leave();
    return new Syntax.Unary("not", operand);
  }

  private Syntax.Expr comparison() {
    Syntax.Expr first = sum();
    List<String> operators = new ArrayList<>();
    List<Syntax.Expr> operands = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      if (token.is(Token.Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
        operators.add(tokens.next().text());
      } else if (tokens.skipName("in")) {
        operators.add("in");
      } else if (token.isName("not") && tokens.look().isName("in")) {
        tokens.next();
        tokens.next();
        operators.add("not in");
      } else {
        return operators.isEmpty() ? first : new Syntax.Compare(first, operators, operands);
      }
      operands.add(sum());
    }
  }

  private Syntax.Expr sum() {
    Syntax.Expr left = concat();
    while (isOneOf(SUMS)) {
      left = new Syntax.Binary(tokens.next().text(), left, concat());
    }
    return left;
  }

  private Syntax.Expr concat() {
    Syntax.Expr first = product();
    if (!tokens.current().isOperator("~")) {
      return first;
    }
    List<Syntax.Expr> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      items.add(product());
    }
    return new Syntax.Concat(items);
  }

  private Syntax.Expr product() {
    Syntax.Expr left = power();
    while (isOneOf(PRODUCTS)) {
      left = new Syntax.Binary(tokens.next().text(), left, power());
    }
    return left;
  }

  private Syntax.Expr power() {
    Syntax.Expr left = unary(true);
    while (tokens.skipOperator("**")) {
      left = new Syntax.Binary("**", left, unary(true));
    }
    return left;
  }

  private boolean isOneOf(Set<String> operators) {
    return tokens.current().is(Token.Kind.OPERATOR)
        && operators.contains(tokens.current().text());
  }

  private Syntax.Expr unary(boolean allowsFilters) {
    Syntax.Expr value;
    if (tokens.current().isOperator("-") || tokens.current().isOperator("+")) {
      String sign = tokens.next().text();
      tokens.enter();
      value = new Syntax.Unary(sign, unary(false));
      tokens.leave();
    } else {
      value = primary(false);
    }
    value = postfix(value);
    return allowsFilters ? filters(value) : value;
  }

  private Syntax.Expr primary(boolean allowsNamespace) {
    Token token = tokens.current();
    switch (token.kind()) {
      case NAME -> {
        tokens.next();
        return name(token.text(), allowsNamespace);
      }
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (tokens.current().is(Token.Kind.STRING)) {
          text.append(tokens.next().text());
        }
        return new Syntax.Const(text.toString());
      }
      case INTEGER, FLOAT -> {
        return new Syntax.Const(tokens.next().value());
      }
      case OPERATOR -> {
        if (tokens.skipOperator("(")) {
          Syntax.Expr value = tuple(this::expression, "", true);
          tokens.expectOperator(")");
          return value;
        }
        if (tokens.skipOperator("[")) {
          return list();
        }
        if (tokens.skipOperator("{")) {
          return dict();
        }
      }
      default -> {}
    }
    throw tokens.fail("unexpected '" + token.described() + "'");
  }

  private Syntax.Expr name(String name, boolean allowsNamespace) {
    switch (name) {
      case "true", "True" -> {
        return new Syntax.Const(true);
      }
      case "false", "False" -> {
        return new Syntax.Const(false);
      }
      case "none", "None" -> {
        return new Syntax.Const(None.NONE);
      }
      default -> {
        return allowsNamespace && tokens.skipOperator(".")
            ? new Syntax.NamespaceTarget(name, tokens.expect(Token.Kind.NAME).text())
            : new Syntax.Name(name);
      }
    }
  }

  private Syntax.Expr list() {
    List<Syntax.Expr> items = new ArrayList<>();
    while (!tokens.current().isOperator("]")) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.current().isOperator("]")) {
          break;
        }
      }
      items.add(expression());
    }
    tokens.expectOperator("]");
    return new Syntax.ListOf(items);
  }

  private Syntax.Expr dict() {
    List<Syntax.Expr> keys = new ArrayList<>();
    List<Syntax.Expr> values = new ArrayList<>();
    while (!tokens.current().isOperator("}")) {
      if (!keys.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.current().isOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
    }
    tokens.expectOperator("}");
    return new Syntax.DictOf(keys, values);
  }

  private Syntax.Expr postfix(Syntax.Expr start) {
    Syntax.Expr value = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        value = attribute(value);
      } else if (tokens.skipOperator("[")) {
        value = new Syntax.Item(value, subscript());
      } else if (tokens.current().isOperator("(")) {
        value = new Syntax.Call(value, args());
      } else {
        return value;
      }
    }
  }

  private Syntax.Expr attribute(Syntax.Expr target) {
    Token token = tokens.next();
    if (token.is(Token.Kind.NAME)) {
      return new Syntax.Attribute(target, token.text());
    }
    if (token.is(Token.Kind.INTEGER)) {
      return new Syntax.Item(target, new Syntax.Const(token.value()));
    }
    throw JinjaError.inSource(token.line(), "expected name or number");
  }

  private Syntax.Expr subscript() {
    List<Syntax.Expr> indexes = new ArrayList<>();
    while (!tokens.current().isOperator("]")) {
      if (!indexes.isEmpty()) {
        tokens.expectOperator(",");
      }
      indexes.add(index());
    }
    tokens.expectOperator("]");
    return indexes.size() == 1 ? indexes.get(0) : new Syntax.TupleOf(indexes);
  }

  private Syntax.Expr index() {
    Syntax.Expr start = null;
    if (!tokens.current().isOperator(":")) {
      start = expression();
      if (!tokens.current().isOperator(":")) {
        return start;
      }
    }
    tokens.next();
    Syntax.Expr stop = bound();
    Syntax.Expr step = tokens.skipOperator(":") ? bound() : null;
    return new Syntax.Slice(start, stop, step);
  }

  private Syntax.@Nullable Expr bound() {
    Token token = tokens.current();
    boolean isAbsent = token.isOperator(":") || token.isOperator("]") || token.isOperator(",");
    return isAbsent ? null : expression();
  }

  private Syntax.Expr filters(Syntax.Expr start) {
    Syntax.Expr value = start;
    while (true) {
      if (tokens.current().isOperator("|")) {
        tokens.next();
        value = filter(value);
      } else if (tokens.skipName("is")) {
        value = test(value);
      } else if (tokens.current().isOperator("(")) {
        value = new Syntax.Call(value, args());
      } else {
        return value;
      }
    }
  }

  /** Reads a filter behind its bar, or several for a block, whose first has no target. */
  Syntax.Filter filter(Syntax.@Nullable Expr target) {
    String name = dotted();
    Syntax.Args args = tokens.current().isOperator("(") ? args() : Syntax.Args.NONE;
    return new Syntax.Filter(target, name, args);
  }

  /** {@return the filters of a block, if there are any} */
  Syntax.@Nullable Filter blockFilters(boolean startsWithName) {
    Syntax.Filter filter = startsWithName ? filter(null) : null;
    while (tokens.skipOperator("|")) {
      filter = filter(filter);
    }
    return filter;
  }

  private String dotted() {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Token.Kind.NAME).text());
    }
    return name.toString();
  }

  private Syntax.Expr test(Syntax.Expr target) {
    boolean isNegated = tokens.skipName("not");
    String name = dotted();
    Syntax.Args args = Syntax.Args.NONE;
    if (tokens.current().isOperator("(")) {
      args = args();
    } else if (startsTestArgument()) {
      if (tokens.current().isName("is")) {
        throw tokens.fail("You cannot chain multiple tests with is");
      }
      Syntax.Expr argument = postfix(primary(false));
      args = new Syntax.Args(List.of(argument), List.of(), List.of(), null, null);
    }
    Syntax.Expr test = new Syntax.Test(target, name, args);
    return isNegated ? new Syntax.Unary("not", test) : test;
  }

  private boolean startsTestArgument() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }

  private Syntax.Args args() {
    int line = tokens.current().line();
    tokens.expectOperator("(");
    List<Syntax.Expr> positional = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Syntax.Expr> named = new ArrayList<>();
    Syntax.Expr list = null;
    Syntax.Expr dict = null;
    boolean isFirst = true;
    while (!tokens.current().isOperator(")")) {
      if (!isFirst) {
        tokens.expectOperator(",");
        if (tokens.current().isOperator(")")) {
          break;
        }
      }
      isFirst = false;
      if (tokens.skipOperator("*")) {
        ensure(list == null && dict == null, line);
        list = expression();
      } else if (tokens.skipOperator("**")) {
        ensure(dict == null, line);
        dict = expression();
      } else if (tokens.current().is(Token.Kind.NAME) && tokens.look().isOperator("=")) {
        ensure(dict == null, line);
        names.add(tokens.next().text());
        tokens.next();
        named.add(expression());
      } else {
        ensure(list == null && dict == null && names.isEmpty(), line);
        positional.add(expression());
      }
    }
    tokens.expectOperator(")");
    return new Syntax.Args(positional, names, named, list, dict);
  }

  private static void ensure(boolean isValid, int line) {
    if (!isValid) {
      throw JinjaError.inSource(line, "invalid syntax for function call expression");
    }
  }
}
