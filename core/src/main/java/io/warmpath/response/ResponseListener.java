package io.warmpath.response;

/** Hears what a {@link ResponseObserver} finds. Each method is called at most once a response. */
public interface ResponseListener {

  /**
   * The first generated token has passed: all of the prompt's blocks are in the engine's cache.
   *
   * @param nowNanos the time passed to the observer
   */
  void firstToken(long nowNanos);

  /**
   * The response is over.
   *
   * @param end how it ended
   * @param usage token counts, as far as reported
   * @param nowNanos the time passed to the observer
   */
  void ended(ResponseEnd end, Usage usage, long nowNanos);
}
