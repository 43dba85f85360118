package io.warmpath.fleet.soak;

/**
 * A request of a client.
 *
 * @param id sent as {@code x-request-id}, which engines repeat in each event; empty for none
 * @param body JSON; not changed
 * @param stream whether the answer comes in events
 * @param tokens that the answer has
 */
record Ask(String path, String id, byte[] body, boolean stream, int tokens) {

  /** {@return what is wrong with a whole answer, empty if nothing is} */
  String faultOf(String answer) {
    if (stream && !answer.endsWith("data: [DONE]\n\n")) {
      return "a stream that ended well has no [DONE]: " + tail(answer);
    }
    if (!answer.contains("\"completion_tokens\":" + tokens)) {
      return "an answer has not the " + tokens + " tokens asked for: " + tail(answer);
    }
    return "";
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 300));
  }
}
