package io.warmpath.tokenizers.jinja;

/**
 * {@code a ~ b ~ c}, or {@code a + b + c}. Where it is printed, texts go into the prompt one by one
 * and are never put together.
 */
final class ConcatExpression implements Expression {

  private final Expression[] items;
  private final boolean isSum;

  ConcatExpression(Expression[] items, boolean isSum) {
    this.items = items;
    this.isSum = isSum;
  }

  @Override
  public Object evaluate(Run run) {
    run.step();
    Object first = items[0].evaluate(run);
    if (isSum) {
      return items.length == 2
          ? Operators.add(first, items[1].evaluate(run), run)
          : sum(first, run);
    }
    return concat(first, run);
  }

  /** Adds from left to right; texts are collected. */
  private Object sum(Object first, Run run) {
    Object sum = first;
    int i = 1;
    if (first instanceof String text) {
      StringBuilder all = new StringBuilder(text);
      while (i < items.length) {
        all.append(addable(items[i++].evaluate(run), run));
        run.check(all);
      }
      return run.made(all.toString());
    }
    while (i < items.length) {
      sum = Operators.add(sum, items[i++].evaluate(run), run);
    }
    return sum;
  }

  private static String addable(Object value, Run run) {
    return value instanceof String text ? text : (String) Operators.add("", value, run);
  }

  private String concat(Object first, Run run) {
    StringBuilder all = new StringBuilder(Text.str(first, run));
    for (int i = 1; i < items.length; i++) {
      all.append(Text.str(items[i].evaluate(run), run));
      run.check(all);
    }
    return run.made(all.toString());
  }

  @Override
  public void print(Run run) {
    run.step();
    Object first = items[0].evaluate(run);
    if (isSum && !(first instanceof String)) {
      Text.print(sum(first, run), run);
      return;
    }
    Text.print(first, run);
    for (int i = 1; i < items.length; i++) {
      Object value = items[i].evaluate(run);
      if (isSum) {
        run.print(addable(value, run));
      } else {
        Text.print(value, run);
      }
    }
  }
}
