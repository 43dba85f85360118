package io.warmpath.tokenizers.jinja;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which variable each name of a block means, found before anything runs, by the rules of jinja2 3.1.6
 * (idtracking.py): a name that is written in a block is a variable of that block; on entry it is a copy
 * of the outer one of the same name. A name that is only read is the next outer one, or comes from the
 * variables given. The branches of an {@code if} belong to the block around it.
 */
final class Scope {

  /** How a variable starts when its block is entered. */
  enum Start {
    PARAMETER,
    GIVEN,
    COPY,
    UNDEFINED
  }

  /** @param of what is copied, null if nothing is */
  record Load(Start start, @Nullable Variable of) {}

  /** A variable: a slot of a function's frame. Blocks of the same depth that follow each other share it. */
  record Variable(Function function, int slot, String name) {}

  /** What has a frame of its own while it runs: the template, a macro, a recursive loop. */
  static final class Function {
    final @Nullable Function outer;
    private final Map<String, Variable> variables = new HashMap<>();

    Function(@Nullable Function outer) {
      this.outer = outer;
    }

    private Variable variable(int level, String name) {
      return variables.computeIfAbsent(
          level + " " + name, key -> new Variable(this, variables.size(), name));
    }

    int size() {
      return variables.size();
    }
  }

  final Function function;
  final @Nullable Scope parent;
  private final int level;
  private final Map<String, Variable> names;
  private final Map<Variable, Load> loads;
  private final Set<String> stores;

  Scope(Function function, @Nullable Scope parent) {
    this(
        function,
        parent,
        parent == null ? 0 : parent.level + 1,
        new HashMap<>(),
        new LinkedHashMap<>(),
        new HashSet<>());
  }

  private Scope(
      Function function,
      @Nullable Scope parent,
      int level,
      Map<String, Variable> names,
      Map<Variable, Load> loads,
      Set<String> stores) {
    this.function = function;
    this.parent = parent;
    this.level = level;
    this.names = names;
    this.loads = loads;
    this.stores = stores;
  }

  private Scope copy() {
    return new Scope(
        function,
        parent,
        level,
        new HashMap<>(names),
        new LinkedHashMap<>(loads),
        new HashSet<>(stores));
  }

  Map<Variable, Load> loads() {
    return loads;
  }

  @Nullable
  Variable find(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Variable variable = scope.names.get(name);
      if (variable != null) {
        return variable;
      }
    }
    return null;
  }

  /** {@return whether the variable of this name is one of those given and never written} */
  boolean isGiven(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Variable variable = scope.names.get(name);
      if (variable != null) {
        return scope.isGiven(variable);
      }
    }
    return true;
  }

  /** {@return whether this variable of an outer block is one of those given and never written} */
  boolean isGivenOutside(Variable variable) {
    for (Scope scope = parent; scope != null; scope = scope.parent) {
      if (variable.equals(scope.names.get(variable.name()))) {
        return scope.isGiven(variable);
      }
    }
    return false;
  }

  /** {@return whether this variable of this block needs no slot} */
  boolean isGiven(Variable variable) {
    Load load = loads.get(variable);
    return load != null && load.start() == Start.GIVEN && !stores.contains(variable.name());
  }

  private Variable define(String name, Start start, @Nullable Variable of) {
    Variable variable = function.variable(level, name);
    names.put(name, variable);
    loads.put(variable, new Load(start, of));
    return variable;
  }

  Variable declareParameter(String name) {
    stores.add(name);
    return define(name, Start.PARAMETER, null);
  }

  private void store(String name) {
    stores.add(name);
    if (!names.containsKey(name)) {
      Variable outer = parent == null ? null : parent.find(name);
      define(name, outer == null ? Start.UNDEFINED : Start.COPY, outer);
    }
  }

  private void load(String name) {
    if (find(name) == null) {
      define(name, Start.GIVEN, null);
    }
  }

  void visit(List<? extends Syntax> nodes) {
    nodes.forEach(this::visit);
  }

  /** Visits what belongs to this block; of a block within it only what is evaluated outside of it. */
  void visit(Syntax node) {
    if (node instanceof Syntax.Name name) {
      load(name.name());
    } else if (node instanceof Syntax.If condition) {
      visitBranches(condition, 0);
    } else if (node instanceof Syntax.Assign assign) {
      visit(assign.value());
      visitTarget(assign.target());
    } else if (node instanceof Syntax.AssignBlock block) {
      visitTarget(block.target());
    } else if (node instanceof Syntax.For loop) {
      visit(loop.iterable());
    } else if (node instanceof Syntax.Macro macro) {
      store(macro.name());
    } else if (node instanceof Syntax.CallBlock block) {
      if (block.call() != null) {
        visit(block.call());
      }
    } else if (node instanceof Syntax.FilterBlock block) {
      visit(block.filter());
    } else if (node instanceof Syntax.With with) {
      visit(with.values());
    } else {
      visit(node.children());
    }
  }

  private void visitTarget(Syntax.Expr target) {
    if (target instanceof Syntax.Name name) {
      store(name.name());
    } else if (target instanceof Syntax.NamespaceTarget namespace) {
      load(namespace.name());
    } else {
      ((Syntax.TupleOf) target).items().forEach(this::visitTarget);
    }
  }

  /** Visits a target whose names are set from outside, as those of a loop. */
  void declare(Syntax.Expr target) {
    if (target instanceof Syntax.Name name) {
      declareParameter(name.name());
    } else {
      ((Syntax.TupleOf) target).items().forEach(this::declare);
    }
  }

  private void visitBranches(Syntax.If node, int from) {
    visit(node.tests().get(from));
    Scope body = copy();
    body.visit(node.branches().get(from));
    Scope others = copy();
    for (int i = from + 1; i < node.tests().size(); i++) {
      others.visit(node.tests().get(i));
      Scope branch = others.copy();
      branch.visit(node.branches().get(i));
      others.join(List.of(branch));
    }
    Scope otherwise = copy();
    otherwise.visit(node.otherwise());
    join(List.of(body, others, otherwise));
  }

  private void join(List<Scope> branches) {
    Set<String> written = new HashSet<>();
    branches.forEach(branch -> written.addAll(branch.stores));
    written.removeAll(stores);
    for (Scope branch : branches) {
      names.putAll(branch.names);
      loads.putAll(branch.loads);
      stores.addAll(branch.stores);
    }
    for (String name : written) {
      Variable variable = names.get(name);
      Variable outer = parent == null ? null : parent.find(name);
      if (variable != null) {
        loads.put(
            variable, outer == null ? new Load(Start.GIVEN, null) : new Load(Start.COPY, outer));
      }
    }
  }
}
