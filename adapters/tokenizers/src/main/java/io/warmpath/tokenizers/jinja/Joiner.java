package io.warmpath.tokenizers.jinja;

/** What {@code joiner()} makes: called, it gives nothing the first time and its separator then. */
final class Joiner implements Callable {

  private final Object separator;
  private boolean isUsed;

  Joiner(Object separator) {
    this.separator = separator;
  }

  @Override
  public Object call(Run run, Arguments args) {
    if (isUsed) {
      return separator;
    }
    isUsed = true;
    return "";
  }
}
