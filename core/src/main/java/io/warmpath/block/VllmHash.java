package io.warmpath.block;

import org.jspecify.annotations.Nullable;

/**
 * vLLM's block hashes.
 *
 * <p>With {@code H} the algorithm's hash and {@code ser} its serialisation of Python values:
 *
 * <pre>
 *   none      = H(ser(seed text))
 *   digest[i] = H(ser((digest[i - 1], (tokens of block i), None or extra keys))), digest[-1] = none
 * </pre>
 *
 * Events carry the last 8 bytes, big-endian. Source: vLLM 0.10.0 to 0.33.0, {@code
 * vllm/v1/core/kv_cache_utils.py} and {@code vllm/utils/hashing.py}, re-implemented and compared with
 * what those functions computed.
 *
 * @param algorithm how values become bytes and bytes a digest
 * @param version of vLLM, such as {@code 0.33.0}; it decides the form of extra keys and the seed
 * @param seed the engine's PYTHONHASHSEED, any text; null if unset, which can be computed only since
 *     0.29 and for the SHA-256 algorithms: before, and for the others, vLLM draws a random seed
 * @param lookaheadTokens tokens behind a block that enter its hash: vLLM 0.33 and later with
 *     speculative decoding of the EAGLE or MTP kind; 0 without
 * @param hashesPerBlock digests that a block is made of. More than 1 for a cache group whose blocks
 *     are larger than the unit that the engine hashes: its digest is all of theirs in a row (vLLM 0.12
 *     to 0.23) or the last of them (0.24 and later). Events carry the same integer either way
 * @param sharesIdentifiers whether media items of one prompt with equal identifiers are one object
 *     in the engine, which pickle shows; requests over HTTP give separate ones
 */
public record VllmHash(
    Algorithm algorithm,
    String version,
    @Nullable String seed,
    int lookaheadTokens,
    int hashesPerBlock,
    boolean sharesIdentifiers)
    implements EngineHashScheme {

  /** Values of {@code --prefix-caching-hash-algo}. */
  public enum Algorithm {
    /** SHA-256 over pickle protocol 5; the default since 0.10.2. */
    SHA256,
    /** SHA-256 over canonical CBOR, since 0.10.2. */
    SHA256_CBOR,
    /** XXH3 of 128 bits over pickle protocol 5, since 0.13. */
    XXHASH,
    /** XXH3 of 128 bits over canonical CBOR, since 0.13. */
    XXHASH_CBOR,
    /** The last 8 bytes of SHA-256 over canonical CBOR; 0.10.0 and 0.10.1 only. */
    SHA256_CBOR_64BIT;

    /** {@return the algorithm that vLLM calls so} */
    static Algorithm named(String name) {
      for (Algorithm algorithm : values()) {
        if (algorithm.name().equalsIgnoreCase(name)) {
          return algorithm;
        }
      }
      throw new IllegalArgumentException("no hash algorithm '" + name + "'");
    }

    boolean isSha256() {
      return this == SHA256 || this == SHA256_CBOR || this == SHA256_CBOR_64BIT;
    }

    boolean isPickled() {
      return this == SHA256 || this == XXHASH;
    }
  }

  /** The seed text of vLLM 0.29 and later when PYTHONHASHSEED is unset. */
  private static final String DEFAULT_SEED = "vllm-none-hash";

  /** Checks that this version hashes in this way. */
  public VllmHash {
    VllmVersion parsed = VllmVersion.parse(version);
    if (!parsed.isAtLeast(10, 0)) {
      throw refused(version, "is older than 0.10.0", "");
    }
    boolean isOld = !parsed.isAtLeast(10, 2);
    if (isOld != (algorithm == Algorithm.SHA256_CBOR_64BIT)
        && !(isOld && algorithm == Algorithm.SHA256)) {
      throw refused(version, "has no algorithm " + algorithm, "");
    }
    if (!algorithm.isSha256() && !parsed.isAtLeast(13, 0)) {
      throw refused(version, "has no algorithm " + algorithm, "; 0.13 is the first");
    }
    if (seed == null && !(parsed.isAtLeast(29, 0) && algorithm.isSha256())) {
      throw refused(
          version,
          "draws a random seed for " + algorithm + " when PYTHONHASHSEED is unset",
          "; set it on the engine and give it here");
    }
    if (lookaheadTokens < 0 || (lookaheadTokens > 0 && !parsed.isAtLeast(33, 0))) {
      throw refused(version, "cannot look " + lookaheadTokens + " tokens ahead", "");
    }
    if (hashesPerBlock < 1) {
      throw refused(version, "cannot have " + hashesPerBlock + " hashes per block", "");
    }
  }

  private static IllegalArgumentException refused(String version, String why, String remedy) {
    return new IllegalArgumentException("vLLM " + version + " " + why + remedy);
  }

  /**
   * {@return the same with tokens behind a block in its hash}
   *
   * @param tokens how many, at least 0
   */
  public VllmHash withLookahead(int tokens) {
    return new VllmHash(algorithm, version, seed, tokens, hashesPerBlock, sharesIdentifiers);
  }

  /**
   * {@return the same for a cache group with larger blocks}
   *
   * @param hashes digests per block, at least 1; block sizes must be multiples of it
   */
  public VllmHash withHashesPerBlock(int hashes) {
    return new VllmHash(algorithm, version, seed, lookaheadTokens, hashes, sharesIdentifiers);
  }

  /** {@return the same for prompts whose equal media identifiers are one object in the engine} */
  public VllmHash withSharedIdentifiers() {
    return new VllmHash(algorithm, version, seed, lookaheadTokens, hashesPerBlock, true);
  }

  /** {@return the text that stands before block 0} */
  String seedText() {
    return seed == null ? DEFAULT_SEED : seed;
  }

  VllmGeneration generation() {
    return VllmGeneration.of(VllmVersion.parse(version));
  }

  boolean joinsDigests() {
    return hashesPerBlock > 1 && !VllmVersion.parse(version).isAtLeast(24, 0);
  }

  @Override
  public EngineHasher hasher() {
    return new VllmHasher(this);
  }

  @Override
  public boolean covers(PromptExtras extras) {
    LoraAdapter adapter = extras.adapter();
    return extras.blockIdentifiers() == null
        && (adapter == null || generation().knows(adapter))
        && (extras.promptEmbeds() == null || generation().hashesPromptEmbeds());
  }
}
