package io.warmpath.jmh;

import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.PromptBlocks;
import io.warmpath.schedule.Scheduler;
import io.warmpath.scorers.profile.Profiles;
import java.nio.charset.StandardCharsets;
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
 * How long does one scheduling cycle take, and does it allocate?
 *
 * <p>One operation is {@link Scheduler#schedule} with the standard profile for a prompt that is
 * hashed already: match, score, pick. Index and prompts are those of {@link MatchBenchmark}, every
 * prompt cached at 4 of 16 pods. Must hold: 0 B/op, to be read in the average mode, as sampling
 * allocates.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc ScheduleBenchmark}
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
public class ScheduleBenchmark {

  private static final long SEED = 42;
  private static final int BLOCK_SIZE = 16;

  /** Distinct blocks in the index. */
  @Param("1000000")
  public int blocks;

  /** Blocks of each prompt. */
  @Param("2000")
  public int chainBlocks;

  /** Pods to choose from. */
  @Param("16")
  public int pods;

  /** Pods that have each prompt. */
  @Param("4")
  public int holders;

  private Router router;
  private Scheduler scheduler;
  private PreparedRequest[] requests;

  /** What one thread has of its own. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // @Setup sets the fields
  public static class Caller {
    Cycle cycle;
    private SplittableRandom random;

    /** Gives each thread random numbers of its own. */
    @Setup
    public void setUp(ThreadParams thread) {
      random = new SplittableRandom(SEED + thread.getThreadIndex());
      cycle = new Cycle(random.split());
    }
  }

  /** Fills the index and tells the load of each pod. */
  @Setup
  public void setUp() {
    router = Router.builder().blockSize(BLOCK_SIZE).profile(Profiles.standard()).build();
    List<Endpoint> endpoints = Pods.of(pods);
    for (int i = 0; i < pods; i++) {
      EndpointMetrics metrics =
          new EndpointMetrics(i % 3, 4 + i % 5, 0.3 + 0.02 * i, BLOCK_SIZE, 65_536, 0);
      router.endpoints().add(endpoints.get(i)).metrics(metrics);
    }
    long[][] chains = RandomChains.of(Math.max(1, blocks / chainBlocks), chainBlocks, SEED);
    RandomChains.store(router.index(), endpoints, holders, chains);
    scheduler = new Scheduler(router.endpoints(), router.index(), List.of(Profiles.standard()));
    InferenceRequest request = InferenceRequest.parse(
        Api.COMPLETIONS,
        "{\"model\":\"m\",\"prompt\":\"the chains are given\"}".getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);
    requests = new PreparedRequest[chains.length];
    for (int c = 0; c < chains.length; c++) {
      // One token more than its blocks hold: the block of the last token is never reused.
      PromptBlocks prompt = PromptBlocks.of(chainBlocks * BLOCK_SIZE + 1, chains[c], BLOCK_SIZE);
      requests[c] = new PreparedRequest(request, List.of(prompt), BLOCK_SIZE);
    }
  }

  /** {@return whether an endpoint was found; always} */
  @Benchmark
  public boolean cycle(Caller caller) {
    PreparedRequest request = requests[caller.random.nextInt(requests.length)];
    return scheduler.schedule(request, caller.cycle, router.nanoClock().getAsLong());
  }
}
