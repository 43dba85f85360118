package io.warmpath.response;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The member names of response bodies that say something to a router. */
enum Word {
  MODEL("model"),
  TYPE("type"),
  ERROR("error"),
  USAGE("usage"),
  /** Anthropic's {@code message_start}. */
  MESSAGE("message"),
  /** The object in events of {@code /v1/responses}. */
  RESPONSE("response"),
  CHOICES("choices"),
  DELTA("delta"),
  FINISH_REASON("finish_reason"),
  TEXT("text"),
  CONTENT("content"),
  REASONING("reasoning"),
  REASONING_CONTENT("reasoning_content"),
  TOOL_CALLS("tool_calls"),
  FUNCTION("function"),
  ARGUMENTS("arguments"),
  NAME("name"),
  PROMPT_TOKENS("prompt_tokens"),
  COMPLETION_TOKENS("completion_tokens"),
  PROMPT_TOKENS_DETAILS("prompt_tokens_details"),
  INPUT_TOKENS("input_tokens"),
  OUTPUT_TOKENS("output_tokens"),
  INPUT_TOKENS_DETAILS("input_tokens_details"),
  CACHED_TOKENS("cached_tokens"),
  CACHE_READ_INPUT_TOKENS("cache_read_input_tokens"),
  CACHE_CREATION_INPUT_TOKENS("cache_creation_input_tokens"),
  /** Any other name. */
  UNKNOWN("");

  /** Entry i holds the words of i bytes. */
  private static final Word[][] BY_LENGTH = IntStream.range(0, 32)
      .mapToObj(length ->
          Arrays.stream(values()).filter(word -> word.bytes.length == length).toArray(Word[]::new))
      .toArray(Word[][]::new);

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  private final byte[] bytes;

  Word(String text) {
    bytes = text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Finds a word.
   *
   * @param buffer holds the name in its first bytes
   * @param length bytes of the name
   */
  static Word of(byte[] buffer, int length) {
    if (length >= BY_LENGTH.length) {
      return UNKNOWN;
    }
    for (Word word : BY_LENGTH[length]) {
      if (Arrays.equals(word.bytes, 0, length, buffer, 0, length)) {
        return word;
      }
    }
    return UNKNOWN;
  }
}
