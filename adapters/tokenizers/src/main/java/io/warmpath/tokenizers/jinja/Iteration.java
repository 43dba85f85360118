package io.warmpath.tokenizers.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Going through values as Python's {@code iter} does. */
final class Iteration {

  private Iteration() {}

  static boolean isIterable(Object value) {
    return value instanceof String
        || value instanceof List<?>
        || value instanceof Map<?, ?>
        || value instanceof Generator
        || value instanceof DictView
        || value instanceof Undefined
        || value instanceof Loop;
  }

  static Iterator<Object> of(Object value, Run run) {
    if (value instanceof List<?> list) {
      return new ListIterator(list);
    }
    if (value instanceof Map<?, ?> map) {
      return new DictView(DictView.Kind.KEYS, map).iterator();
    }
    if (value instanceof DictView view) {
      return view.iterator();
    }
    if (value instanceof Generator generator) {
      return generator.items();
    }
    if (value instanceof String text) {
      run.work(text.length());
      return new CharacterIterator(text);
    }
    if (value instanceof Undefined) {
      return Collections.emptyIterator();
    }
    throw new JinjaError("'" + Types.name(value) + "' object is not iterable");
  }

  /** {@return all values in a new list, or the list itself if it is one} */
  static List<?> list(Object value, Run run) {
    return value instanceof List<?> list ? list : list(of(value, run), run);
  }

  static List<Object> list(Iterator<Object> items, Run run) {
    List<Object> list = new ArrayList<>();
    while (items.hasNext()) {
      run.step();
      list.add(items.next());
    }
    run.make(list.size());
    return list;
  }

  private static final class ListIterator implements Iterator<Object> {
    private final List<?> list;
    private int at;

    ListIterator(List<?> list) {
      this.list = list;
    }

    @Override
    public boolean hasNext() {
      return at < list.size();
    }

    @Override
    public Object next() {
      return None.orNone(list.get(at++));
    }
  }

  private static final class CharacterIterator implements Iterator<Object> {
    private final String text;
    private int at;

    CharacterIterator(String text) {
      this.text = text;
    }

    @Override
    public boolean hasNext() {
      return at < text.length();
    }

    @Override
    public Object next() {
      int start = at;
      at += Character.charCount(text.codePointAt(at));
      return text.substring(start, at);
    }
  }
}
