package io.warmpath.envoy;

import com.google.protobuf.ByteString;

/** Collects a request body up to a limit, without copying before it is whole. */
final class BodyCollector {

  private final int maxBytes;
  private ByteString bytes = ByteString.EMPTY;

  BodyCollector(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Returns false if the body is too long; the piece is not taken then. */
  boolean add(ByteString piece) {
    if ((long) bytes.size() + piece.size() > maxBytes) {
      return false;
    }
    bytes = bytes.concat(piece);
    return true;
  }

  /** Returns the body, a copy, and forgets it. */
  byte[] take() {
    byte[] body = bytes.toByteArray();
    bytes = ByteString.EMPTY;
    return body;
  }
}
