package io.warmpath.block;

/**
 * SGLang's block hashes, since 0.5.8: {@code digest[i] = SHA-256(digest[i - 1] ‖ tokens as int32,
 * little-endian)}, nothing before block 0. Events carry the first 8 bytes, big-endian and signed.
 * (Until 0.5.5 hashes did not depend on the blocks before: no chain.)
 *
 * <p>Source: SGLang 0.5.10.post1, {@code get_hash_str} and {@code hash_str_to_int64}; 0.5.23, {@code
 * kv_event_namespace_seed}, {@code namespaced_block_hash} and {@code storage_namespace_seed}.
 *
 * @param namespace what keeps salts and adapters apart
 * @param pairsTokens whether pairs of neighbours are hashed instead of tokens (speculative decoding
 *     with EAGLE): n tokens are n - 1 pairs, and a block is that many pairs
 */
public record SglangHash(Namespace namespace, boolean pairsTokens) implements EngineHashScheme {

  /** How salts and adapters enter the hashes. */
  public enum Namespace {
    /** Not at all: events until 0.5.22. */
    NONE,
    /**
     * Events of 0.5.23: a salt stands before block 0 as SHA-256 of {@code "sglang-cache-salt-v1\0"}
     * and the salt. With an adapter, events carry what {@link #DYNAMO} says.
     */
    EVENTS,
    /**
     * Events of 0.5.23 in the format "dynamo": digests as {@link #EVENTS}. With an adapter or a salt,
     * events carry the first 8 bytes of SHA-256 of the namespace's digest and the 8 bytes that they
     * would carry otherwise. The namespace's digest is SHA-256 of {@code
     * "sglang-kv-event-namespace-v1"}, adapter and salt, each as one byte 0 if absent, else one byte 1,
     * its length as int64, little-endian, and its UTF-8 bytes.
     */
    DYNAMO,
    /**
     * Keys of the hierarchical cache's storage in 0.5.23, which are in no event: with an adapter or a
     * salt, a digest like that of {@link #DYNAMO}, of {@code "sglang-cache-namespace-v1"}, stands
     * before block 0.
     */
    STORAGE
  }

  /** {@return the same for an engine that hashes pairs of tokens} */
  public SglangHash withPairs() {
    return new SglangHash(namespace, true);
  }

  @Override
  public EngineHasher hasher() {
    return new SglangHasher(this);
  }

  @Override
  public boolean covers(PromptExtras extras) {
    return extras.media().isEmpty()
        && extras.promptEmbeds() == null
        && extras.blockIdentifiers() == null;
  }
}
