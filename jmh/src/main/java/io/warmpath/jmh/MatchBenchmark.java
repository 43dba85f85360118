package io.warmpath.jmh;

import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * How long does it take to find which pods have a prompt cached?
 *
 * <p>One operation matches one chain, hashes given, in an index that is full of others: by default 500
 * chains of 2,000 blocks, 1 M blocks, each chain at 4 of 16 pods. Each call asks for another chain,
 * chosen at random, so that neither the chain nor what the index has of it is in the L2 cache. Must
 * hold: 0 B/op, to be read in the average mode, as sampling allocates. Nobody writes meanwhile, but in
 * {@code besideWriter}: there a second thread stores and removes other blocks as fast as it can.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc MatchBenchmark}
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
public class MatchBenchmark {

  private static final long SEED = 42;

  /** Far from {@link #SEED}: what callers make up must not be what is stored. */
  private static final long CALLER_SEED = 1L << 32;

  /** One block comes and goes for so many that stay. */
  private static final int OTHERS = 8;

  /** Distinct blocks in the index. */
  @Param("1000000")
  public int blocks;

  /** Blocks of each chain, stored and asked for. */
  @Param("2000")
  public int chainBlocks;

  /** Pods that have something cached. */
  @Param("16")
  public int pods;

  /** Pods that have each chain. */
  @Param("4")
  public int holders;

  KvBlockIndex index;
  private long[][] stored;
  private long[][] halfStored;

  /** What one thread has of its own. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // @Setup sets the fields
  public static class Caller {
    final PrefixMatch match = new PrefixMatch();
    private SplittableRandom random;
    private long[] absent;
    private int last;

    /** Gives each thread random numbers of its own. */
    @Setup
    public void setUp(MatchBenchmark benchmark, ThreadParams thread) {
      random = new SplittableRandom(CALLER_SEED + thread.getThreadIndex());
      absent = random.longs(benchmark.chainBlocks).toArray();
    }

    private long[] another(long[][] chains) {
      last = (last + 1 + random.nextInt(Math.max(1, chains.length - 1))) % chains.length;
      return chains[last];
    }
  }

  /** Someone who announces other blocks meanwhile, one pod after the other. */
  @State(Scope.Group)
  @SuppressWarnings("NullAway.Init") // @Setup sets the field
  public static class Writer {
    private ChurnWriter changes;

    /** Stores the first of them. */
    @Setup
    public void setUp(MatchBenchmark benchmark) {
      int others = benchmark.blocks / OTHERS;
      changes = new ChurnWriter(benchmark.index, new Churn(others, benchmark.pods, 1));
    }

    boolean step() {
      return changes.step();
    }

    /** Refuses figures of a run in which a change was lost. */
    @TearDown
    public void check(MatchBenchmark benchmark) {
      long kept = (long) benchmark.stored.length * benchmark.chainBlocks;
      changes.check(kept, kept * benchmark.holders);
    }
  }

  /** Fills the index. */
  @Setup
  public void setUp() {
    stored = RandomChains.of(Math.max(1, blocks / chainBlocks), chainBlocks, SEED);
    halfStored = RandomChains.leaving(stored, chainBlocks / 2, SEED + 1);
    index = KvBlockIndex.create(KvBlockIndex.DEFAULT_CAPACITY_BLOCKS, System::nanoTime);
    RandomChains.store(index, Pods.of(pods), holders, stored);
  }

  /** {@return blocks matched, all of the chain's: every holder has every block} */
  @Benchmark
  public int fullHit(Caller caller) {
    return match(caller.another(stored), caller);
  }

  /** {@return blocks matched, half of the chain's: the prompt goes another way after that} */
  @Benchmark
  public int halfHit(Caller caller) {
    return match(caller.another(halfStored), caller);
  }

  /** {@return blocks matched, none: nobody has the first block} */
  @Benchmark
  public int miss(Caller caller) {
    caller.absent[0] = caller.random.nextLong();
    return match(caller.absent, caller);
  }

  /** {@return as {@link #fullHit}, while {@link #change} goes on} */
  @Benchmark
  @Group("besideWriter")
  public int lookUp(Caller caller) {
    return match(caller.another(stored), caller);
  }

  /** {@return whether the changes were taken: a batch stored at a pod, and its oldest removed} */
  @Benchmark
  @Group("besideWriter")
  public boolean change(Writer writer) {
    return writer.step();
  }

  private int match(long[] chain, Caller caller) {
    index.match(chain, 0, chain.length, caller.match);
    return caller.match.longest();
  }
}
