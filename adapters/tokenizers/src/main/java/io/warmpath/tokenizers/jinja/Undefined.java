package io.warmpath.tokenizers.jinja;

import org.jspecify.annotations.Nullable;

/**
 * The value of what is not there: it prints nothing, is false and empty, and fails when anything is
 * done with it.
 */
final class Undefined {

  private final @Nullable String hint;
  private final @Nullable Object owner;
  private final Object name;

  private Undefined(@Nullable String hint, @Nullable Object owner, Object name) {
    this.hint = hint;
    this.owner = owner;
    this.name = name;
  }

  static Undefined variable(String name) {
    return new Undefined(null, null, name);
  }

  static Undefined member(Object owner, Object name) {
    return new Undefined(null, owner, name);
  }

  static Undefined because(String hint) {
    return new Undefined(hint, null, None.NONE);
  }

  JinjaError error() {
    if (hint != null) {
      return new JinjaError(hint);
    }
    if (owner == null) {
      return new JinjaError(Text.quote(name.toString()) + " is undefined");
    }
    String type = owner == None.NONE ? "None" : Types.nameInMessages(owner) + " object";
    return new JinjaError(
        name instanceof String text
            ? "'" + type + "' has no attribute " + Text.quote(text)
            : type + " has no element " + Text.repr(name));
  }
}
