package io.warmpath.response;

/** How a response ended. */
public enum ResponseEnd {
  /** All of it came. */
  COMPLETE,
  /** The status was 400 to 499: the client's fault, the engine is well. */
  REJECTED,
  /** The status was 500 or more, or an {@code error} object came inside a stream of status 200. */
  FAILED,
  /** The connection ended before the body did. */
  TRUNCATED,
  /** Nothing came for longer than allowed. */
  SILENT,
  /** The client went away. */
  CANCELLED
}
