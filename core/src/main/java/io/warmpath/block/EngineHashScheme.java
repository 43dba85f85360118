package io.warmpath.block;

import org.jspecify.annotations.Nullable;

/**
 * One engine's way to name blocks, bit for bit: what its KV events call a block can be computed from
 * a prompt's tokens.
 *
 * <p>Only where a deployment fixes version, algorithm and seed. {@link BlockHasher}, which depends on
 * none of them, is the usual way.
 *
 * <p><b>Threads:</b> safe for any number; each takes a {@link #hasher} of its own.
 */
public sealed interface EngineHashScheme permits VllmHash, LlmdHash, SglangHash, TensorRtLlmHash {

  /**
   * {@return a new hasher, for one thread at a time}
   */
  EngineHasher hasher();

  /**
   * {@return whether hashes of such a prompt can be computed; if not, {@link EngineHasher} refuses it}
   *
   * @param extras what belongs to the prompt
   */
  boolean covers(PromptExtras extras);

  /**
   * Reads the scheme of engines that announce blocks by it, as options of programs give it:
   *
   * <ul>
   *   <li>{@code vllm:ALGORITHM,version=VERSION[,seed=TEXT][,lookahead=TOKENS][,hashes-per-block=N]}:
   *       the algorithm is vLLM's {@code --prefix-caching-hash-algo}, the seed its PYTHONHASHSEED,
   *       left out if unset; see {@link VllmHash}
   *   <li>{@code sglang:NAMESPACE[,pairs=true]}: {@code none}, {@code events} or {@code dynamo}; see
   *       {@link SglangHash.Namespace}
   *   <li>{@code tensorrt-llm:v1_block_key}
   * </ul>
   *
   * @param text such as {@code vllm:sha256_cbor,version=0.32.0,seed=0}; no value is empty or has a
   *     comma in it
   * @return the scheme
   * @throws IllegalArgumentException if it has another form, or there is no such scheme; the message
   *     says which part and what to write
   */
  static EngineHashScheme parse(String text) {
    return new EngineHashText(text).scheme();
  }

  /**
   * {@return vLLM's hashes}
   *
   * @param algorithm its {@code --prefix-caching-hash-algo}
   * @param version such as {@code 0.33.0}, at least 0.10.0
   * @param seed the engine's PYTHONHASHSEED, any text; null if unset, since 0.29 for the SHA-256
   *     algorithms only
   */
  static VllmHash vllm(VllmHash.Algorithm algorithm, String version, @Nullable String seed) {
    return new VllmHash(algorithm, version, seed, 0, 1, false);
  }

  /**
   * {@return llm-d's default keys: FNV-1a over CBOR}
   *
   * @param seed its {@code hashSeed}, empty by default
   * @param model the base model's name
   */
  static EngineHashScheme llmd(String seed, String model) {
    return new LlmdHash(false, seed, model);
  }

  /**
   * {@return keys of llm-d's router with {@code hashAlgorithm: xxh64}}
   *
   * @param seed its {@code hashSeed}, empty by default
   * @param model the base model's name
   */
  static EngineHashScheme llmdRouter(String seed, String model) {
    return new LlmdHash(true, seed, model);
  }

  /**
   * {@return SGLang's hashes}
   *
   * @param namespace what keeps salts and adapters apart
   */
  static SglangHash sglang(SglangHash.Namespace namespace) {
    return new SglangHash(namespace, false);
  }

  /** {@return TensorRT-LLM's {@code v1_block_key}} */
  static EngineHashScheme tensorRtLlm() {
    return new TensorRtLlmHash();
  }
}
