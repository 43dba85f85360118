package io.warmpath.tokenizers.jinja;

/** A compiled expression. */
@FunctionalInterface
interface Expression {

  Object evaluate(Run run);

  /** Writes the value as the template prints it. */
  default void print(Run run) {
    Text.print(evaluate(run), run);
  }

  /** {@return whether the value counts as true} */
  default boolean test(Run run) {
    return Truth.of(evaluate(run));
  }
}
