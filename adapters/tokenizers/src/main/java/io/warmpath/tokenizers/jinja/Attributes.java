package io.warmpath.tokenizers.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code value.name} and {@code value[key]}, by the rules of jinja2's sandbox: the dot asks for an
 * attribute first and then for an item, brackets the other way round; what is not there is undefined,
 * and methods that would change a list or dict are refused.
 */
final class Attributes {

  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Attributes() {}

  /** {@return whether dicts have an attribute of this name, which comes before their items} */
  static boolean isDictAttribute(String name) {
    return DICT_CHANGES.contains(name)
        || ContainerMethods.DICT.containsKey(name)
        || (name.startsWith("__") && name.endsWith("__"));
  }

  /** {@return the value of {@code target.name}} */
  static Object dot(Object target, String name, Run run) {
    Object value = attribute(target, name, run);
    if (value == null && target instanceof Map<?, ?> map) {
      value = Dicts.find(map, name);
    }
    return value == null ? Undefined.member(target, name) : value;
  }

  /** {@return the value of {@code target[key]}} */
  static Object item(Object target, Object key, Run run) {
    Object value = null;
    if (target instanceof Map<?, ?> map) {
      value = isHashable(key) ? Dicts.find(map, key) : null;
    } else if (Types.isInteger(key)) {
      value = element(target, key, run);
    } else if (target instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (value == null && key instanceof String name) {
      value = attribute(target, name, run);
    }
    return value == null ? Undefined.member(target, key) : value;
  }

  private static boolean isHashable(Object key) {
    return key instanceof String
        || (!(key instanceof Map<?, ?>) && (!(key instanceof List<?>) || key instanceof Tuple));
  }

  private static @Nullable Object element(Object target, Object key, Run run) {
    int index = Integers.clamped(key);
    if (target instanceof String text) {
      // At once where there are no pairs; else some passes over the text.
      run.work(Strings.length(text) == text.length() ? text.length() >> 2 : 16L * text.length());
      return Strings.at(text, index);
    }
    if (target instanceof List<?> list) {
      int i = index < 0 ? index + list.size() : index;
      return i < 0 || i >= list.size() ? null : None.orNone(list.get(i));
    }
    if (target instanceof Undefined undefined) {
      throw undefined.error();
    }
    return null;
  }

  /** {@return an attribute in Python's sense: methods, mostly; null if there is none of this name} */
  static @Nullable Object attribute(Object target, String name, Run run) {
    if (target instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (name.startsWith("__") && name.endsWith("__") && !(target instanceof Namespace)) {
      return unsafe(target, name);
    }
    if (target instanceof String) {
      return bound(TextMethods.ALL.get(name), target);
    }
    if (target instanceof Map<?, ?>) {
      return DICT_CHANGES.contains(name)
          ? unsafe(target, name)
          : bound(ContainerMethods.DICT.get(name), target);
    }
    if (target instanceof List<?> list) {
      if (list instanceof Range range) {
        return rangeAttribute(range, name);
      }
      if (!(list instanceof Tuple) && LIST_CHANGES.contains(name)) {
        return unsafe(target, name);
      }
      Builtin method = ContainerMethods.LIST.get(name);
      return method == null || (list instanceof Tuple && name.equals("copy"))
          ? groupAttribute(list, name)
          : method.on(target);
    }
    if (target instanceof Namespace namespace) {
      return namespace.attributes().get(name);
    }
    if (target instanceof Loop loop) {
      return loop.attribute(name, run);
    }
    return otherAttribute(target, name);
  }

  private static Undefined unsafe(Object target, String name) {
    return Undefined.because("access to attribute %s of '%s' object is unsafe."
        .formatted(Text.quote(name), Types.name(target)));
  }

  private static @Nullable Object bound(@Nullable Builtin method, Object target) {
    return method == null ? null : method.on(target);
  }

  private static @Nullable Object rangeAttribute(Range range, String name) {
    return switch (name) {
      case "start" -> range.start;
      case "stop" -> range.stop;
      case "step" -> range.step;
      case "index", "count" -> bound(ContainerMethods.LIST.get(name), range);
      default -> null;
    };
  }

  /** The filter {@code groupby} gives pairs whose parts have names. */
  private static @Nullable Object groupAttribute(List<?> list, String name) {
    if (list instanceof Tuple tuple && tuple.size() == 2 && tuple.isGroup()) {
      return name.equals("grouper") ? tuple.get(0) : name.equals("list") ? tuple.get(1) : null;
    }
    return null;
  }

  private static @Nullable Object otherAttribute(Object target, String name) {
    if (target instanceof Cycler cycler) {
      return switch (name) {
        case "current" -> cycler.current();
        case "next" -> (Callable) (run, args) -> cycler.next();
        case "reset" ->
          (Callable) (run, args) -> {
            cycler.reset();
            return None.NONE;
          };
        default -> null;
      };
    }
    if (target instanceof Macro macro) {
      return macro.attribute(name);
    }
    if (target == Globals.DICT && name.equals("fromkeys")) {
      return Globals.FROM_KEYS;
    }
    if (Types.isInteger(target)) {
      return switch (name) {
        case "real", "numerator" ->
          target instanceof Boolean flag ? (Object) (flag ? 1L : 0L) : target;
        case "imag" -> 0L;
        case "denominator" -> 1L;
        default -> null;
      };
    }
    if (target instanceof Double number && name.equals("is_integer")) {
      return (Callable) (run, args) -> number == Math.rint(number) && !Double.isInfinite(number);
    }
    return null;
  }

  /** {@return the number of values, as Python's {@code len}} */
  static long length(Object value, Run run) {
    if (value instanceof String text) {
      run.work(text.length() >> 2);
      return Strings.length(text);
    }
    if (value instanceof List<?> list) {
      return list.size();
    }
    if (value instanceof Map<?, ?> map) {
      return map.size();
    }
    if (value instanceof DictView view) {
      return view.dict().size();
    }
    if (value instanceof Undefined) {
      return 0;
    }
    if (value instanceof Loop loop && loop.attribute("length", run) instanceof Long length) {
      return length;
    }
    throw new JinjaError("object of type '" + Types.name(value) + "' has no len()");
  }
}
