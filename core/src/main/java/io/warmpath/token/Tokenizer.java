package io.warmpath.token;

/**
 * Turns text into the token ids that the engines of a pool would make of it, id by id.
 *
 * <p>Routing is only as good as this is exact: one differing id changes the hash of its block and of
 * every block after it.
 *
 * <p><b>Threads:</b> implementations are safe for use by any number of threads.
 */
public interface Tokenizer {

  /**
   * Appends the ids of {@code text} to {@code out}.
   *
   * @param text any text; a lone surrogate counts as U+FFFD, as in an engine's JSON reader
   * @param addSpecialTokens whether the tokenizer's own frame (such as a beginning-of-text token) is
   *     added; engines default to true for completions and to false for templated chats
   * @param out receives the ids after those it already has; owned by the calling thread
   */
  void encode(CharSequence text, boolean addSpecialTokens, TokenBuffer out);

  /**
   * Appends the ids of {@code text} unless that is too much work: for callers on a thread that must not
   * be held, such as an event loop.
   *
   * @param text as above
   * @param addSpecialTokens as above
   * @param mostNew how many characters may be tokenized, at least 0; what the tokenizer remembers does
   *     not count
   * @param out as above; if the answer is false, what was appended is of no use
   * @return whether all ids were appended; unless overridden, whether the whole text is short enough
   */
  default boolean encodeIfQuick(
      CharSequence text, boolean addSpecialTokens, int mostNew, TokenBuffer out) {
    if (text.length() > mostNew) {
      return false;
    }
    encode(text, addSpecialTokens, out);
    return true;
  }

  /**
   * Returns the id of an added token, which stands for itself in a text.
   *
   * @param content such as {@code <|image_pad|>}
   * @return its id; -1 if there is none, or unless overridden
   */
  default int addedToken(String content) {
    return -1;
  }

  /**
   * Returns whether {@link #encode} may wait for something else than the processor (a remote call,
   * a file). A router then calls it on its executor, never on the thread that asked for a route.
   *
   * @return false unless overridden
   */
  default boolean blocks() {
    return false;
  }
}
