package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A template as it is written: the tree that the parser makes, with the node types of jinja2. */
sealed interface Syntax {

  /** {@return the parts, in the order in which jinja2 visits them} */
  List<Syntax> children();

  /** What has a value. */
  sealed interface Expr extends Syntax {}

  /** What does something. */
  sealed interface Stmt extends Syntax {
    int line();
  }

  /** A value that stands in the template. */
  record Const(Object value) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.of();
    }
  }

  /** A name that is read, or where a target is expected, written. */
  record Name(String name) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.of();
    }
  }

  /** {@code name.attribute} where a target is expected. */
  record NamespaceTarget(String name, String attribute) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.of();
    }
  }

  record TupleOf(List<Expr> items) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.copyOf(items);
    }
  }

  record ListOf(List<Expr> items) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.copyOf(items);
    }
  }

  record DictOf(List<Expr> keys, List<Expr> values) implements Expr {
    @Override
    public List<Syntax> children() {
      return of(keys, values);
    }
  }

  record Attribute(Expr target, String name) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.of(target);
    }
  }

  record Item(Expr target, Expr index) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.of(target, index);
    }
  }

  record Slice(
      @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step) implements Expr {
    @Override
    public List<Syntax> children() {
      return present(start, stop, step);
    }
  }

  /** Arguments of a call: {@code (1, n=2, *list, **dict)}. */
  record Args(
      List<Expr> positional,
      List<String> names,
      List<Expr> named,
      @Nullable Expr list,
      @Nullable Expr dict) {

    static final Args NONE = new Args(List.of(), List.of(), List.of(), null, null);

    List<Syntax> children() {
      List<Syntax> all = of(positional, named);
      all.addAll(present(list, dict));
      return all;
    }
  }

  record Call(Expr target, Args args) implements Expr {
    @Override
    public List<Syntax> children() {
      return with(target, args.children());
    }
  }

  /** A filter; without a target where it is applied to a block. */
  record Filter(@Nullable Expr target, String name, Args args) implements Expr {
    @Override
    public List<Syntax> children() {
      return with(target, args.children());
    }
  }

  record Test(Expr target, String name, Args args) implements Expr {
    @Override
    public List<Syntax> children() {
      return with(target, args.children());
    }
  }

  /** {@code not x}, {@code -x}, {@code +x}. */
  record Unary(String operator, Expr operand) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.of(operand);
    }
  }

  /** Arithmetic, {@code and}, {@code or}. */
  record Binary(String operator, Expr left, Expr right) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.of(left, right);
    }
  }

  /** {@code a < b <= c}: operator i stands before operand i. */
  record Compare(Expr first, List<String> operators, List<Expr> operands) implements Expr {
    @Override
    public List<Syntax> children() {
      return with(first, List.copyOf(operands));
    }
  }

  /** {@code a ~ b ~ c}. */
  record Concat(List<Expr> items) implements Expr {
    @Override
    public List<Syntax> children() {
      return List.copyOf(items);
    }
  }

  record Conditional(Expr test, Expr then, @Nullable Expr otherwise) implements Expr {
    @Override
    public List<Syntax> children() {
      return present(test, then, otherwise);
    }
  }

  /** Text between the tags. */
  record Data(int line, String text) implements Stmt {
    @Override
    public List<Syntax> children() {
      return List.of();
    }
  }

  record Print(int line, Expr value) implements Stmt {
    @Override
    public List<Syntax> children() {
      return List.of(value);
    }
  }

  /** {@code if}; branch i has test i. */
  record If(int line, List<Expr> tests, List<List<Stmt>> branches, List<Stmt> otherwise)
      implements Stmt {
    @Override
    public List<Syntax> children() {
      List<Syntax> all = new ArrayList<>();
      for (int i = 0; i < tests.size(); i++) {
        all.add(tests.get(i));
        all.addAll(branches.get(i));
      }
      all.addAll(otherwise);
      return all;
    }
  }

  record For(
      int line,
      Expr target,
      Expr iterable,
      List<Stmt> body,
      List<Stmt> otherwise,
      @Nullable Expr test,
      boolean isRecursive)
      implements Stmt {
    @Override
    public List<Syntax> children() {
      List<Syntax> all = new ArrayList<>(List.of(target, iterable));
      all.addAll(of(body, otherwise));
      all.addAll(present(test));
      return all;
    }
  }

  record Assign(int line, Expr target, Expr value) implements Stmt {
    @Override
    public List<Syntax> children() {
      return List.of(target, value);
    }
  }

  /** {@code set} with a body. */
  record AssignBlock(int line, Expr target, @Nullable Filter filter, List<Stmt> body)
      implements Stmt {
    @Override
    public List<Syntax> children() {
      List<Syntax> all = present(target, filter);
      all.addAll(body);
      return all;
    }
  }

  /** Parameters of a macro; the last ones have the defaults. */
  record Params(List<String> names, List<Expr> defaults) {}

  record Macro(int line, String name, Params params, List<Stmt> body) implements Stmt {
    @Override
    public List<Syntax> children() {
      return of(params.defaults(), body);
    }
  }

  /** {@code call}; without a call it is the tag {@code generation}, whose body is just printed. */
  record CallBlock(int line, Params params, @Nullable Call call, List<Stmt> body) implements Stmt {
    @Override
    public List<Syntax> children() {
      List<Syntax> all = present(call);
      all.addAll(of(params.defaults(), body));
      return all;
    }
  }

  record FilterBlock(int line, Filter filter, List<Stmt> body) implements Stmt {
    @Override
    public List<Syntax> children() {
      return with(filter, List.copyOf(body));
    }
  }

  record With(int line, List<Expr> targets, List<Expr> values, List<Stmt> body) implements Stmt {
    @Override
    public List<Syntax> children() {
      List<Syntax> all = of(targets, values);
      all.addAll(body);
      return all;
    }
  }

  /** {@code break} or {@code continue}. */
  record Jump(int line, boolean isBreak) implements Stmt {
    @Override
    public List<Syntax> children() {
      return List.of();
    }
  }

  private static List<Syntax> of(List<? extends Syntax> some, List<? extends Syntax> others) {
    List<Syntax> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private static List<Syntax> with(@Nullable Syntax first, List<Syntax> others) {
    List<Syntax> all = present(first);
    all.addAll(others);
    return all;
  }

  private static List<Syntax> present(@Nullable Syntax... nodes) {
    List<Syntax> all = new ArrayList<>();
    for (Syntax node : nodes) {
      if (node != null) {
        all.add(node);
      }
    }
    return all;
  }
}
