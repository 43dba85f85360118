package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What a holder stands for.
 *
 * @param endpoint the endpoint, with its rank; null if and only if the tier is {@link Tier#SHARED}
 * @param tier where the blocks live
 * @param group KV cache group of a hybrid model, 0 for all others; in {@code [0, 2^16)}
 */
public record HolderKey(@Nullable Endpoint endpoint, Tier tier, int group) {

  static final int MAX_GROUP = (1 << 16) - 1;

  /** Checks that tier and endpoint agree, and the group. */
  public HolderKey {
    if (group < 0 || group > MAX_GROUP) {
      throw new IllegalArgumentException("holder: group must be in [0, 65535], was " + group);
    }
    if ((endpoint == null) != (tier == Tier.SHARED)) {
      throw new IllegalArgumentException(
          "holder: tier SHARED belongs to no endpoint, every other tier to one; was " + tier
              + " of " + endpoint);
    }
  }

  /**
   * Makes the key for device memory, group 0.
   *
   * @param endpoint the endpoint, with its rank
   * @return the key
   */
  public static HolderKey gpu(Endpoint endpoint) {
    return new HolderKey(endpoint, Tier.GPU, 0);
  }

  /**
   * Makes the key for storage that every endpoint can read.
   *
   * @param group KV cache group, in {@code [0, 2^16)}
   * @return the key
   */
  public static HolderKey shared(int group) {
    return new HolderKey(null, Tier.SHARED, group);
  }
}
