package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes expressions that run of those that were read. */
final class ExpressionCompiler {

  private static final String[] NO_NAMES = {};

  private final Program program;
  private final Variables variables;

  ExpressionCompiler(Program program, Variables variables) {
    this.program = program;
    this.variables = variables;
  }

  Expression compile(Syntax.Expr node, Place place) {
    program.enter();
    Expression compiled = compileNode(node, place);
    program.leave();
    return compiled;
  }

  private Expression compileNode(Syntax.Expr node, Place place) {
    if (node instanceof Syntax.Const constant) {
      Object value = constant.value();
      return run -> value;
    }
    if (node instanceof Syntax.Name name) {
      return variables.value(name.name(), place.scope());
    }
    if (node instanceof Syntax.Attribute attribute) {
      return new AttributeExpression(compile(attribute.target(), place), attribute.name());
    }
    if (node instanceof Syntax.Item item) {
      return item(item, place);
    }
    if (node instanceof Syntax.Call call) {
      return new CallExpression(compile(call.target(), place), args(call.args(), place));
    }
    if (node instanceof Syntax.Filter filter) {
      return filter(filter, place);
    }
    if (node instanceof Syntax.Test test) {
      return test(test, place);
    }
    if (node instanceof Syntax.Binary binary) {
      return binary(binary, place);
    }
    if (node instanceof Syntax.Unary unary) {
      return unary(unary, place);
    }
    if (node instanceof Syntax.Compare compare) {
      return compare(compare, place);
    }
    if (node instanceof Syntax.Concat concat) {
      return new ConcatExpression(all(concat.items(), place), false);
    }
    if (node instanceof Syntax.Conditional conditional) {
      return conditional(conditional, place);
    }
    return container(node, place);
  }

  private Expression container(Syntax.Expr node, Place place) {
    if (node instanceof Syntax.ListOf list) {
      Expression[] items = all(list.items(), place);
      return run -> {
        run.make(items.length);
        List<Object> values = new ArrayList<>(items.length);
        for (Expression item : items) {
          values.add(item.evaluate(run));
        }
        return values;
      };
    }
    if (node instanceof Syntax.DictOf dict) {
      Expression[] keys = all(dict.keys(), place);
      Expression[] values = all(dict.values(), place);
      return run -> {
        run.make(keys.length);
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.length; i++) {
          Dicts.put(map, keys[i].evaluate(run), values[i].evaluate(run));
        }
        return Collections.unmodifiableMap(map);
      };
    }
    if (node instanceof Syntax.TupleOf tuple) {
      Expression[] items = all(tuple.items(), place);
      return run -> {
        run.make(items.length);
        return Tuple.of(values(items, run));
      };
    }
    if (node instanceof Syntax.Slice) {
      // Only where several indexes are given, which nothing takes.
      throw new JinjaError("a slice beside another index is not supported");
    }
    throw new JinjaError("an assignment target stands where a value must be");
  }

  Expression[] all(List<Syntax.Expr> nodes, Place place) {
    return nodes.stream().map(node -> compile(node, place)).toArray(Expression[]::new);
  }

  private static Object[] values(Expression[] items, Run run) {
    Object[] values = new Object[items.length];
    for (int i = 0; i < items.length; i++) {
      values[i] = items[i].evaluate(run);
    }
    return values;
  }

  private Expression item(Syntax.Item item, Place place) {
    Expression target = compile(item.target(), place);
    if (item.index() instanceof Syntax.Slice slice) {
      Expression start = bound(slice.start(), place);
      Expression stop = bound(slice.stop(), place);
      Expression step = bound(slice.step(), place);
      return run -> {
        Object value = target.evaluate(run);
        if (value instanceof Undefined undefined) {
          throw undefined.error();
        }
        return Slices.slice(
            value, start.evaluate(run), stop.evaluate(run), step.evaluate(run), run);
      };
    }
    Expression index = compile(item.index(), place);
    return run -> Attributes.item(target.evaluate(run), index.evaluate(run), run);
  }

  private Expression bound(Syntax.@Nullable Expr node, Place place) {
    return node == null ? run -> None.NONE : compile(node, place);
  }

  /** Makes arguments of what stands in a call's parentheses. */
  @FunctionalInterface
  interface ArgsExpression {
    Arguments evaluate(Run run);
  }

  ArgsExpression args(Syntax.Args args, Place place) {
    Expression[] positional = all(args.positional(), place);
    Expression[] named = all(args.named(), place);
    String[] names = args.names().toArray(NO_NAMES);
    if (args.list() != null || args.dict() != null) {
      return spread(
          positional, names, named, optional(args.list(), place), optional(args.dict(), place));
    }
    if (positional.length == 0 && named.length == 0) {
      return run -> Arguments.NONE;
    }
    return run -> new Arguments(
        values(positional, run),
        names,
        named.length == 0 ? Arguments.NONE.named : values(named, run));
  }

  private @Nullable Expression optional(Syntax.@Nullable Expr node, Place place) {
    return node == null ? null : compile(node, place);
  }

  private static ArgsExpression spread(
      Expression[] positional,
      String[] names,
      Expression[] named,
      @Nullable Expression list,
      @Nullable Expression dict) {
    return run -> {
      List<Object> values = new ArrayList<>(List.of(values(positional, run)));
      List<String> allNames = new ArrayList<>(List.of(names));
      List<Object> allNamed = new ArrayList<>(List.of(values(named, run)));
      if (list != null) {
        values.addAll(Iteration.list(Iteration.of(list.evaluate(run), run), run));
      }
      if (dict != null) {
        if (!(dict.evaluate(run) instanceof Map<?, ?> map)) {
          throw new JinjaError("argument after ** must be a mapping");
        }
        run.make(map.size());
        map.forEach((key, value) -> {
          if (!(key instanceof String name)) {
            throw new JinjaError("keywords must be strings");
          }
          if (allNames.contains(name)) {
            throw new JinjaError("got multiple values for keyword argument " + Text.quote(name));
          }
          allNames.add(name);
          allNamed.add(None.orNone(value));
        });
      }
      return new Arguments(values.toArray(), allNames.toArray(NO_NAMES), allNamed.toArray());
    };
  }

  private Expression filter(Syntax.Filter node, Place place) {
    if (node.target() == null) {
      throw new JinjaError("a filter without a value");
    }
    Expression target = compile(node.target(), place);
    FilterStep step = step(node, place);
    return run -> step.apply(run, target.evaluate(run));
  }

  /** One filter on a value. */
  @FunctionalInterface
  interface FilterStep {
    Object apply(Run run, Object value);
  }

  private FilterStep step(Syntax.Filter node, Place place) {
    Builtin filter = Filters.ALL.get(node.name());
    if (filter == null) {
      String message = "No filter named " + Text.quote(node.name());
      if (!place.isSoft()) {
        throw new JinjaError(message + ".");
      }
      return (run, value) -> {
        throw new JinjaError(message + " found.");
      };
    }
    ArgsExpression args = args(node.args(), place);
    return (run, value) -> filter.call(run, value, args.evaluate(run));
  }

  /** Compiles the filters of a block, the innermost first. */
  FilterStep blockFilters(Syntax.Filter node, Place place) {
    FilterStep outer = step(node, place);
    if (!(node.target() instanceof Syntax.Filter inside)) {
      return outer;
    }
    FilterStep inner = blockFilters(inside, place);
    return (run, value) -> outer.apply(run, inner.apply(run, value));
  }

  private Expression test(Syntax.Test node, Place place) {
    Expression target = compile(node.target(), place);
    Builtin test = Tests.ALL.get(node.name());
    if (test == null) {
      String message = "No test named " + Text.quote(node.name());
      if (!place.isSoft()) {
        throw new JinjaError(message + ".");
      }
      return run -> {
        throw new JinjaError(message + " found.");
      };
    }
    ArgsExpression args = args(node.args(), place);
    return run -> test.call(run, target.evaluate(run), args.evaluate(run));
  }

  private Expression binary(Syntax.Binary node, Place place) {
    if (node.operator().equals("+")) {
      List<Syntax.Expr> operands = new ArrayList<>();
      Syntax.Expr left = node;
      while (left instanceof Syntax.Binary sum && sum.operator().equals("+")) {
        operands.add(sum.right());
        left = sum.left();
      }
      operands.add(left);
      Collections.reverse(operands);
      return new ConcatExpression(all(operands, place), true);
    }
    Expression left = compile(node.left(), place);
    Expression right = compile(node.right(), place);
    return switch (node.operator()) {
      case "and" -> new AndExpression(left, right);
      case "or" -> new OrExpression(left, right);
      default -> {
        String operator = node.operator();
        yield run -> {
          run.step();
          return Operators.apply(operator, left.evaluate(run), right.evaluate(run), run);
        };
      }
    };
  }

  private record AndExpression(Expression left, Expression right) implements Expression {
    @Override
    public Object evaluate(Run run) {
      Object value = left.evaluate(run);
      return Truth.of(value) ? right.evaluate(run) : value;
    }

    @Override
    public boolean test(Run run) {
      return left.test(run) && right.test(run);
    }
  }

  private record OrExpression(Expression left, Expression right) implements Expression {
    @Override
    public Object evaluate(Run run) {
      Object value = left.evaluate(run);
      return Truth.of(value) ? value : right.evaluate(run);
    }

    @Override
    public boolean test(Run run) {
      return left.test(run) || right.test(run);
    }
  }

  private Expression unary(Syntax.Unary node, Place place) {
    Expression operand = compile(node.operand(), place);
    return switch (node.operator()) {
      case "not" -> run -> !operand.test(run);
      case "-" -> run -> Operators.negate(operand.evaluate(run));
      default -> run -> Operators.positive(operand.evaluate(run));
    };
  }

  private Expression compare(Syntax.Compare node, Place place) {
    Expression first = compile(node.first(), place);
    Expression[] operands = all(node.operands(), place);
    String[] operators = node.operators().toArray(NO_NAMES);
    return run -> {
      Object left = first.evaluate(run);
      for (int i = 0; i < operators.length; i++) {
        Object right = operands[i].evaluate(run);
        if (!compare(operators[i], left, right, run)) {
          return false;
        }
        left = right;
      }
      return true;
    };
  }

  private static boolean compare(String operator, Object left, Object right, Run run) {
    return switch (operator) {
      case "==" -> Equality.equal(left, right, run);
      case "!=" -> !Equality.equal(left, right, run);
      case "in" -> Equality.contains(right, left, run);
      case "not in" -> !Equality.contains(right, left, run);
      default -> Sorting.compare(operator, left, right, run);
    };
  }

  private Expression conditional(Syntax.Conditional node, Place place) {
    Place soft = place.soft();
    Expression test = compile(node.test(), soft);
    Expression then = compile(node.then(), soft);
    Syntax.Expr otherwise = node.otherwise();
    Undefined none = Undefined.because(
        "the inline if-expression evaluated to false and no else section was defined.");
    Expression other = otherwise == null ? run -> none : compile(otherwise, soft);
    return new ConditionalExpression(test, then, other);
  }

  private record ConditionalExpression(Expression test, Expression then, Expression otherwise)
      implements Expression {
    @Override
    public Object evaluate(Run run) {
      return test.test(run) ? then.evaluate(run) : otherwise.evaluate(run);
    }

    @Override
    public void print(Run run) {
      if (test.test(run)) {
        then.print(run);
      } else {
        otherwise.print(run);
      }
    }
  }
}
