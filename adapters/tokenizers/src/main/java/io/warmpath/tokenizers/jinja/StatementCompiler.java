package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes statements that run of those that were read. */
final class StatementCompiler {

  private final Program program;
  private final Variables variables;
  private final ExpressionCompiler expressions;

  private StatementCompiler(Program program) {
    this.program = program;
    variables = new Variables(program);
    expressions = new ExpressionCompiler(program, variables);
  }

  /** Compiles a whole template, whose variables are those of {@code root}. */
  static Statement compile(List<Syntax.Stmt> nodes, Program program, Scope root) {
    StatementCompiler compiler = new StatementCompiler(program);
    root.visit(nodes);
    return compiler.block(nodes, new Place(root, false, false), compiler.variables.entry(root));
  }

  private Statement block(List<Syntax.Stmt> nodes, Place place, Statement[] entry) {
    program.enter();
    List<Statement> all = new ArrayList<>(List.of(entry));
    for (Syntax.Stmt node : nodes) {
      all.add(statement(node, place));
    }
    program.leave();
    if (all.size() == 1) {
      return all.get(0);
    }
    Statement[] statements = all.toArray(new Statement[0]);
    return run -> {
      for (Statement statement : statements) {
        Statement.Flow flow = statement.execute(run);
        if (flow != Statement.Flow.NEXT) {
          return flow;
        }
      }
      return Statement.Flow.NEXT;
    };
  }

  private Statement statement(Syntax.Stmt node, Place place) {
    Statement compiled;
    try {
      compiled = compileNode(node, place);
    } catch (JinjaError e) {
      throw e.at(node.line());
    }
    int line = node.line();
    return run -> {
      run.line = line;
      run.step();
      return compiled.execute(run);
    };
  }

  private Statement compileNode(Syntax.Stmt node, Place place) {
    if (node instanceof Syntax.Data data) {
      String text = data.text();
      return run -> {
        run.print(text);
        return Statement.Flow.NEXT;
      };
    }
    if (node instanceof Syntax.Print print) {
      Expression value = expressions.compile(print.value(), place);
      return run -> {
        value.print(run);
        return Statement.Flow.NEXT;
      };
    }
    if (node instanceof Syntax.If condition) {
      return condition(condition, place.soft());
    }
    if (node instanceof Syntax.For loop) {
      return loop(loop, place);
    }
    if (node instanceof Syntax.Assign assign) {
      return assign(assign, place);
    }
    if (node instanceof Syntax.AssignBlock block) {
      return assignBlock(block, place);
    }
    if (node instanceof Syntax.Macro macro) {
      Macro.Code code = macro(macro.name(), macro.params(), macro.body(), place);
      Variables.Writer writer = variables.writer(new Syntax.Name(macro.name()), place.scope());
      return run -> {
        writer.write(run, new Macro(code, run.frame));
        return Statement.Flow.NEXT;
      };
    }
    if (node instanceof Syntax.CallBlock block) {
      return callBlock(block, place);
    }
    if (node instanceof Syntax.FilterBlock block) {
      return filterBlock(block, place);
    }
    if (node instanceof Syntax.With with) {
      return with(with, place);
    }
    return jump((Syntax.Jump) node, place);
  }

  private static Statement jump(Syntax.Jump node, Place place) {
    if (!place.isInLoop()) {
      throw new JinjaError("'" + (node.isBreak() ? "break" : "continue") + "' outside loop");
    }
    Statement.Flow flow = node.isBreak() ? Statement.Flow.BREAK : Statement.Flow.CONTINUE;
    return run -> flow;
  }

  private Statement condition(Syntax.If node, Place place) {
    Expression[] tests = expressions.all(node.tests(), place);
    Statement[] branches = node.branches().stream()
        .map(branch -> block(branch, place, new Statement[0]))
        .toArray(Statement[]::new);
    Statement otherwise = block(node.otherwise(), place, new Statement[0]);
    return run -> {
      for (int i = 0; i < tests.length; i++) {
        if (tests[i].test(run)) {
          return branches[i].execute(run);
        }
      }
      return otherwise.execute(run);
    };
  }

  private Statement assign(Syntax.Assign node, Place place) {
    Expression value = expressions.compile(node.value(), place);
    Variables.Writer writer = variables.writer(node.target(), place.scope());
    return run -> {
      writer.check(run);
      writer.write(run, value.evaluate(run));
      return Statement.Flow.NEXT;
    };
  }

  private Statement assignBlock(Syntax.AssignBlock node, Place place) {
    Scope inner = new Scope(place.scope().function, place.scope());
    inner.visit(node.body());
    if (node.filter() != null) {
      inner.visit(node.filter());
    }
    Place within = place.in(inner);
    Statement body = block(node.body(), within, variables.entry(inner));
    ExpressionCompiler.FilterStep filter = node.filter() == null
        ? (run, value) -> value
        : expressions.blockFilters(node.filter(), within);
    Variables.Writer writer = variables.writer(node.target(), place.scope());
    return run -> {
      writer.check(run);
      int start = run.out.length();
      Statement.Flow flow = body.execute(run);
      String text = run.takeFrom(start);
      if (flow == Statement.Flow.NEXT) {
        writer.write(run, filter.apply(run, text));
      }
      return flow;
    };
  }

  private Statement filterBlock(Syntax.FilterBlock node, Place place) {
    Scope inner = new Scope(place.scope().function, place.scope());
    inner.visit(node.body());
    inner.visit(node.filter());
    Place within = place.in(inner);
    Statement body = block(node.body(), within, variables.entry(inner));
    ExpressionCompiler.FilterStep filter = expressions.blockFilters(node.filter(), within);
    return run -> {
      int start = run.out.length();
      Statement.Flow flow = body.execute(run);
      String text = run.takeFrom(start);
      if (flow == Statement.Flow.NEXT) {
        Text.print(filter.apply(run, text), run);
      }
      return flow;
    };
  }

  private Statement with(Syntax.With node, Place place) {
    Scope inner = new Scope(place.scope().function, place.scope());
    node.targets().forEach(inner::declare);
    inner.visit(node.body());
    Expression[] values = expressions.all(node.values(), place);
    Variables.Writer[] writers = node.targets().stream()
        .map(target -> variables.writer(target, inner))
        .toArray(Variables.Writer[]::new);
    Statement body = block(node.body(), place.in(inner), variables.entry(inner));
    return run -> {
      for (int i = 0; i < values.length; i++) {
        writers[i].write(run, values[i].evaluate(run));
      }
      return body.execute(run);
    };
  }

  private Statement loop(Syntax.For node, Place place) {
    checkLoopIsNotWritten(node);
    Scope.Function outside = place.scope().function;
    Scope.Function function = node.isRecursive() ? new Scope.Function(outside) : outside;
    Scope inner = new Scope(function, place.scope());
    boolean hasLoop = node.isRecursive() || Program.hasName(node.body(), "loop");
    Scope.Variable loop = hasLoop ? inner.declareParameter("loop") : null;
    inner.declare(node.target());
    inner.visit(node.body());
    Expression iterable = expressions.compile(node.iterable(), place);
    ForStatement.Filter filter = node.test() == null ? null : filter(node, node.test(), place);
    Place within = new Place(inner, true, false);
    ForStatement[] made = new ForStatement[1];
    int weight = program.weightOf(() -> {
      Statement body = block(node.body(), within, variables.entry(inner));
      made[0] = new ForStatement(
          iterable,
          variables.writer(node.target(), inner),
          filter,
          body,
          otherwise(node, function, place),
          loop == null ? -1 : loop.slot());
    });
    if (!node.isRecursive()) {
      // Its levels count for the function around it.
      for (int i = 0; i < weight; i++) {
        program.enter();
      }
      for (int i = 0; i < weight; i++) {
        program.leave();
      }
      return made[0];
    }
    return new ForStatement.Recursive(made[0], function, weight);
  }

  private static void checkLoopIsNotWritten(Syntax.For node) {
    if (Program.hasName(List.of(node.target()), "loop")) {
      throw new JinjaError("Can't assign to special loop variable in for-loop target");
    }
  }

  private @Nullable Statement otherwise(Syntax.For node, Scope.Function function, Place place) {
    if (node.otherwise().isEmpty()) {
      return null;
    }
    Scope inner = new Scope(function, place.scope());
    inner.visit(node.otherwise());
    Place within = new Place(inner, place.isInLoop() && !node.isRecursive(), false);
    return block(node.otherwise(), within, variables.entry(inner));
  }

  /** The test has variables of its own, as it may run ahead of the loop. */
  private ForStatement.Filter filter(Syntax.For node, Syntax.Expr test, Place place) {
    Scope.Function function = new Scope.Function(place.scope().function);
    Scope inner = new Scope(function, place.scope());
    inner.declare(node.target());
    inner.visit(test);
    Expression compiled = expressions.compile(test, new Place(inner, false, false));
    Variables.Writer writer = variables.writer(node.target(), inner);
    Statement[] entry = variables.entry(inner);
    return (run, frame, items) -> {
      Frame own = new Frame(function.size(), frame);
      return new Chosen(items, run, item -> {
        Frame callers = run.frame;
        run.frame = own;
        writer.write(run, item);
        for (Statement statement : entry) {
          statement.execute(run);
        }
        boolean holds = compiled.test(run);
        run.frame = callers;
        return holds;
      });
    };
  }

  private Macro.Code macro(
      @Nullable String name, Syntax.Params params, List<Syntax.Stmt> nodes, Place place) {
    Scope.Function function = new Scope.Function(place.scope().function);
    Scope inner = new Scope(function, place.scope());
    params.names().forEach(inner::declareParameter);
    inner.visit(params.defaults());
    inner.visit(nodes);
    boolean hasCallerParam = params.names().contains("caller");
    int callerSlot = -1;
    if (Program.hasName(nodes, "caller")) {
      int index = params.names().indexOf("caller");
      if (hasCallerParam && index < params.names().size() - params.defaults().size()) {
        throw new JinjaError(
            "When defining macros or call blocks the special \"caller\" argument must"
                + " be omitted or be given a default.");
      }
      callerSlot = inner.declareParameter("caller").slot();
    }
    int kwargsSlot = special(inner, nodes, params, "kwargs");
    int varargsSlot = special(inner, nodes, params, "varargs");
    int[] slots = params.names().stream()
        .mapToInt(param -> inner.declareParameter(param).slot())
        .toArray();
    Statement[] made = new Statement[1];
    int weight = program.weightOf(() -> made[0] = macroBody(params, slots, nodes, inner));
    return new Macro.Code(
        name,
        params.names(),
        slots,
        made[0],
        function.size(),
        weight,
        callerSlot,
        kwargsSlot,
        varargsSlot,
        hasCallerParam);
  }

  private static int special(
      Scope inner, List<Syntax.Stmt> nodes, Syntax.Params params, String name) {
    return Program.hasName(nodes, name) && !params.names().contains(name)
        ? inner.declareParameter(name).slot()
        : -1;
  }

  private Statement macroBody(
      Syntax.Params params, int[] slots, List<Syntax.Stmt> nodes, Scope inner) {
    Place within = new Place(inner, false, false);
    List<Statement> entry = new ArrayList<>(List.of(variables.entry(inner)));
    int required = params.names().size() - params.defaults().size();
    for (int i = 0; i < slots.length; i++) {
      int slot = slots[i];
      String name = params.names().get(i);
      Undefined absent = Undefined.because("parameter " + Text.quote(name) + " was not provided");
      Expression value = i < required
          ? run -> absent
          : expressions.compile(params.defaults().get(i - required), within);
      entry.add(run -> {
        if (run.frame.slots[slot] == null) {
          run.frame.slots[slot] = value.evaluate(run);
        }
        return Statement.Flow.NEXT;
      });
    }
    return block(nodes, within, entry.toArray(new Statement[0]));
  }

  private Statement callBlock(Syntax.CallBlock node, Place place) {
    Macro.Code code = macro(null, node.params(), node.body(), place);
    Syntax.Call call = node.call();
    if (call == null) {
      return run -> {
        new Macro(code, run.frame).print(run, Arguments.NONE);
        return Statement.Flow.NEXT;
      };
    }
    Expression target = expressions.compile(call.target(), place);
    ExpressionCompiler.ArgsExpression args = expressions.args(call.args(), place);
    return run -> {
      Object callee = target.evaluate(run);
      Arguments all = args.evaluate(run).with("caller", new Macro(code, run.frame));
      if (callee instanceof Macro macro) {
        macro.print(run, all);
      } else if (callee instanceof Callable callable) {
        Text.print(callable.call(run, all), run);
      } else if (callee instanceof Undefined undefined) {
        throw undefined.error();
      } else {
        throw new JinjaError("'" + Types.name(callee) + "' object is not callable");
      }
      return Statement.Flow.NEXT;
    };
  }
}
