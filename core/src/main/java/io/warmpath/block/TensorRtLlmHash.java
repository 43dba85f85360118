package io.warmpath.block;

/**
 * TensorRT-LLM's block hashes of the kind {@code v1_block_key}, 64 bits: the number of tokens, mixed
 * with the block before, the salt in a prompt's first block, each token and the adapter's number.
 *
 * <p>Source: {@code BlockKeyHasher::hash} of TensorRT-LLM's C++ cache manager and its twin in Python,
 * {@code tensorrt_llm/runtime/kv_cache_hash.py}; both wrap a token's mixed value to 32 bits after the
 * constant is added. A salt is a number in the formula: here the first 8 bytes of the text's SHA-256,
 * little-endian, as our vectors have it. The C++ manager takes another number, which cannot be
 * reproduced, so events of salted prompts will not match those.
 */
record TensorRtLlmHash() implements EngineHashScheme {

  @Override
  public EngineHasher hasher() {
    return new TensorRtLlmHasher(this);
  }

  @Override
  public boolean covers(PromptExtras extras) {
    LoraAdapter adapter = extras.adapter();
    return extras.media().isEmpty()
        && extras.promptEmbeds() == null
        && extras.blockIdentifiers() == null
        && (adapter == null || adapter.id() != null);
  }
}
