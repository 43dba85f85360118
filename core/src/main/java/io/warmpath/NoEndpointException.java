package io.warmpath;

/** No endpoint can take the request; hosts answer 503. */
public final class NoEndpointException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NoEndpointException(String message) {
    super(message, null, false, false);
  }
}
