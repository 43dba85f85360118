package io.warmpath.block;

/**
 * An image, a sound or a film in a prompt: the tokens that stand for it.
 *
 * @param identifier the engine's hash of its content, or what the user called it
 * @param offset its first token, counted from the first token of the prompt; at least 0
 * @param length how many tokens stand for it, at least 0
 */
public record MediaItem(String identifier, int offset, int length) {

  /** Checks the range. */
  public MediaItem {
    if (offset < 0 || length < 0 || offset > Integer.MAX_VALUE - length) {
      throw new IllegalArgumentException("media item '" + identifier
          + "': offset and length must be at least 0 and end in the prompt, were " + offset
          + " and "
          + length);
    }
  }

  int end() {
    return offset + length;
  }
}
