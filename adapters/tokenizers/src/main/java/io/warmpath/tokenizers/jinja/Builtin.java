package io.warmpath.tokenizers.jinja;

import org.jspecify.annotations.Nullable;

/**
 * A filter, test, method or function of Jinja or Python.
 *
 * @param name for messages
 * @param params names of the parameters behind the value that it is applied to; null if it takes any
 * @param required how many of them must be given
 * @param body what it does
 */
record Builtin(String name, String @Nullable [] params, int required, Body body) {

  /** Of the arguments, those left out are null. */
  @FunctionalInterface
  interface Body {
    Object apply(Run run, Object self, Arguments args);
  }

  /** {@return one with the parameters named, the optional ones behind a bar: {@code "a b | c"}} */
  static Builtin of(String name, String params, Body body) {
    String[] parts = params.split("\\|", 2);
    String[] needed = words(parts[0]);
    String[] all = words(params.replace('|', ' '));
    return new Builtin(name, all, needed.length, body);
  }

  private static String[] words(String text) {
    return text.isBlank() ? new String[0] : text.strip().split(" +");
  }

  Object call(Run run, Object self, Arguments args) {
    run.step();
    return body.apply(run, self, params == null ? args : bound(params, args));
  }

  private Arguments bound(String[] params, Arguments args) {
    int given = args.positional.length;
    if (given > params.length) {
      throw new JinjaError(
          name + "() takes at most " + params.length + " arguments (" + given + " given)");
    }
    Arguments bound = args.names.length == 0 ? args : named(params, args);
    for (int i = given; i < required; i++) {
      if (!bound.has(i)) {
        throw new JinjaError(
            name + "() missing 1 required positional argument: '" + params[i] + "'");
      }
    }
    return bound;
  }

  private Arguments named(String[] params, Arguments args) {
    @Nullable Object[] all = new @Nullable Object[params.length];
    System.arraycopy(args.positional, 0, all, 0, args.positional.length);
    for (int i = 0; i < args.names.length; i++) {
      int index = indexOf(params, args.names[i]);
      if (index < 0) {
        throw new JinjaError(
            name + "() got an unexpected keyword argument '" + args.names[i] + "'");
      }
      if (all[index] != null) {
        throw new JinjaError(name + "() got multiple values for argument '" + args.names[i] + "'");
      }
      all[index] = args.named[i];
    }
    return new Arguments(all, Arguments.NONE.names, Arguments.NONE.named);
  }

  private static int indexOf(String[] params, String name) {
    for (int i = 0; i < params.length; i++) {
      if (params[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** {@return a value that calls it on {@code self}} */
  Callable on(Object self) {
    return new BoundMethod(self, this);
  }

  /** A method of a value, not yet called. */
  record BoundMethod(Object self, Builtin method) implements Callable {
    @Override
    public Object call(Run run, Arguments args) {
      return method.call(run, self, args);
    }
  }
}
