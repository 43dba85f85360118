package io.warmpath.request;

import org.jspecify.annotations.Nullable;

/**
 * A request that no engine would accept; hosts answer {@link #status()} with an OpenAI error object.
 */
public final class BadRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final @Nullable String param;

  /**
   * Creates the exception for a status of 400.
   *
   * @param message what is wrong and how to mend it, in words for the client
   * @param param the field at fault, or null if it is the body as a whole
   */
  public BadRequestException(String message, @Nullable String param) {
    this(400, message, param);
  }

  /**
   * Creates the exception.
   *
   * @param status HTTP status, 400 to 499
   * @param message what is wrong and how to mend it, in words for the client
   * @param param the field at fault, or null if it is the body as a whole
   */
  public BadRequestException(int status, String message, @Nullable String param) {
    super(message, null, false, false);
    this.status = status;
    this.param = param;
  }

  /** {@return the HTTP status, 400 to 499} */
  public int status() {
    return status;
  }

  /** {@return the field at fault, or null if it is the body as a whole} */
  public @Nullable String param() {
    return param;
  }
}
