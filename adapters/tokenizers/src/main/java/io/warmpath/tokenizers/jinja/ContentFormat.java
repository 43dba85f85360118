package io.warmpath.tokenizers.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether a template goes through the parts of a message's content, found as vLLM 0.32 finds it
 * (vllm/renderers/hf.py, {@code _detect_content_format}): a loop over {@code content} of a variable that
 * loops over {@code messages} or an alias of it, over a macro's parameter that is given such a content, or,
 * outside of macros, over a variable named {@code content}.
 */
final class ContentFormat {

  private final List<Syntax.For> loops = new ArrayList<>();
  private final List<Syntax.Macro> macros = new ArrayList<>();
  private final List<Syntax.Assign> assigns = new ArrayList<>();
  private final List<Syntax.Call> calls = new ArrayList<>();
  private final List<String> items = new ArrayList<>();

  private ContentFormat(List<Syntax.Stmt> template) {
    walk(template, node -> {
      if (node instanceof Syntax.For loop) {
        loops.add(loop);
      } else if (node instanceof Syntax.Macro macro) {
        macros.add(macro);
      } else if (node instanceof Syntax.Assign assign) {
        assigns.add(assign);
      } else if (node instanceof Syntax.Call call) {
        calls.add(call);
      }
    });
  }

  static boolean readsParts(List<Syntax.Stmt> template) {
    try {
      return new ContentFormat(template).readsParts();
    } catch (JinjaError e) {
      // vLLM's analysis fails on such a template too, and takes its content for text.
      return false;
    }
  }

  private static void walk(List<? extends Syntax> nodes, Consumer<Syntax> visitor) {
    for (Syntax node : nodes) {
      visitor.accept(node);
      walk(node.children(), visitor);
    }
  }

  private boolean readsParts() {
    List<String> messages = messages();
    for (Syntax.For loop : loops) {
      if (messages.stream().anyMatch(name -> isAccess(loop.iterable(), name, null))) {
        items.add(name(loop.target()));
      }
    }
    Set<Syntax.For> inMacros =
        java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    for (Syntax.Macro macro : macros) {
      Set<String> params = contentParams(macro);
      boolean[] found = new boolean[1];
      walk(macro.body(), node -> {
        if (node instanceof Syntax.For loop) {
          inMacros.add(loop);
          found[0] |= loop.iterable() instanceof Syntax.Name name && params.contains(name.name());
        }
      });
      if (found[0]) {
        return true;
      }
    }
    for (Syntax.For loop : loops) {
      boolean isContent = isContent(loop.iterable())
          || (!inMacros.contains(loop)
              && loop.iterable() instanceof Syntax.Name name
              && name.name().equals("content"));
      if (isContent) {
        name(loop.target());
        return true;
      }
    }
    return false;
  }

  /** {@return {@code messages} and what is set to it or to a part of it} */
  private List<String> messages() {
    List<String> all = new ArrayList<>(List.of("messages"));
    Set<String> seen = new HashSet<>(all);
    Deque<String> open = new ArrayDeque<>(all);
    while (!open.isEmpty()) {
      String related = open.removeFirst();
      for (Syntax.Assign assign : assigns) {
        if (isAccess(assign.value(), related, null) && seen.add(name(assign.target()))) {
          all.add(name(assign.target()));
          open.addLast(name(assign.target()));
        }
      }
    }
    return all;
  }

  private static String name(Syntax.Expr target) {
    if (target instanceof Syntax.Name name) {
      return name.name();
    }
    throw new JinjaError("not a name");
  }

  private boolean isContent(Syntax.Expr node) {
    return items.stream().anyMatch(item -> isAccess(node, item, "content"));
  }

  private Set<String> contentParams(Syntax.Macro macro) {
    Set<String> params = new HashSet<>();
    List<String> names = macro.params().names();
    for (Syntax.Call call : calls) {
      if (call.target() instanceof Syntax.Name name && name.name().equals(macro.name())) {
        Syntax.Args args = call.args();
        for (int i = 0; i < Math.min(names.size(), args.positional().size()); i++) {
          if (isContent(args.positional().get(i))) {
            params.add(names.get(i));
          }
        }
        for (int i = 0; i < args.names().size(); i++) {
          if (names.contains(args.names().get(i)) && isContent(args.named().get(i))) {
            params.add(args.names().get(i));
          }
        }
      }
    }
    return params;
  }

  /** {@return whether it is the variable, or this member of it, maybe filtered, tested or sliced} */
  private static boolean isAccess(Syntax.Expr node, String variable, @Nullable String key) {
    if (node instanceof Syntax.Filter filter) {
      return filter.target() != null && isAccess(filter.target(), variable, key);
    }
    if (node instanceof Syntax.Test test) {
      return isAccess(test.target(), variable, key);
    }
    if (node instanceof Syntax.Item item && item.index() instanceof Syntax.Slice) {
      return isAccess(item.target(), variable, key);
    }
    if (key == null) {
      return isVariable(node, variable);
    }
    if (node instanceof Syntax.Item item) {
      return isVariable(item.target(), variable)
          && item.index() instanceof Syntax.Const constant
          && constant.value().equals(key);
    }
    return node instanceof Syntax.Attribute attribute
        && attribute.name().equals(key)
        && isVariable(attribute.target(), variable);
  }

  private static boolean isVariable(Syntax.Expr node, String variable) {
    return node instanceof Syntax.Name name && name.name().equals(variable);
  }
}
