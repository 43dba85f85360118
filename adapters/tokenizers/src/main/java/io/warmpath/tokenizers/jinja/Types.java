package io.warmpath.tokenizers.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Python's names of the types of values. */
final class Types {

  private Types() {}

  static String name(Object value) {
    if (value instanceof String) {
      return "str";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof Long || value instanceof BigInteger) {
      return "int";
    }
    if (value instanceof Double) {
      return "float";
    }
    if (value == None.NONE) {
      return "NoneType";
    }
    if (value instanceof Map<?, ?>) {
      return "dict";
    }
    if (value instanceof Tuple) {
      return "tuple";
    }
    if (value instanceof Range) {
      return "range";
    }
    if (value instanceof List<?>) {
      return "list";
    }
    if (value instanceof Generator generator) {
      return generator.type();
    }
    if (value instanceof DictView view) {
      return view.type();
    }
    return value instanceof Builtin.BoundMethod
        ? "builtin_function_or_method"
        : value.getClass().getSimpleName();
  }

  /** {@return the same, with the module where it is not Python's own} */
  static String nameInMessages(Object value) {
    String name = name(value);
    if (value instanceof Loop || value instanceof Macro || value instanceof Undefined) {
      return "jinja2.runtime." + (value instanceof Loop ? "LoopContext" : name);
    }
    return value instanceof Cycler || value instanceof Joiner ? "jinja2.utils." + name : name;
  }

  static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
  }
}
