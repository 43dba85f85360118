package io.warmpath.tokenizers.jinja;

/** A value that can be called. */
@FunctionalInterface
interface Callable {

  Object call(Run run, Arguments args);
}
