package io.warmpath.tokenizers.jinja;

import java.time.LocalDateTime;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every chat template can call. */
final class Globals {

  static final Callable DICT = new Function("TemplateDict", (run, args) -> dict(args, run));
  static final Callable FROM_KEYS = (run, args) -> fromKeys(run, args);

  static final Map<String, Object> ALL = Map.of(
      "range", new Function("range", Globals::range),
      "dict", DICT,
      "namespace", new Function("namespace", Globals::namespace),
      "cycler", new Function("cycler", (run, args) -> cycler(args)),
      "joiner", new Function("joiner", (run, args) -> new Joiner(sole(args, "sep", ", "))),
      "raise_exception",
          new Function("raise_exception", (run, args) -> {
            throw JinjaError.raised(Text.str(sole(args, "message", None.NONE), run));
          }),
      "strftime_now",
          new Function(
              "strftime_now",
              (run, args) -> run.made(Strftime.format(LocalDateTime.now(run.clock), format(args)))),
      "lipsum",
          new Function("lipsum", (run, args) -> {
            throw new JinjaError("lipsum() is random text, which no prompt can be built of");
          }));

  /** With a name, for messages. */
  private record Function(String name, Callable body) implements Callable {
    @Override
    public Object call(Run run, Arguments args) {
      return body.call(run, args);
    }
  }

  private static final int MAX_FORMAT = 1_000;

  private Globals() {}

  private static Object sole(Arguments args, String name, Object absent) {
    if (args.size() + args.names.length > 1) {
      throw new JinjaError(
          "takes 1 argument but " + (args.size() + args.names.length) + " were given");
    }
    Object named = args.find(name);
    if (named == null && args.names.length > 0) {
      throw new JinjaError("got an unexpected keyword argument '" + args.names[0] + "'");
    }
    return named == null ? args.at(0, absent) : named;
  }

  private static String format(Arguments args) {
    if (sole(args, "format", None.NONE) instanceof String text) {
      if (text.length() > MAX_FORMAT) {
        throw new JinjaError("a time format of more than " + MAX_FORMAT + " characters");
      }
      return text;
    }
    throw new JinjaError("strftime() argument 1 must be str");
  }

  private static Object range(Run run, Arguments args) {
    if (args.size() < 1 || args.size() > 3 || args.names.length > 0) {
      throw new JinjaError("range expected 1 to 3 arguments, got " + args.size());
    }
    long first = Integers.clamped(args.at(0));
    if (args.size() == 1) {
      return new Range(0, first, 1);
    }
    return new Range(first, Integers.clamped(args.at(1)), args.integer(2, 1));
  }

  private static Object namespace(Run run, Arguments args) {
    Namespace namespace = new Namespace();
    dict(args, run).forEach(namespace::set);
    return namespace;
  }

  private static Object cycler(Arguments args) {
    if (args.size() == 0) {
      throw new JinjaError("at least one item has to be provided");
    }
    Object[] items = new Object[args.size()];
    for (int i = 0; i < items.length; i++) {
      items[i] = args.at(i);
    }
    return new Cycler(items);
  }

  /** {@return Python's {@code dict(pairs or dict, name=value...)}} */
  static Map<Object, Object> dict(Arguments args, Run run) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    if (args.size() > 1) {
      throw new JinjaError("dict expected at most 1 argument, got " + args.size());
    }
    if (args.size() == 1 && args.at(0) instanceof Map<?, ?> map) {
      dict.putAll(ContainerMethods.copy(map, run));
    } else if (args.size() == 1) {
      Iterator<Object> pairs = Iteration.of(args.at(0), run);
      while (pairs.hasNext()) {
        run.step();
        List<?> pair = Iteration.list(pairs.next(), run);
        if (pair.size() != 2) {
          throw new JinjaError(
              "dictionary update sequence element has length " + pair.size() + "; 2 is required");
        }
        Dicts.put(dict, None.orNone(pair.get(0)), None.orNone(pair.get(1)));
      }
    }
    for (int i = 0; i < args.names.length; i++) {
      dict.put(args.names[i], args.named[i]);
    }
    run.make(dict.size());
    return dict;
  }

  static Object fromKeys(Run run, Arguments args) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    Iterator<Object> keys = Iteration.of(args.at(0), run);
    while (keys.hasNext()) {
      run.step();
      Dicts.put(dict, keys.next(), args.at(1, None.NONE));
    }
    return dict;
  }
}
