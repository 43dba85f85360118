package io.warmpath.tokenizers.jinja;

import java.util.Iterator;
import java.util.Map;

/** {@code dict.keys()}, {@code values()} or {@code items()}. */
record DictView(Kind kind, Map<?, ?> dict) implements Iterable<Object> {

  enum Kind {
    KEYS,
    VALUES,
    ITEMS
  }

  String type() {
    return switch (kind) {
      case KEYS -> "dict_keys";
      case VALUES -> "dict_values";
      case ITEMS -> "dict_items";
    };
  }

  @Override
  public Iterator<Object> iterator() {
    Iterator<? extends Map.Entry<?, ?>> entries = dict.entrySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Object next() {
        Map.Entry<?, ?> entry = entries.next();
        return switch (kind) {
          case KEYS -> None.orNone(entry.getKey());
          case VALUES -> None.orNone(entry.getValue());
          case ITEMS -> Tuple.of(None.orNone(entry.getKey()), None.orNone(entry.getValue()));
        };
      }
    };
  }
}
