package io.warmpath.vertx;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** Collects a request body up to a limit. What a client only announces takes no memory. */
final class BodyCollector {

  private static final int FIRST_BYTES = 64 * 1024;

  private final int maxBytes;
  private byte[] bytes;
  private int length;

  /** {@code announced} is the header {@code content-length}, or -1. */
  BodyCollector(int maxBytes, long announced) {
    this.maxBytes = maxBytes;
    bytes = new byte[(int) Math.min(announced < 0 ? 4096 : announced, FIRST_BYTES)];
  }

  /** Returns false if the body is too long; the chunk is not taken then. */
  boolean add(Buffer chunk) {
    long needed = (long) length + chunk.length();
    if (needed > maxBytes) {
      return false;
    }
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(needed, bytes.length * 2L)));
    }
    chunk.getBytes(bytes, length);
    length += chunk.length();
    return true;
  }

  /** Returns the body; nothing may be added afterwards. */
  byte[] bytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
