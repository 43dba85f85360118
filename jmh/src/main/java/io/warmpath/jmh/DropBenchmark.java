package io.warmpath.jmh;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take until no look-up sees a pod any more that is gone?
 *
 * <p>One operation drops one of 16 pods and looks a chain up that it had, until the answer is without
 * it. By default 500 chains of 2,000 blocks are in the index, 1 M blocks, each chain at 4 of the pods,
 * so the pod has 250,000 blocks. Before each operation it gets them again. What the index does later
 * to give memory back is not in it. Single calls, each with cold caches: the JVM does nothing else in
 * between but to store. {@code compiled} says whether the code is: if so, the pods of a small index were
 * dropped many times before, as the JVM compiles nothing that was called thirty times.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc DropBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 3,
    jvmArgsPrepend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 10)
@Measurement(iterations = 20)
@SuppressWarnings("NullAway.Init") // @Setup sets the fields
public class DropBenchmark {

  private static final long SEED = 42;

  private static final int COMPILED_BLOCKS = 4000;
  private static final int COMPILED_DROPS = 20_000;

  /** Distinct blocks in the index. */
  @Param("1000000")
  public int blocks;

  /** Blocks of each chain. */
  @Param("2000")
  public int chainBlocks;

  /** Pods that have something cached. */
  @Param("16")
  public int pods;

  /** Pods that have each chain. */
  @Param("4")
  public int holders;

  /** Whether a pod was dropped so often that the JVM has compiled how. */
  @Param({"true", "false"})
  public boolean compiled;

  final PrefixMatch match = new PrefixMatch();
  KvBlockIndex index;
  private long[][] stored;
  private List<Endpoint> endpoints;
  private Endpoint gone;
  private int slot;

  /** Fills the index, without the pod that is going to be dropped. */
  @Setup
  public void setUp() {
    if (compiled) {
      fill(COMPILED_BLOCKS);
      for (int i = 0; i < COMPILED_DROPS; i++) {
        comeBack();
        untilInvisible();
      }
    }
    fill(blocks);
  }

  private void fill(int blocks) {
    stored = RandomChains.of(Math.max(1, blocks / chainBlocks), chainBlocks, SEED);
    endpoints = Pods.of(pods);
    gone = endpoints.get(0);
    index = KvBlockIndex.create(KvBlockIndex.DEFAULT_CAPACITY_BLOCKS, System::nanoTime);
    RandomChains.store(index, endpoints, holders, stored, pod -> pod != 0);
  }

  /** Gives the pod what it has. */
  @Setup(Level.Iteration)
  public void comeBack() {
    slot = index.slot(gone);
    RandomChains.store(index, endpoints, holders, stored, pod -> pod == 0);
    if (matched() != chainBlocks) {
      throw new IllegalStateException("the pod has only " + matched() + " blocks of its chain");
    }
  }

  /** {@return look-ups that still saw the pod} */
  @Benchmark
  public int untilInvisible() {
    index.drop(gone);
    int seen = 0;
    while (matched() > 0) {
      seen++;
    }
    return seen;
  }

  /** {@return blocks of the first chain, which the first pod has} */
  private int matched() {
    index.match(stored[0], 0, chainBlocks, match);
    return match.blocks(slot);
  }

  /** {@return blocks that the pod has} */
  long podBlocks() {
    return index.blocks(index.holder(HolderKey.gpu(gone)));
  }
}
