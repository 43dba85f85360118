package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;

/**
 * What a holder stands for.
 *
 * @param endpoint the endpoint, with its rank
 * @param tier where the blocks live
 * @param group KV cache group of a hybrid model, 0 for all others
 */
public record HolderKey(Endpoint endpoint, Tier tier, int group) {

  /** Checks the group. */
  public HolderKey {
    if (group < 0) {
      throw new IllegalArgumentException("holder: group must be at least 0, was " + group);
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
}
