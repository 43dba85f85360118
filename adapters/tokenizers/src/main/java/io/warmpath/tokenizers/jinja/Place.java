package io.warmpath.tokenizers.jinja;

/**
 * Where a piece of a template stands.
 *
 * @param scope the block around it
 * @param isInLoop whether {@code break} has a loop to leave
 * @param isSoft whether it is directly in a branch, where an unknown filter is an error only if it is
 *     reached
 */
record Place(Scope scope, boolean isInLoop, boolean isSoft) {

  Place soft() {
    return new Place(scope, isInLoop, true);
  }

  Place in(Scope inner) {
    return new Place(inner, isInLoop, false);
  }
}
