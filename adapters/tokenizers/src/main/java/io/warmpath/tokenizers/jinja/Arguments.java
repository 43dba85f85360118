package io.warmpath.tokenizers.jinja;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Arguments of one call. The arrays are shared, nobody changes them. */
final class Arguments {

  static final Arguments NONE = new Arguments(new Object[0], new String[0], new Object[0]);

  /** Null where a parameter was left out. */
  final @Nullable Object[] positional;

  final String[] names;
  final Object[] named;

  Arguments(@Nullable Object[] positional, String[] names, Object[] named) {
    this.positional = positional;
    this.names = names;
    this.named = named;
  }

  static Arguments of(Object... positional) {
    return new Arguments(positional, NONE.names, NONE.named);
  }

  int size() {
    return positional.length;
  }

  boolean has(int index) {
    return index < positional.length && positional[index] != null;
  }

  /** {@return whether it is given and not None} */
  boolean hasValue(int index) {
    return has(index) && positional[index] != None.NONE;
  }

  Object at(int index) {
    Object value = index < positional.length ? positional[index] : null;
    if (value == null) {
      throw new JinjaError("missing a required argument");
    }
    return value;
  }

  Object at(int index, Object absent) {
    return has(index) ? at(index) : absent;
  }

  /** {@return a named one, or null} */
  @Nullable
  Object find(String name) {
    int i = Arrays.asList(names).indexOf(name);
    return i < 0 ? null : named[i];
  }

  boolean truth(int index, boolean absent) {
    return has(index) ? Truth.of(at(index)) : absent;
  }

  String text(int index) {
    if (at(index) instanceof String text) {
      return text;
    }
    throw new JinjaError("must be str, not " + Types.name(at(index)));
  }

  String text(int index, String absent) {
    return has(index) ? text(index) : absent;
  }

  /** {@return an integer, cut to what an int holds} */
  int integer(int index, int absent) {
    return has(index) ? Integers.clamped(at(index)) : absent;
  }

  /** {@return the positional ones, all of which are there} */
  Object[] all() {
    Object[] all = new Object[positional.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = at(i);
    }
    return all;
  }

  /** {@return the same and one more named} */
  Arguments with(String name, Object value) {
    String[] allNames = Arrays.copyOf(names, names.length + 1);
    Object[] allNamed = Arrays.copyOf(named, named.length + 1);
    allNames[names.length] = name;
    allNamed[named.length] = value;
    return new Arguments(positional, allNames, allNamed);
  }

  /** {@return the same without the first ones} */
  Arguments from(int index) {
    return new Arguments(
        Arrays.copyOfRange(positional, Math.min(index, positional.length), positional.length),
        names,
        named);
  }
}
