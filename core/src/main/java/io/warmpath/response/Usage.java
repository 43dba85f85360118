package io.warmpath.response;

/**
 * Token counts as the engine reports them at the end of a response.
 *
 * @param promptTokens tokens of the prompt, or -1 if not reported
 * @param cachedTokens of these, tokens whose KV blocks were reused, or -1 if not reported
 * @param outputTokens tokens generated, or -1 if not reported
 */
public record Usage(int promptTokens, int cachedTokens, int outputTokens) {

  /** Nothing reported. */
  public static final Usage UNKNOWN = new Usage(-1, -1, -1);
}
