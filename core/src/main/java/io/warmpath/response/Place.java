package io.warmpath.response;

/** A container in a response body, as far as something in it matters. */
enum Place {
  /** The object that is the whole document. */
  ROOT,
  /** Anthropic's {@code message}, or {@code response} of {@code /v1/responses}. */
  MESSAGE,
  CHOICES,
  CHOICE,
  DELTA,
  TOOL_CALLS,
  TOOL_CALL,
  FUNCTION,
  USAGE,
  USAGE_DETAILS,
  /** Nothing in here matters, however deep. */
  ELSEWHERE;

  /** Most containers inside one another before {@link #ELSEWHERE}: a function in a tool call. */
  static final int MAX_DEPTH = 8;

  boolean isArray() {
    return this == CHOICES || this == TOOL_CALLS;
  }

  /**
   * {@return what a container in this one is}
   *
   * @param name the member's name; {@link Word#UNKNOWN} in arrays
   * @param array whether the container is an array
   */
  Place inner(Word name, boolean array) {
    if (array) {
      return this == ROOT && name == Word.CHOICES
          ? CHOICES
          : this == DELTA && name == Word.TOOL_CALLS ? TOOL_CALLS : ELSEWHERE;
    }
    return switch (this) {
      case ROOT ->
        switch (name) {
          case USAGE -> USAGE;
          case MESSAGE, RESPONSE -> MESSAGE;
          default -> ELSEWHERE;
        };
      case MESSAGE -> name == Word.USAGE ? USAGE : ELSEWHERE;
      case CHOICES -> CHOICE;
      case CHOICE -> name == Word.DELTA ? DELTA : ELSEWHERE;
      case TOOL_CALLS -> TOOL_CALL;
      case TOOL_CALL -> name == Word.FUNCTION ? FUNCTION : ELSEWHERE;
      case USAGE ->
        name == Word.PROMPT_TOKENS_DETAILS || name == Word.INPUT_TOKENS_DETAILS
            ? USAGE_DETAILS
            : ELSEWHERE;
      default -> ELSEWHERE;
    };
  }

  /** {@return whether a string under this name is the engine's name of the model} */
  boolean isModel(Word name) {
    return name == Word.MODEL && (this == ROOT || this == MESSAGE);
  }

  /** {@return whether a string under this name, if not empty, is something generated} */
  boolean isGenerated(Word name) {
    return switch (this) {
      case CHOICE -> name == Word.TEXT;
      case DELTA ->
        name == Word.CONTENT || name == Word.REASONING || name == Word.REASONING_CONTENT;
      case FUNCTION -> name == Word.ARGUMENTS || name == Word.NAME;
      default -> false;
    };
  }
}
