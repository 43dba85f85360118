package io.warmpath.jmh;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.MultimodalItems;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixLookup;
import io.warmpath.index.PrefixMatch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.infra.ThreadParams;

/**
 * How long does it take from the tokens of a prompt to how much of it each pod has?
 *
 * <p>One operation hashes a prompt and looks it up, a window of 64 blocks at a time, until no pod has
 * all of what was asked for; then it reads the depths of 16 pods. {@code allHeld}: 4 pods have all of
 * the prompt, so all of it is hashed. {@code nothingHeld}: nobody has its first block, so the first
 * window is all that is hashed. Another one of 64 prompts is chosen at random in each call; other
 * chains fill the index up to 1 M blocks. Must hold: 0 B/op, to be read in the average mode.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc PrefixLookupBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 3,
    jvmArgsPrepend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // @Setup sets the fields
public class PrefixLookupBenchmark {

  private static final long SEED = 42;

  /** Far from {@link #SEED}: what callers make up must not be what is stored. */
  private static final long CALLER_SEED = 1L << 32;

  private static final int PROMPTS = 64;
  private static final int PODS = 16;
  private static final int HOLDERS = 4;
  private static final MultimodalItems NO_ITEMS = new MultimodalItems();

  /** Tokens of a prompt. */
  @Param("32000")
  public int tokens;

  /** Tokens of a block. */
  @Param("16")
  public int blockSize;

  /** Distinct blocks in the index. */
  @Param("1000000")
  public int blocks;

  private final BlockHasher hasher = BlockHasher.keyed(SEED);
  private PrefixLookup lookup;
  private int[] slots;
  private int[][] prompts;

  /** What one thread has of its own. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // @Setup sets the fields
  public static class Caller {
    final BlockChain chain = new BlockChain();
    final PrefixMatch match = new PrefixMatch();
    private SplittableRandom random;
    private int[][] prompts;
    private int last;

    /** Gives each thread random numbers and prompts of its own. */
    @Setup
    public void setUp(PrefixLookupBenchmark benchmark, ThreadParams thread) {
      random = new SplittableRandom(CALLER_SEED + thread.getThreadIndex());
      prompts = Arrays.stream(benchmark.prompts).map(int[]::clone).toArray(int[][]::new);
    }

    private int[] another() {
      last = (last + 1 + random.nextInt(prompts.length - 1)) % prompts.length;
      return prompts[last];
    }
  }

  /** Makes the prompts, and fills the index with their chains and others. */
  @Setup
  public void setUp() {
    prompts = RandomPrompts.of(PROMPTS, tokens, SEED);
    int length = tokens / blockSize;
    int others = Math.max(0, blocks / length - PROMPTS);
    long[][] chains = RandomChains.of(PROMPTS + others, length, SEED);
    BlockChain chain = new BlockChain();
    for (int p = 0; p < PROMPTS; p++) {
      chain.start(hasher.root(null, null));
      hasher.append(chain, prompts[p], 0, tokens, blockSize);
      chains[p] = chain.toArray();
    }
    List<Endpoint> pods = Pods.of(PODS);
    KvBlockIndex index =
        KvBlockIndex.create(KvBlockIndex.DEFAULT_CAPACITY_BLOCKS, System::nanoTime);
    lookup = new PrefixLookup(hasher, index);
    RandomChains.store(index, pods, HOLDERS, chains);
    slots = pods.stream().mapToInt(index::slot).toArray();
  }

  /** {@return blocks matched at all pods together: all of the prompt's at each of its holders} */
  @Benchmark
  public int allHeld(Caller caller) {
    return lookUp(caller.another(), caller);
  }

  /** {@return blocks matched, none: another first token, so nobody has the first block} */
  @Benchmark
  public int nothingHeld(Caller caller) {
    int[] prompt = caller.another();
    int first = prompt[0];
    prompt[0] = RandomPrompts.VOCABULARY + caller.random.nextInt(RandomPrompts.VOCABULARY);
    int matched = lookUp(prompt, caller);
    prompt[0] = first;
    return matched;
  }

  private int lookUp(int[] prompt, Caller caller) {
    BlockChain chain = caller.chain;
    PrefixMatch match = caller.match;
    chain.start(hasher.root(null, null));
    lookup.find(chain, prompt, tokens, blockSize, NO_ITEMS, tokens / blockSize, match);
    int matched = 0;
    for (int slot : slots) {
      matched += match.blocks(slot);
    }
    return matched;
  }
}
