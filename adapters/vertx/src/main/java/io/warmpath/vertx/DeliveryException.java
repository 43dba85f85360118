package io.warmpath.vertx;

/** An endpoint answered that it cannot serve now; without a stack trace. */
final class DeliveryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DeliveryException(String message) {
    super(message, null, false, false);
  }
}
