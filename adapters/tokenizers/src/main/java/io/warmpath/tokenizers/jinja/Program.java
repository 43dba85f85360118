package io.warmpath.tokenizers.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What compiling a template collects: the names that it reads from outside, and how deep it is. */
final class Program {

  /** Levels of the syntax tree; what runs goes as deep on the thread's stack. */
  private static final int MAX_LEVELS = 300;

  /** Names of variables that are given when the template is rendered; a name's index is its number. */
  final List<String> given = new ArrayList<>();

  /** All names that jinja2 would look up in the variables given. */
  final Set<String> mentioned = new HashSet<>();

  private int level;
  private int highest;

  int givenIndex(String name) {
    int index = given.indexOf(name);
    if (index < 0) {
      index = given.size();
      given.add(name);
    }
    return index;
  }

  void enter() {
    highest = Math.max(highest, ++level);
  }

  void leave() {
    level--;
  }

  /** Compiles a function's body and tells how deep it is. */
  int weightOf(Runnable body) {
    int outer = highest;
    highest = level;
    body.run();
    int weight = highest - level + 2;
    highest = outer;
    return weight;
  }

  /** Refuses trees that are too deep, without recursion. */
  static void checkHeight(List<? extends Syntax> roots) {
    Deque<Syntax> nodes = new ArrayDeque<>(roots);
    Deque<Integer> levels = new ArrayDeque<>();
    roots.forEach(root -> levels.add(1));
    while (!nodes.isEmpty()) {
      int level = levels.removeLast();
      Syntax node = nodes.removeLast();
      if (level > MAX_LEVELS) {
        throw new JinjaError("the template is nested more than " + MAX_LEVELS + " levels deep");
      }
      for (Syntax child : node.children()) {
        nodes.addLast(child);
        levels.addLast(level + 1);
      }
    }
  }

  /** {@return whether a name is read or written in these nodes} */
  static boolean hasName(List<? extends Syntax> nodes, String name) {
    for (Syntax node : nodes) {
      if ((node instanceof Syntax.Name one && one.name().equals(name))
          || hasName(node.children(), name)) {
        return true;
      }
    }
    return false;
  }
}
