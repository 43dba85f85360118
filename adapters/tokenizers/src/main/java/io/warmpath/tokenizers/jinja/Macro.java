package io.warmpath.tokenizers.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A macro, or the body of a {@code call} block, with the variables that it was made among.
 *
 * @param code what it does
 * @param outer where its outer variables are
 */
record Macro(Code code, Frame outer) implements Callable {

  /**
   * @param name null for the body of a {@code call} block
   * @param params names of the parameters; parameter i is in slot {@code slots[i]}
   * @param slots of the parameters
   * @param entry sets the parameters that were left out, and the variables, and runs the body
   * @param size number of slots
   * @param weight levels of the syntax tree in it
   * @param callerSlot slot of the special variable, or -1 if the body does not read it
   * @param kwargsSlot likewise
   * @param varargsSlot likewise
   * @param hasCallerParam whether {@code caller} is among the parameters
   */
  record Code(
      @Nullable String name,
      List<String> params,
      int[] slots,
      Statement entry,
      int size,
      int weight,
      int callerSlot,
      int kwargsSlot,
      int varargsSlot,
      boolean hasCallerParam) {}

  @Nullable
  String name() {
    return code.name();
  }

  @Nullable
  Object attribute(String name) {
    return switch (name) {
      case "name" -> None.orNone(code.name());
      case "arguments" -> Tuple.copyOf(code.params());
      case "catch_kwargs" -> code.kwargsSlot() >= 0;
      case "catch_varargs" -> code.varargsSlot() >= 0;
      case "caller" -> code.callerSlot() >= 0;
      default -> null;
    };
  }

  @Override
  public Object call(Run run, Arguments args) {
    int start = run.out.length();
    print(run, args);
    return run.takeFrom(start);
  }

  /** Calls it and leaves what it writes in the prompt. */
  void print(Run run, Arguments args) {
    Frame callers = run.frame;
    Frame frame = new Frame(code.size(), outer);
    bind(frame, args);
    run.enter(code.weight());
    run.frame = frame;
    code.entry().execute(run);
    run.frame = callers;
    run.leave(code.weight());
  }

  private void bind(Frame frame, Arguments args) {
    int given = Math.min(args.size(), code.params().size());
    for (int i = 0; i < given; i++) {
      frame.slots[code.slots()[i]] = args.at(i);
    }
    Object caller = null;
    Map<Object, Object> kwargs = new LinkedHashMap<>();
    for (int i = 0; i < args.names.length; i++) {
      int param = code.params().indexOf(args.names[i]);
      if (param >= given) {
        frame.slots[code.slots()[param]] = args.named[i];
      } else if (args.names[i].equals("caller")
          && code.callerSlot() >= 0
          && !code.hasCallerParam()) {
        caller = args.named[i];
      } else {
        kwargs.put(args.names[i], args.named[i]);
      }
    }
    if (code.callerSlot() >= 0 && !code.hasCallerParam()) {
      frame.slots[code.callerSlot()] =
          caller == null ? Undefined.because("No caller defined") : caller;
    }
    bindRest(frame, args, given, kwargs);
  }

  private void bindRest(Frame frame, Arguments args, int given, Map<Object, Object> kwargs) {
    if (code.kwargsSlot() >= 0) {
      frame.slots[code.kwargsSlot()] = kwargs;
    } else if (kwargs.containsKey("caller")) {
      throw new JinjaError(
          "macro " + shownName()
              + " was invoked with two values for the special caller argument. This is most likely a bug.");
    } else if (!kwargs.isEmpty()) {
      throw new JinjaError("macro %s takes no keyword argument %s"
          .formatted(shownName(), Text.quote((String) kwargs.keySet().iterator().next())));
    }
    if (code.varargsSlot() >= 0) {
      frame.slots[code.varargsSlot()] = Tuple.of(args.from(given).all());
    } else if (args.size() > given) {
      throw new JinjaError("macro %s takes not more than %d argument(s)"
          .formatted(shownName(), code.params().size()));
    }
  }

  private String shownName() {
    return code.name() == null ? "None" : Text.quote(code.name());
  }
}
