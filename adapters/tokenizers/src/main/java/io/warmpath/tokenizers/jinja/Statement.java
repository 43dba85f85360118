package io.warmpath.tokenizers.jinja;

/** A compiled statement. */
@FunctionalInterface
interface Statement {

  /** Where to go on. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow execute(Run run);
}
