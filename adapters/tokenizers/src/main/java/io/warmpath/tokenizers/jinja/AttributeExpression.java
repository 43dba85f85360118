package io.warmpath.tokenizers.jinja;

import java.util.Map;

/** {@code target.name}. */
final class AttributeExpression implements Expression {

  private final Expression target;
  private final String name;

  /** Whether Python's dicts have an attribute of this name, which comes before an item. */
  private final boolean isDictAttribute;

  AttributeExpression(Expression target, String name) {
    this.target = target;
    this.name = name;
    isDictAttribute = Attributes.isDictAttribute(name);
  }

  Expression target() {
    return target;
  }

  String name() {
    return name;
  }

  @Override
  public Object evaluate(Run run) {
    return of(target.evaluate(run), run);
  }

  Object of(Object value, Run run) {
    if (!isDictAttribute && value instanceof Map<?, ?> map) {
      Object member = map.get(name);
      if (member != null) {
        return member;
      }
      return map.containsKey(name) ? None.NONE : Undefined.member(map, name);
    }
    return Attributes.dot(value, name, run);
  }
}
