package io.warmpath.tokenizers.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}. It reads ahead only when it is asked for what comes next. */
final class Loop implements Callable {

  private static final Undefined NO_PREVIOUS = Undefined.because("there is no previous item");
  private static final Undefined NO_NEXT = Undefined.because("there is no next item");

  private final Object iterable;
  private final @Nullable Recursion recursion;
  private final long depth0;
  private Iterator<Object> items;
  private long index0 = -1;
  private @Nullable Object previous;
  private @Nullable Object current;
  private @Nullable Object ahead;
  private @Nullable Object changed;

  /** Runs the loop's body on other values. */
  @FunctionalInterface
  interface Recursion {
    Object run(Run run, Object iterable, long depth0);
  }

  Loop(Object iterable, @Nullable Recursion recursion, long depth0, Run run) {
    this.iterable = iterable;
    this.recursion = recursion;
    this.depth0 = depth0;
    items = Iteration.of(iterable, run);
  }

  boolean hasNext() {
    return ahead != null || items.hasNext();
  }

  Object next() {
    Object item = ahead != null ? ahead : items.next();
    ahead = null;
    index0++;
    previous = current;
    current = item;
    return item;
  }

  private long length(Run run) {
    if (iterable instanceof List<?> list) {
      return list.size();
    }
    if (iterable instanceof Map<?, ?> map) {
      return map.size();
    }
    // What is left is counted, and kept.
    List<Object> rest = Iteration.list(items, run);
    items = rest.iterator();
    return index0 + 1 + (ahead == null ? 0 : 1) + rest.size();
  }

  private @Nullable Object ahead() {
    if (ahead == null && items.hasNext()) {
      ahead = items.next();
    }
    return ahead;
  }

  /** {@return an attribute, or null if there is none of this name} */
  @Nullable
  Object attribute(String name, Run run) {
    return switch (name) {
      case "index" -> index0 + 1;
      case "index0" -> index0;
      case "first" -> index0 == 0;
      case "last" -> ahead() == null;
      case "length" -> length(run);
      case "revindex" -> length(run) - index0;
      case "revindex0" -> length(run) - index0 - 1;
      case "previtem" -> previous == null ? NO_PREVIOUS : previous;
      case "nextitem" -> {
        Object next = ahead();
        yield next == null ? NO_NEXT : next;
      }
      case "depth" -> depth0 + 1;
      case "depth0" -> depth0;
      case "cycle" -> (Callable) (inner, args) -> cycle(args);
      case "changed" -> (Callable) (inner, args) -> changed(args, inner);
      default -> null;
    };
  }

  private Object cycle(Arguments args) {
    if (args.size() == 0) {
      throw new JinjaError("no items for cycling given");
    }
    return args.at((int) (index0 % args.size()));
  }

  private Object changed(Arguments args, Run run) {
    Object value = Tuple.of(args.all());
    if (changed != null && Equality.equal(changed, value, run)) {
      return false;
    }
    changed = value;
    return true;
  }

  @Override
  public Object call(Run run, Arguments args) {
    if (recursion == null) {
      throw new JinjaError("The loop must have the 'recursive' marker to be called recursively.");
    }
    if (args.size() != 1) {
      throw new JinjaError("loop() takes exactly one argument (" + args.size() + " given)");
    }
    return recursion.run(run, args.at(0), depth0 + 1);
  }

  String text(Run run) {
    return "<LoopContext " + (index0 + 1) + "/" + length(run) + ">";
  }
}
