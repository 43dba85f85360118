package io.warmpath.response;

/**
 * The counts of usage objects as they pass; of several the last counts, count by count.
 *
 * <p>OpenAI says the total and, of it, the cached part. Anthropic says three parts that add up:
 * {@code input_tokens + cache_read_input_tokens + cache_creation_input_tokens} (vLLM PR 40912); vLLM
 * 0.32 says the total as {@code input_tokens} in {@code message_start}, without the others, and the
 * parts in the last {@code message_delta}. {@code /v1/responses} says {@code input_tokens} as the
 * total and, in its details, {@code cached_tokens}: the same sum gives its total too.
 */
final class UsageCounts {

  private static final int UNKNOWN = -1;

  private int prompt = UNKNOWN;
  private int cached = UNKNOWN;
  private int output = UNKNOWN;

  private int input = UNKNOWN;
  private int cacheRead = UNKNOWN;
  private int cacheCreated = UNKNOWN;

  /** A usage object begins. */
  void open() {
    input = UNKNOWN;
    cacheRead = UNKNOWN;
    cacheCreated = UNKNOWN;
  }

  /** A usage object has ended. */
  void close() {
    if (input != UNKNOWN) {
      long total = (long) input + Math.max(0, cacheRead) + Math.max(0, cacheCreated);
      prompt = total <= Integer.MAX_VALUE ? (int) total : UNKNOWN;
    }
    if (cacheRead != UNKNOWN) {
      cached = cacheRead;
    }
  }

  /** Takes a count of a usage object or of its details. */
  void count(Place place, Word name, int value) {
    if (place == Place.USAGE_DETAILS) {
      if (name == Word.CACHED_TOKENS) {
        cached = value;
      }
      return;
    }
    switch (name) {
      case PROMPT_TOKENS -> prompt = value;
      case COMPLETION_TOKENS, OUTPUT_TOKENS -> output = value;
      case INPUT_TOKENS -> input = value;
      case CACHE_READ_INPUT_TOKENS -> cacheRead = value;
      case CACHE_CREATION_INPUT_TOKENS -> cacheCreated = value;
      default -> {}
    }
  }

  Usage snapshot() {
    return prompt == UNKNOWN && cached == UNKNOWN && output == UNKNOWN
        ? Usage.UNKNOWN
        : new Usage(prompt, cached, output);
  }
}
