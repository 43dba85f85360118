package io.warmpath.fleet.demo;

/**
 * What became of one request, as its client saw it, in simulated time.
 *
 * @param completed whether the whole answer came
 * @param ttftMillis from when it should have been sent to its first token; NaN without one
 * @param itlMillis mean time between two tokens; NaN with fewer than two
 * @param promptTokens tokens of the prompt, by the engine
 * @param cachedTokens of these, tokens whose KV blocks were reused, by the engine
 * @param outputTokens tokens generated, by the engine
 */
record Outcome(
    boolean completed,
    double ttftMillis,
    double itlMillis,
    int promptTokens,
    int cachedTokens,
    int outputTokens) {}
