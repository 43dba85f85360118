package io.warmpath.tokenizers.jinja;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A loop. As in jinja2, its {@code else} runs when no turn came to its end: none at all, or each was left
 * by {@code break} or {@code continue}.
 *
 * @param loopSlot of the variable {@code loop}, or -1 if the body does not read it
 */
record ForStatement(
    Expression iterable,
    Variables.Writer target,
    @Nullable Filter filter,
    Statement body,
    @Nullable Statement otherwise,
    int loopSlot)
    implements Statement {

  /** Leaves out values; {@code frame} has the variables around the loop. */
  @FunctionalInterface
  interface Filter {
    Iterator<Object> apply(Run run, Frame frame, Iterator<Object> items);
  }

  @Override
  public Flow execute(Run run) {
    return turn(run, iterable.evaluate(run), run.frame, null, 0);
  }

  private Flow turn(
      Run run, Object values, Frame outer, Loop.@Nullable Recursion recursion, long depth0) {
    Object items =
        filter == null ? values : Generator.of(filter.apply(run, outer, Iteration.of(values, run)));
    return loopSlot < 0
        ? plain(run, Iteration.of(items, run))
        : withLoop(run, new Loop(items, recursion, depth0, run));
  }

  private Flow plain(Run run, Iterator<Object> items) {
    boolean isDone = false;
    while (items.hasNext()) {
      run.step();
      target.write(run, items.next());
      Flow flow = body.execute(run);
      if (flow == Flow.BREAK) {
        break;
      }
      isDone |= flow == Flow.NEXT;
    }
    return end(run, isDone);
  }

  private Flow withLoop(Run run, Loop loop) {
    boolean isDone = false;
    while (loop.hasNext()) {
      run.step();
      target.write(run, loop.next());
      run.frame.slots[loopSlot] = loop;
      Flow flow = body.execute(run);
      if (flow == Flow.BREAK) {
        break;
      }
      isDone |= flow == Flow.NEXT;
    }
    return end(run, isDone);
  }

  private Flow end(Run run, boolean isDone) {
    return isDone || otherwise == null ? Flow.NEXT : otherwise.execute(run);
  }

  /**
   * A loop that can run itself on other values, with variables of its own each time.
   *
   * @param weight levels of the syntax tree in it
   */
  record Recursive(ForStatement loop, Scope.Function function, int weight) implements Statement {

    @Override
    public Flow execute(Run run) {
      print(run, loop.iterable().evaluate(run), run.frame, 0);
      return Flow.NEXT;
    }

    private void print(Run run, Object values, Frame outer, long depth0) {
      Frame callers = run.frame;
      Loop.Recursion recursion = (inner, others, depth) -> {
        int start = inner.out.length();
        print(inner, others, outer, depth);
        return inner.takeFrom(start);
      };
      run.enter(weight);
      run.frame = new Frame(function.size(), outer);
      loop.turn(run, values, outer, recursion, depth0);
      run.frame = callers;
      run.leave(weight);
    }
  }
}
