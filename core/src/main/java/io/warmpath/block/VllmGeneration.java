package io.warmpath.block;

/**
 * The forms that vLLM's extra keys have had, oldest first, each named by the release that began it.
 * Source: the releases' {@code vllm/v1/core/kv_cache_utils.py}.
 */
enum VllmGeneration {
  /** Digests are integers, in the tuple as well; otherwise as the next. */
  V0_10_0(10, 0),
  /** The adapter's number, media identifiers, the salt. */
  V0_10_2(10, 2),
  /** The adapter's name; prompt embeddings as their bytes. */
  V0_11_1(11, 1),
  /** Prompt embeddings as SHA-256 of their bytes. */
  V0_17(17, 0),
  /** Media as (identifier, offset in the block). */
  V0_19(19, 0),
  /** Each key in a tuple after its tag; the adapter with its path. */
  V0_31(31, 0);

  private final int minor;
  private final int patch;

  VllmGeneration(int minor, int patch) {
    this.minor = minor;
    this.patch = patch;
  }

  static VllmGeneration of(VllmVersion version) {
    VllmGeneration found = V0_10_0;
    for (VllmGeneration generation : values()) {
      if (version.isAtLeast(generation.minor, generation.patch)) {
        found = generation;
      }
    }
    return found;
  }

  boolean isAtLeast(VllmGeneration other) {
    return compareTo(other) >= 0;
  }

  boolean hashesPromptEmbeds() {
    return isAtLeast(V0_11_1);
  }

  /** {@return whether all of the adapter is known that enters a hash} */
  boolean knows(LoraAdapter adapter) {
    return isAtLeast(V0_31) ? adapter.path() != null : isAtLeast(V0_11_1) || adapter.id() != null;
  }
}
