package io.warmpath.jmh;

import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.BlockExtras;
import io.warmpath.event.KvEventSink;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.Tier;
import io.warmpath.scorers.profile.Profiles;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to apply what engines announce?
 *
 * <p>One operation is one block stored or removed. A call stores a batch of 32 new blocks and removes
 * the oldest 32 of the same pod, as {@link Churn} says; so the index stays as full as it was (1 M
 * distinct blocks by default), what is removed is cold, and the time that the index takes to make room
 * for new hashes counts. One thread; the changes are applied when the call returns, because nobody
 * else has the turn to write.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc EventApplyBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsPrepend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventApplyBenchmark {

  private static final int CHANGES = 2 * Churn.BATCH_BLOCKS;

  /** How much is stored, and where. */
  @State(Scope.Benchmark)
  public static class Load {

    /** Distinct blocks in the index. */
    @Param("1000000")
    public int blocks;

    /** Pods that announce. */
    @Param("16")
    public int pods;

    /** Pods that store each block. */
    @Param({"1", "4"})
    public int holders;

    Churn churn() {
      return new Churn(blocks, pods, holders);
    }
  }

  /** An index, and what to tell it; each thread has its own. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // @Setup sets the fields
  public static class ToIndex {
    private ChurnWriter changes;
    KvBlockIndex index;

    /** Fills the index. */
    @Setup
    public void setUp(Load load) {
      index = KvBlockIndex.create(KvBlockIndex.DEFAULT_CAPACITY_BLOCKS, System::nanoTime);
      changes = new ChurnWriter(index, load.churn());
    }

    /** Refuses figures of a run in which a change was lost. */
    @TearDown
    public void check() {
      changes.check(0, 0);
    }
  }

  /** A router, and what to tell it; each thread has its own. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // @Setup sets the fields
  public static class ToSinks {
    private static final long SEED = 42;
    private static final int BLOCK_SIZE = 16;
    private static final int TOKENS = Churn.BATCH_BLOCKS * BLOCK_SIZE;

    private final long[] hashes = new long[Churn.BATCH_BLOCKS];
    private final int[] tokens = new SplittableRandom(SEED).ints(TOKENS).toArray();
    private Churn churn;
    private KvEventSink[] sinks;
    private long step;
    Router router;

    /** Fills the index. */
    @Setup
    public void setUp(Load load) {
      churn = load.churn();
      step = 0;
      router = Router.builder()
          .blockSize(BLOCK_SIZE)
          .secret(SEED)
          .profile(Profiles.standard())
          .build();
      sinks = new KvEventSink[load.pods];
      List<Endpoint> pods = Pods.of(load.pods);
      for (int p = 0; p < sinks.length; p++) {
        router.endpoints().add(pods.get(p));
        sinks[p] = router.events(pods.get(p));
      }
      while (step < churn.window()) {
        store();
        step++;
      }
    }

    private void store() {
      long batch = churn.batch(step);
      churn.hashes(batch, hashes);
      // Blocks are named by all tokens up to their end, so one other token makes them all new.
      tokens[0] = (int) batch;
      sinks[churn.pod(step)].stored(
          hashes,
          Churn.BATCH_BLOCKS,
          churn.hasParent(batch),
          churn.parent(batch),
          tokens,
          TOKENS,
          BLOCK_SIZE,
          Tier.GPU,
          0,
          BlockExtras.NONE);
    }

    private void removeOldest() {
      churn.hashes(churn.batch(step - churn.window()), hashes);
      sinks[churn.pod(step)].removed(hashes, Churn.BATCH_BLOCKS, Tier.GPU, 0);
    }

    /** Refuses figures of a run in which a change was lost. */
    @TearDown
    public void check() {
      ChurnWriter.check(router.index().stats(), churn, step, 0, 0);
    }
  }

  /** {@return whether both changes were taken by the index alone: block hashes in} */
  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public boolean index(ToIndex to) {
    return to.changes.step();
  }

  /** As the engines' events come: engine hashes and tokens in, hashed and looked up on the way. */
  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public long sink(ToSinks to) {
    to.store();
    to.removeOldest();
    return to.step++;
  }
}
