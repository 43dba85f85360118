package io.warmpath.jmh;

import io.warmpath.block.BlockChain;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.EngineHasher;
import io.warmpath.block.PromptExtras;
import io.warmpath.block.SglangHash;
import io.warmpath.block.VllmHash.Algorithm;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to name the blocks of a prompt as an engine does?
 *
 * <p>One operation hashes one prompt, token ids to what KV events would call its blocks; the prompts
 * are taken in turn, 8 MB of them with the default parameters. Must hold: 0 B/op, but for pickle.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc EngineHashBenchmark}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsPrepend = "-Xmx512m")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // @Setup sets the fields
public class EngineHashBenchmark {

  private static final long SEED = 42;
  private static final int PROMPTS = 64;

  /** Whose hashes. */
  public enum Engine {
    /** vLLM, {@code sha256}: pickle. */
    VLLM_SHA256,
    /** vLLM, {@code sha256_cbor}. */
    VLLM_SHA256_CBOR,
    /** vLLM, {@code xxhash_cbor}. */
    VLLM_XXHASH_CBOR,
    /** llm-d, {@code cbor-fnv}. */
    LLMD,
    /** llm-d's router, {@code xxh64}. */
    LLMD_ROUTER,
    /** SGLang. */
    SGLANG,
    /** TensorRT-LLM, {@code v1_block_key}. */
    TENSORRT_LLM;

    EngineHashScheme scheme() {
      return switch (this) {
        case VLLM_SHA256 -> EngineHashScheme.vllm(Algorithm.SHA256, "0.33.0", null);
        case VLLM_SHA256_CBOR -> EngineHashScheme.vllm(Algorithm.SHA256_CBOR, "0.33.0", null);
        case VLLM_XXHASH_CBOR -> EngineHashScheme.vllm(Algorithm.XXHASH_CBOR, "0.33.0", "0");
        case LLMD -> EngineHashScheme.llmd("", "model");
        case LLMD_ROUTER -> EngineHashScheme.llmdRouter("", "model");
        case SGLANG -> EngineHashScheme.sglang(SglangHash.Namespace.EVENTS);
        case TENSORRT_LLM -> EngineHashScheme.tensorRtLlm();
      };
    }
  }

  /** Whose hashes. */
  @Param
  public Engine engine;

  /** Tokens of a prompt. */
  @Param("32000")
  public int tokens;

  /** Tokens of a block. */
  @Param("16")
  public int blockSize;

  final BlockChain chain = new BlockChain();
  EngineHasher hasher;
  int[][] prompts;
  int turn;

  /** Makes the prompts. */
  @Setup
  public void setUp() {
    hasher = engine.scheme().hasher();
    prompts = RandomPrompts.of(PROMPTS, tokens, SEED);
  }

  /** {@return the last block's hash, which depends on all tokens} */
  @Benchmark
  public long chain() {
    int[] prompt = prompts[turn++ % PROMPTS];
    chain.start(0);
    hasher.append(chain, prompt, 0, prompt.length, blockSize, PromptExtras.NONE);
    return chain.last();
  }
}
