package io.warmpath.request;

/** One prompt of a completion request. */
public sealed interface Prompt {

  /**
   * A prompt in words.
   *
   * @param text as the client sent it
   */
  record Text(String text) implements Prompt {}

  /**
   * A prompt that is already tokenized.
   *
   * @param ids token ids, each at least 0; shared, not copied
   */
  record Tokens(int[] ids) implements Prompt {
    @Override
    public String toString() {
      return "Tokens[" + ids.length + "]";
    }
  }
}
