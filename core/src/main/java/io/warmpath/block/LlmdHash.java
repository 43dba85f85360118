package io.warmpath.block;

/**
 * llm-d's block keys, of its library and of its router.
 *
 * <p>{@code cbor-fnv}, the default, with {@code F} for FNV-1a of 64 bits:
 *
 * <pre>
 *   root   = F(CBOR([F(seed), null, model]))
 *   key[i] = F(CBOR([key[i - 1], [tokens of block i], null or [{"Hash": identifier}, ...]]))
 * </pre>
 *
 * <p>{@code xxh64}, of the router only, with {@code X} for XXH64 of seed 0 and all numbers
 * little-endian:
 *
 * <pre>
 *   root   = X(int64 X(seed) ‖ int64 length of model ‖ model)
 *   key[i] = X(int64 key[i - 1] ‖ tokens as int32 ‖ for each identifier: int64 length ‖ identifier)
 * </pre>
 *
 * An adapter's name stands in the place of the model's. Identifiers are those of the media that a
 * block overlaps, then in block 0 the salt. Source: llm-d/llm-d-kv-cache 7be76e1 (2026-06-12) and
 * llm-d/llm-d-router ebab68792 (2026-08-21), {@code pkg/kvcache/kvblock}.
 *
 * @param isXxh64 which of the two
 * @param seed its {@code hashSeed}
 * @param model the base model's name
 */
record LlmdHash(boolean isXxh64, String seed, String model) implements EngineHashScheme {

  @Override
  public EngineHasher hasher() {
    return new LlmdHasher(this);
  }

  @Override
  public boolean covers(PromptExtras extras) {
    return extras.promptEmbeds() == null;
  }
}
