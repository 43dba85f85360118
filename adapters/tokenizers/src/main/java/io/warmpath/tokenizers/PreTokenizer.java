package io.warmpath.tokenizers;

/**
 * One step that cuts text into smaller pieces, each of which the next step cuts further.
 *
 * <p><b>Threads:</b> implementations are safe for any number of threads.
 */
@FunctionalInterface
interface PreTokenizer {

  /** Receives pieces in the order of the text. */
  @FunctionalInterface
  interface Pieces {
    /**
     * Takes one piece.
     *
     * @param text the text that the piece is of, well-formed UTF-16, not kept; need not be the one
     *     that came in
     * @param from first char
     * @param to behind the last char, above {@code from}
     */
    void piece(char[] text, int from, int to);
  }

  /** Hands the pieces of {@code text[from, to)}, which is not empty, to {@code out}. */
  void split(char[] text, int from, int to, Pieces out);

  /**
   * Returns at which places between a line break and a letter the text before and the text behind
   * give the same pieces apart as they give together.
   *
   * @return {@link LineCuts#NONE} unless it is proven
   */
  default LineCuts lineCuts() {
    return LineCuts.NONE;
  }

  /** {@return a step that hands the pieces of this one to {@code next}} */
  default PreTokenizer then(PreTokenizer next) {
    return (text, from, to, out) ->
        split(text, from, to, (piece, start, end) -> next.split(piece, start, end, out));
  }
}
