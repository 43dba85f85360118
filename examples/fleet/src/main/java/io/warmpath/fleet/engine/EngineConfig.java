package io.warmpath.fleet.engine;

/**
 * What one {@link SimulatedEngine} is: its name and ports, its memory, its batch limits and its hardware.
 *
 * @param name names the engine's threads, as in {@code e1}
 * @param modelName the served model name
 * @param host the address to bind, for HTTP and ZMQ
 * @param httpPort 0 picks a free one
 * @param blockSize tokens per KV block
 * @param kvBlocks blocks of KV cache
 * @param maxModelLen most tokens of prompt and answer together; all must fit the cache
 * @param maxNumSeqs most sequences in the batch
 * @param maxNumBatchedTokens most tokens computed in a step
 * @param stepTime how long a step takes
 * @param clock simulated time; shared by engines that are compared
 * @param kvEvents whether KV events are published
 * @param kvEventPort ZMQ PUB port, 0 picks a free one
 * @param kvReplayPort ZMQ ROUTER port, 0 picks a free one
 * @param kvTopic first frame of every KV event message
 * @param replayBatches batches kept for replay
 * @param hashSeed what PYTHONHASHSEED is to vLLM's block hashes (algorithm sha256_cbor)
 */
public record EngineConfig(
    String name,
    String modelName,
    String host,
    int httpPort,
    int blockSize,
    int kvBlocks,
    int maxModelLen,
    int maxNumSeqs,
    int maxNumBatchedTokens,
    StepTime stepTime,
    SimClock clock,
    boolean kvEvents,
    int kvEventPort,
    int kvReplayPort,
    String kvTopic,
    int replayBatches,
    String hashSeed) {

  /** vLLM's name for the hash algorithm of every simulated engine. */
  public static final String HASH_ALGORITHM = "sha256_cbor";

  /** Longest context by default: that of Qwen3-32B with YaRN, 131,072 tokens, or the whole cache if that is less. */
  public static final int DEFAULT_MAX_MODEL_LEN = 131_072;

  /** Checks ranges, and that one longest request fits the cache. */
  public EngineConfig {
    requireRange("httpPort", httpPort, 0, 65_535);
    requireRange("kvEventPort", kvEventPort, 0, 65_535);
    requireRange("kvReplayPort", kvReplayPort, 0, 65_535);
    requireRange("blockSize", blockSize, 1, 4096);
    requireRange("kvBlocks", kvBlocks, 1, 1 << 24);
    requireRange("maxNumSeqs", maxNumSeqs, 1, 1 << 16);
    requireRange("maxNumBatchedTokens", maxNumBatchedTokens, maxNumSeqs, 1 << 20);
    requireRange("replayBatches", replayBatches, 1, 1 << 20);
    requireRange("maxModelLen", maxModelLen, 2, (int)
        Math.min(Integer.MAX_VALUE, (long) kvBlocks * blockSize));
  }

  private static void requireRange(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "engine: " + what + " must be between " + min + " and " + max + ", was " + value);
    }
  }

  /**
   * A builder with vLLM's defaults: block size 16, 256 sequences, 8,192 tokens a step; Qwen3-32B on two H100 with
   * 307,328 tokens of KV cache; real time; KV events on free ports, topic "", 10,000 batches for replay, seed "0".
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what {@link EngineConfig} checks. <b>Threads:</b> one. */
  public static final class Builder {
    private String name = "engine";
    private String modelName = "Qwen/Qwen3-32B";
    private String host = "127.0.0.1";
    private int httpPort;
    private int blockSize = 16;
    private int kvBlocks;
    private int maxModelLen;
    private int maxNumSeqs = 256;
    private int maxNumBatchedTokens = 8192;
    private StepTime stepTime = StepTime.QWEN3_32B_2X_H100;
    private SimClock clock = new SimClock(1);
    private boolean kvEvents = true;
    private int kvEventPort;
    private int kvReplayPort;
    private String kvTopic = "";
    private int replayBatches = 10_000;
    private String hashSeed = "0";

    private Builder() {}

    /** Names the engine's threads; {@code engine} if not given. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** The served model name; {@code Qwen/Qwen3-32B} if not given. */
    public Builder modelName(String modelName) {
      this.modelName = modelName;
      return this;
    }

    /** The address to bind; 127.0.0.1 if not given. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** The HTTP port; 0, the default, picks a free one. */
    public Builder httpPort(int httpPort) {
      this.httpPort = httpPort;
      return this;
    }

    /** Tokens per KV block; 16 if not given. */
    public Builder blockSize(int blockSize) {
      this.blockSize = blockSize;
      return this;
    }

    /** Blocks of KV cache; room for 307,328 tokens if not given. */
    public Builder kvBlocks(int kvBlocks) {
      this.kvBlocks = kvBlocks;
      return this;
    }

    /** Most tokens of a request; 131,072 or the whole cache if not given. */
    public Builder maxModelLen(int maxModelLen) {
      this.maxModelLen = maxModelLen;
      return this;
    }

    /** Most sequences in the batch; 256 if not given. */
    public Builder maxNumSeqs(int maxNumSeqs) {
      this.maxNumSeqs = maxNumSeqs;
      return this;
    }

    /** Most tokens computed in a step, at least {@code maxNumSeqs}; 8,192 if not given. */
    public Builder maxNumBatchedTokens(int maxNumBatchedTokens) {
      this.maxNumBatchedTokens = maxNumBatchedTokens;
      return this;
    }

    /** How long a step takes; Qwen3-32B on two H100 if not given. */
    public Builder stepTime(StepTime stepTime) {
      this.stepTime = stepTime;
      return this;
    }

    /** A clock of this engine's own, {@code scale} simulated seconds per real one; 1 if not given. */
    public Builder timeScale(double scale) {
      return clock(new SimClock(scale));
    }

    /** A clock shared with other engines. */
    public Builder clock(SimClock clock) {
      this.clock = clock;
      return this;
    }

    /** Whether KV events are published; true if not given. */
    public Builder kvEvents(boolean kvEvents) {
      this.kvEvents = kvEvents;
      return this;
    }

    /** The ZMQ PUB port; 0, the default, picks a free one. */
    public Builder kvEventPort(int kvEventPort) {
      this.kvEventPort = kvEventPort;
      return this;
    }

    /** The ZMQ ROUTER port for replay; 0, the default, picks a free one. */
    public Builder kvReplayPort(int kvReplayPort) {
      this.kvReplayPort = kvReplayPort;
      return this;
    }

    /** The topic of KV events; empty if not given. */
    public Builder kvTopic(String kvTopic) {
      this.kvTopic = kvTopic;
      return this;
    }

    /** Batches kept for replay; 10,000 if not given. */
    public Builder replayBatches(int replayBatches) {
      this.replayBatches = replayBatches;
      return this;
    }

    /** The seed text of the block hashes; "0" if not given. */
    public Builder hashSeed(String hashSeed) {
      this.hashSeed = hashSeed;
      return this;
    }

    /** {@return the configuration} Throws {@link IllegalArgumentException} for values out of range. */
    public EngineConfig build() {
      int blocks =
          kvBlocks != 0 ? kvBlocks : StepTime.QWEN3_32B_2X_H100_KV_TOKENS / Math.max(1, blockSize);
      int longest = maxModelLen != 0
          ? maxModelLen
          : (int) Math.min(DEFAULT_MAX_MODEL_LEN, (long) blocks * blockSize);
      return new EngineConfig(
          name,
          modelName,
          host,
          httpPort,
          blockSize,
          blocks,
          longest,
          maxNumSeqs,
          maxNumBatchedTokens,
          stepTime,
          clock,
          kvEvents,
          kvEventPort,
          kvReplayPort,
          kvTopic,
          replayBatches,
          hashSeed);
    }
  }
}
