package io.warmpath.response;

/** Hears what a {@link JsonScanner} comes across. */
interface Findings {

  /**
   * A model name begins.
   *
   * @param at its opening quote, an index of the slice being scanned
   */
  void modelOpened(int at);

  /**
   * The model name has ended.
   *
   * @param at its closing quote, or the line break that cut it off, an index of the slice
   */
  void modelClosed(int at);

  /** A generated piece has begun. */
  void generated();

  /** The engine says that it has generated all of a choice; usage may follow. */
  void finished();

  /** The engine says that this event is its last. */
  void last();

  /** The engine says that it has failed. */
  void failed();
}
