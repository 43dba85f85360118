package io.warmpath.fleet.engine;

/**
 * What became of one prompt, in simulated time: exact by the step-time model, whatever the real timers did.
 *
 * @param requestId the {@code x-request-id} header, or the id that the engine made
 * @param promptIndex position among the prompts of the request, from 0
 * @param promptTokens tokens of the prompt
 * @param cachedTokens of them, found in the prefix cache when first admitted
 * @param outputTokens tokens generated
 * @param arrivalMillis when the body had arrived
 * @param startMillis when it was first admitted to the batch, NaN if never
 * @param firstTokenMillis when its first token was ready, NaN if never
 * @param endMillis when its last token was ready, or it was aborted
 * @param preemptions how often it lost its blocks and began again
 * @param aborted whether it ended early, because the client or the engine went away
 */
public record RequestTimes(
    String requestId,
    int promptIndex,
    int promptTokens,
    int cachedTokens,
    int outputTokens,
    double arrivalMillis,
    double startMillis,
    double firstTokenMillis,
    double endMillis,
    int preemptions,
    boolean aborted) {

  /** {@return simulated time to first token at the engine, milliseconds; NaN if there was none} */
  public double ttftMillis() {
    return firstTokenMillis - arrivalMillis;
  }
}
