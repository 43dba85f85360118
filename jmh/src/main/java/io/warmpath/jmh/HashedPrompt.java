package io.warmpath.jmh;

import java.util.Arrays;

/**
 * A prompt as a router looks it up: hashed a moment ago, so its hashes are in the cache. Copying them
 * from the trace is not timed.
 */
final class HashedPrompt {

  long[] hashes = new long[1024];
  int length;

  void take(long[] chain) {
    if (chain.length > hashes.length) {
      hashes = Arrays.copyOf(chain, chain.length * 2);
    }
    System.arraycopy(chain, 0, hashes, 0, chain.length);
    length = chain.length;
  }
}
