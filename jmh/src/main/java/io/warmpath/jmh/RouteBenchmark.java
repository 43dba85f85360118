package io.warmpath.jmh;

import io.warmpath.RoutedRequest;
import io.warmpath.Router;
import io.warmpath.RouterStats;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.BlockExtras;
import io.warmpath.index.Tier;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.schedule.RoutingDecision;
import io.warmpath.scorers.profile.Profiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * How long does a request wait for its route?
 *
 * <p>One operation takes a body from bytes to a decision and ends the request before an answer: parse,
 * {@link Router#route}, {@link RoutedRequest#close}. The router is as users build it, with tokenizer,
 * template and the standard profile. The body is a conversation of 20 turns, one of 64 in turn, of
 * which a pod has announced all but the last message; that message is new in each call. What a call
 * leaves in the index is the expectation that its prompt will be cached, which runs out after 2
 * seconds. Must hold: nothing in flight at the end. It allocates in proportion to the prompt.
 *
 * <p>{@code java -jar jmh/target/benchmarks.jar -prof gc RouteBenchmark}; {@code -p tokenizer=DIR}
 * takes the {@code tokenizer.json} and the chat template of another model.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 3,
    jvmArgsPrepend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // @Setup sets the fields
public class RouteBenchmark {

  static final int BLOCK_SIZE = 16;

  private static final long SEED = 42;
  private static final int CONVERSATIONS = 64;

  /** Threads should not send the same. */
  private static final int CALLS_A_THREAD = 10_000_000;

  /** Tokens of the whole prompt, about. */
  @Param({"8000", "32000"})
  public int promptTokens;

  /** Pods to choose from. */
  @Param("16")
  public int pods;

  /** {@code own}, or a directory. */
  @Param(Model.OWN)
  public String tokenizer;

  private Model model;
  Router router;

  /** What one thread has of its own. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // @Setup sets the fields
  public static class Caller {
    private List<Conversation> conversations;
    private int number;

    /** Makes the conversations, the same for all threads. */
    @Setup
    public void setUp(RouteBenchmark benchmark, ThreadParams thread) {
      conversations = benchmark.conversations();
      number = thread.getThreadIndex() * CALLS_A_THREAD;
    }

    Conversation next() {
      return conversations.get(++number % CONVERSATIONS);
    }
  }

  /** Builds the router and tells it what the pods have. */
  @Setup
  public void setUp() throws IOException {
    model = Model.load(tokenizer);
    router = Router.builder()
        .tokenizer(model.tokenizer())
        .template(model.template())
        .blockSize(BLOCK_SIZE)
        .secret(SEED)
        .random(() -> new SplittableRandom(SEED))
        .profile(Profiles.standard())
        .build();
    List<Endpoint> endpoints = Pods.of(pods);
    endpoints.forEach(router.endpoints()::add);
    List<Conversation> conversations = conversations();
    for (int c = 0; c < CONVERSATIONS; c++) {
      announce(endpoints.get(c % pods), c, conversations.get(c).sameTokens());
    }
  }

  private List<Conversation> conversations() {
    Words words = new Words(model.tokenizer(), SEED);
    Conversation[] made = new Conversation[CONVERSATIONS];
    Arrays.setAll(made, c -> Conversation.of(model, words, promptTokens));
    return List.of(made);
  }

  private void announce(Endpoint pod, int conversation, int[] tokens) {
    int blocks = tokens.length / BLOCK_SIZE;
    long first = (long) conversation << 32;
    router
        .events(pod)
        .stored(
            LongStream.range(first, first + blocks).toArray(),
            blocks,
            false,
            0,
            tokens,
            blocks * BLOCK_SIZE,
            BLOCK_SIZE,
            Tier.GPU,
            0,
            BlockExtras.NONE);
  }

  /** Refuses figures of a run in which something else was timed. */
  @TearDown
  public void check() {
    RouterStats stats = router.stats();
    if (stats.inFlight() + stats.unroutable() + stats.approximate() != 0) {
      throw new IllegalStateException("expected no request in flight nor failed: " + stats);
    }
  }

  /** From a chat's bytes: with rendering and tokenizing. */
  @Benchmark
  public RoutingDecision chat(Caller caller) {
    return route(Api.CHAT_COMPLETIONS, caller.next().chat(caller.number));
  }

  /** The same tokens, given as ids: without rendering and tokenizing. */
  @Benchmark
  public RoutingDecision tokenIds(Caller caller) {
    return route(Api.COMPLETIONS, caller.next().ids(caller.number));
  }

  private RoutingDecision route(Api api, byte[] body) {
    InferenceRequest request = InferenceRequest.parse(api, body, RequestHeaders.NONE);
    try (RoutedRequest routed = router.route(request).toCompletableFuture().join()) {
      return routed.decision();
    }
  }
}
