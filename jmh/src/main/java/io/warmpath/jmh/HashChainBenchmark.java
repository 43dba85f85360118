package io.warmpath.jmh;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
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
 * How long does it take to name the blocks of a prompt?
 *
 * <p>One operation hashes one prompt, token ids to block hashes; the prompts are taken in turn, 8 MB
 * of them with the default parameters. Must hold: 0 B/op.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc HashChainBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsPrepend = "-Xmx512m")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // @Setup sets the fields
public class HashChainBenchmark {

  private static final long SEED = 42;
  private static final int PROMPTS = 64;

  /** Tokens of a prompt. */
  @Param("32000")
  public int tokens;

  /** Tokens of a block. */
  @Param("16")
  public int blockSize;

  final BlockHasher hasher = BlockHasher.keyed(SEED);
  int[][] prompts;

  /** What one thread has of its own. */
  @State(Scope.Thread)
  public static class Caller {
    final BlockChain chain = new BlockChain();
    int turn;
  }

  /** Makes the prompts. */
  @Setup
  public void setUp() {
    prompts = RandomPrompts.of(PROMPTS, tokens, SEED);
  }

  /** {@return the last block's hash, which depends on all tokens} */
  @Benchmark
  public long chain(Caller caller) {
    int[] prompt = prompts[caller.turn++ % PROMPTS];
    BlockChain chain = caller.chain;
    chain.start(hasher.root(null, null));
    hasher.append(chain, prompt, 0, prompt.length, blockSize);
    return chain.last();
  }
}
