package io.warmpath.envoy;

/** Envoy could not deliver a request to an endpoint. */
final class DeliveryException extends RuntimeException {

  private static final long serialVersionUID = 1;

  DeliveryException(String message) {
    super(message, null, false, false);
  }
}
