package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles how names are read and written. */
final class Variables {

  private final Program program;

  Variables(Program program) {
    this.program = program;
  }

  /** Reads a variable; null if it has no value. */
  @FunctionalInterface
  interface Reader {
    @Nullable
    Object read(Run run);
  }

  /** Writes a value to a target. */
  @FunctionalInterface
  interface Writer {
    void write(Run run, Object value);

    /** Looks, before the value is evaluated, whether the target can be written. */
    default void check(Run run) {}
  }

  Reader reader(String name, Scope scope) {
    Scope.Variable variable = scope.find(name);
    if (variable == null || scope.isGiven(name)) {
      int index = program.givenIndex(name);
      return run -> run.context(index);
    }
    return slotReader(variable, scope);
  }

  private static Reader slotReader(Scope.Variable variable, Scope scope) {
    int slot = variable.slot();
    int hops = hops(scope.function, variable.function());
    if (hops == 0) {
      return run -> run.frame.slots[slot];
    }
    return run -> outer(run.frame, hops).slots[slot];
  }

  private static Frame outer(Frame frame, int hops) {
    Frame outer = frame;
    for (int i = 0; i < hops; i++) {
      outer = java.util.Objects.requireNonNull(outer.outer);
    }
    return outer;
  }

  private static int hops(Scope.Function from, Scope.Function to) {
    int hops = 0;
    for (Scope.Function f = from; f != null && f != to; f = f.outer) {
      hops++;
    }
    return hops;
  }

  Expression value(String name, Scope scope) {
    Reader reader = reader(name, scope);
    return run -> {
      Object value = reader.read(run);
      return value == null ? Undefined.variable(name) : value;
    };
  }

  /** {@return what sets the variables of a block when it is entered} */
  Statement[] entry(Scope scope) {
    List<Statement> all = new ArrayList<>();
    for (Map.Entry<Scope.Variable, Scope.Load> one : scope.loads().entrySet()) {
      Scope.Variable variable = one.getKey();
      Scope.Load load = one.getValue();
      if (load.start() == Scope.Start.GIVEN) {
        program.mentioned.add(variable.name());
      }
      if (load.start() != Scope.Start.PARAMETER && !scope.isGiven(variable)) {
        Reader reader = start(load, variable.name(), scope);
        int slot = variable.slot();
        all.add(run -> {
          run.frame.slots[slot] = reader.read(run);
          return Statement.Flow.NEXT;
        });
      }
    }
    return all.toArray(new Statement[0]);
  }

  private Reader start(Scope.Load load, String name, Scope scope) {
    Scope.Variable of = load.of();
    if (load.start() == Scope.Start.UNDEFINED) {
      return run -> null;
    }
    if (of == null || scope.isGivenOutside(of)) {
      int index = program.givenIndex(name);
      return run -> run.context(index);
    }
    return slotReader(of, scope);
  }

  Writer writer(Syntax.Expr target, Scope scope) {
    if (target instanceof Syntax.Name name) {
      Scope.Variable variable = scope.find(name.name());
      if (variable == null || variable.function() != scope.function) {
        throw new IllegalStateException("no variable " + name.name());
      }
      int slot = variable.slot();
      return (run, value) -> run.frame.slots[slot] = value;
    }
    if (target instanceof Syntax.NamespaceTarget namespace) {
      return new NamespaceWriter(value(namespace.name(), scope), namespace.attribute());
    }
    return new TupleWriter(((Syntax.TupleOf) target)
        .items().stream().map(item -> writer(item, scope)).toArray(Writer[]::new));
  }

  private record NamespaceWriter(Expression namespace, String attribute) implements Writer {
    @Override
    public void write(Run run, Object value) {
      if (namespace.evaluate(run) instanceof Namespace target) {
        target.set(attribute, value);
      }
    }

    @Override
    public void check(Run run) {
      if (!(namespace.evaluate(run) instanceof Namespace)) {
        throw new JinjaError("cannot assign attribute on non-namespace object");
      }
    }
  }

  private record TupleWriter(Writer[] writers) implements Writer {
    @Override
    public void write(Run run, Object value) {
      if (!Iteration.isIterable(value)) {
        throw new JinjaError("cannot unpack non-iterable " + Types.name(value) + " object");
      }
      List<?> items = Iteration.list(value, run);
      if (items.size() > writers.length) {
        throw new JinjaError("too many values to unpack (expected " + writers.length + ")");
      }
      if (items.size() < writers.length) {
        throw new JinjaError("not enough values to unpack (expected %d, got %d)"
            .formatted(writers.length, items.size()));
      }
      for (int i = 0; i < writers.length; i++) {
        writers[i].write(run, None.orNone(items.get(i)));
      }
    }

    @Override
    public void check(Run run) {
      for (Writer writer : writers) {
        writer.check(run);
      }
    }
  }
}
