package io.warmpath;

import io.warmpath.block.BlockHasher;
import io.warmpath.block.BlockSize;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointRegistry;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.event.KvEventSink;
import io.warmpath.event.PoolEvents;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.Tier;
import io.warmpath.request.InferenceRequest;
import io.warmpath.response.ResponseEnd;
import io.warmpath.response.Usage;
import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.PromptBlocks;
import io.warmpath.schedule.RareWarning;
import io.warmpath.schedule.RoutingDecision;
import io.warmpath.schedule.Scheduler;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Routes requests to the engines that have their prompts cached, weighed against load.
 *
 * <p>A router serves one pool: one base model with its LoRA adapters, one block size, one tokenizer.
 * Hosts that serve several models keep several routers and choose by model name.
 *
 * <pre>{@code
 * Router router = Router.builder()
 *     .tokenizer(tokenizer).template(template).profile(Profiles.standard()).build();
 * router.endpoints().add(Endpoint.of("10.0.0.7:8000"));
 * router.route(InferenceRequest.parse(Api.CHAT_COMPLETIONS, body, headers))
 *     .thenAccept(routed -> forward(routed));
 * }</pre>
 *
 * <p><b>Threads:</b> safe for any number. A router starts no thread of its own.
 */
public final class Router {

  private static final System.Logger LOG = System.getLogger(Router.class.getName());

  /** How long a routed prompt is believed cached before a sign of it, as in Warmpath's policy simulator. */
  private static final double EXPECT_SECONDS = 2;

  private static final double EXPECT_BACKLOG_FACTOR = 1.5;

  /** How long others are preferred after a delivery failed. */
  private static final long AVOID_NANOS = 2_000_000_000L;

  private final EndpointRegistry endpoints;
  private final KvBlockIndex index;
  private final BlockSize blockSize;
  private final Scheduler scheduler;
  private final RequestPreparer preparer;
  private final Workspace.Pool workspaces;
  private final @Nullable Executor executor;
  private final int inlineBytes;
  private final double prefillTokensPerSecond;
  private final LongSupplier nanoClock;
  private final RouterObserver observer;
  private final RareWarning observerFailed;
  private final RouterCounters counters = new RouterCounters();
  private final PoolEvents events;
  private final MatchDiagnosis diagnosis;
  private final ApproximateHolders approximate;

  Router(RouterBuilder builder) {
    nanoClock = builder.nanoClock;
    index = KvBlockIndex.create(builder.indexCapacityBlocks, nanoClock);
    blockSize = builder.blockSize == 0 ? BlockSize.learned() : BlockSize.of(builder.blockSize);
    EngineHashScheme scheme = builder.engineHashes;
    Supplier<PromptHasher> hashers;
    if (scheme == null) {
      BlockHasher hasher = builder.hasher();
      hashers = PromptHasher.own(hasher);
      events = PoolEvents.mapped(index, hasher, blockSize, nanoClock);
    } else {
      hashers = PromptHasher.engines(scheme, builder.adapters);
      events = PoolEvents.direct(index, blockSize, nanoClock, scheme, builder.adapters.values());
    }
    approximate = new ApproximateHolders(
        index, events, blockSize, builder.approximateTokens, builder.approximateLife.toNanos());
    endpoints = new EndpointRegistry(index::slot, this::forget, this::learn);
    scheduler = new Scheduler(endpoints, index, builder.profiles);
    preparer = new RequestPreparer(
        builder.tokenizer,
        builder.template,
        builder.adapters.keySet(),
        blockSize,
        counters,
        new RareWarning(
            LOG, "a prompt could not be rendered or tokenized; it is routed by load alone"));
    workspaces = new Workspace.Pool(builder.randoms, hashers);
    executor = builder.executor;
    inlineBytes = builder.inlineBytes;
    prefillTokensPerSecond = builder.prefillTokensPerSecond;
    observer = builder.observer;
    observerFailed = new RareWarning(LOG, "the router's observer failed and was skipped");
    diagnosis = new MatchDiagnosis(
        builder.tokenizer != null,
        builder.template != null,
        builder.adapters.keySet(),
        scheme,
        builder.expectsNoEvents,
        events);
    if (preparer.blocks() && executor == null) {
      throw new IllegalArgumentException(
          "router: this tokenizer may block; give the router a thread pool with executor(...)");
    }
  }

  /** {@return an empty builder, for one thread} */
  public static RouterBuilder builder() {
    return new RouterBuilder();
  }

  /** {@return the pool's endpoints; add and remove them here} */
  public EndpointRegistry endpoints() {
    return endpoints;
  }

  /** {@return the index of the pool's cached blocks} */
  public KvBlockIndex index() {
    return index;
  }

  /** {@return the tokens per block, given or learned} */
  public BlockSize blockSize() {
    return blockSize;
  }

  /** {@return the clock that this router measures with, in nanoseconds} */
  public LongSupplier nanoClock() {
    return nanoClock;
  }

  /**
   * Returns where the KV events of an endpoint go.
   *
   * <p>Ask before the first request: from now on the endpoint has what its events say, and what was
   * believed of it without them ({@link RouterBuilder#approximate}) is forgotten.
   *
   * @param endpoint registered in {@link #endpoints()}; when it is removed there, its sink goes deaf
   * @return the sink, the same one for the same endpoint
   */
  public KvEventSink events(Endpoint endpoint) {
    KvEventSink sink = events.source(endpoint);
    approximate.exact(endpoint);
    return sink;
  }

  /**
   * Returns where the KV events of an endpoint go whose engine hashes must not be mixed with those of
   * others: of another model file, say, under the same name.
   *
   * @param endpoint registered in {@link #endpoints()}; when it is removed there, its sink goes deaf
   * @param hashDomain shared by the endpoints that were given the same name; ignored if the endpoint
   *     has a sink already, and with {@link RouterBuilder#engineHashes}, where equal hashes are equal
   *     blocks
   * @return the sink, the same one for the same endpoint
   */
  public KvEventSink events(Endpoint endpoint, String hashDomain) {
    KvEventSink sink = events.source(endpoint, hashDomain);
    approximate.exact(endpoint);
    return sink;
  }

  /**
   * Chooses where a request goes.
   *
   * <p>Completes on the caller's thread, unless the prompt is large or the tokenizer may block: then
   * the work is done by the builder's executor. If the stage is cancelled before that is done, the
   * request ends as cancelled.
   *
   * @param request the request
   * @return the routed request, which the caller must see to its end; or fails with
   *     {@link NoEndpointException}, or with {@link RejectedExecutionException} if the executor takes
   *     no more; both count as {@link RouterStats#unroutable()}
   */
  public CompletionStage<RoutedRequest> route(InferenceRequest request) {
    long startNanos = nanoClock.getAsLong();
    Executor elsewhere = executor;
    if (elsewhere == null || !(preparer.blocks() || request.body().length > inlineBytes)) {
      try {
        return CompletableFuture.completedStage(routeNow(request, startNanos));
      } catch (NoEndpointException e) {
        return CompletableFuture.failedStage(e);
      }
    }
    CompletableFuture<RoutedRequest> routed = new CompletableFuture<>();
    try {
      elsewhere.execute(() -> route(request, startNanos, routed));
    } catch (RejectedExecutionException e) {
      counters.unroutable.increment();
      return CompletableFuture.failedStage(e);
    }
    counters.offloaded.increment();
    return routed;
  }

  private void route(
      InferenceRequest request, long startNanos, CompletableFuture<RoutedRequest> result) {
    if (result.isDone()) {
      return;
    }
    try {
      RoutedRequest routed = routeNow(request, startNanos);
      if (!result.complete(routed)) {
        routed.cancel();
      }
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  /**
   * Chooses where a request without a prompt goes, such as a list of models: one of the endpoints at
   * random, those that were reachable last before the others. It counts as no request.
   *
   * @return an endpoint, or empty if none is registered
   */
  public Optional<Endpoint> anyEndpoint() {
    long now = nanoClock.getAsLong();
    Workspace workspace = workspaces.take();
    RandomGenerator random = workspace.cycle.random();
    EndpointState chosen = null;
    int equals = 0;
    for (EndpointState state : endpoints.states()) {
      if (chosen == null || (chosen.isAvoided(now) && !state.isAvoided(now))) {
        chosen = state;
        equals = 1;
      } else if (chosen.isAvoided(now) == state.isAvoided(now) && random.nextInt(++equals) == 0) {
        chosen = state;
      }
    }
    workspaces.give(workspace, 0);
    return Optional.ofNullable(chosen).map(EndpointState::endpoint);
  }

  private RoutedRequest routeNow(InferenceRequest request, long startNanos) {
    Workspace workspace = workspaces.take();
    try {
      PreparedRequest prepared = preparer.prepare(request, workspace, startNanos);
      diagnosis.requested(prepared);
      Cycle cycle = workspace.cycle;
      if (!scheduler.schedule(prepared, cycle, nanoClock.getAsLong())) {
        counters.unroutable.increment();
        throw new NoEndpointException(
            endpoints.states().isEmpty()
                ? "no endpoint is registered for model '" + request.model() + "'"
                : "no endpoint can take a request for model '" + request.model() + "' now");
      }
      RoutingDecision decision = scheduler.decision(cycle);
      EndpointState[] candidates = new EndpointState[cycle.chosen(0)];
      for (int i = 0; i < candidates.length; i++) {
        candidates[i] = cycle.chosen(0, i);
      }
      counters.routed.increment();
      RoutedRequest routed = new RoutedRequest(this, prepared, decision, candidates, startNanos);
      observe(o -> o.routed(request, decision));
      return routed;
    } finally {
      workspaces.give(workspace, request.body().length);
    }
  }

  /** {@return the counters; they may be a few requests apart} */
  public RouterStats stats() {
    // Ends are read first, so that a request that ends meanwhile is never missing in flight.
    long completed = counters.ended(ResponseEnd.COMPLETE).sum();
    long rejected = counters.ended(ResponseEnd.REJECTED).sum();
    long failed = counters.ended(ResponseEnd.FAILED).sum();
    long truncated = counters.ended(ResponseEnd.TRUNCATED).sum();
    long silent = counters.ended(ResponseEnd.SILENT).sum();
    long cancelled = counters.ended(ResponseEnd.CANCELLED).sum();
    long ended = completed + rejected + failed + truncated + silent + cancelled;
    long routed = counters.routed.sum();
    return new RouterStats(
        routed,
        counters.unroutable.sum(),
        (int) (routed - ended),
        counters.untokenized.sum(),
        counters.promptFailures.sum(),
        counters.offloaded.sum(),
        counters.retried.sum(),
        counters.exhausted.sum(),
        completed,
        rejected,
        failed,
        truncated,
        silent,
        cancelled,
        counters.observerFailures.sum(),
        scheduler.stats(),
        index.stats(),
        events.stats());
  }

  /**
   * Says in words why prompts match no cached blocks, or fewer than they should: the likeliest cause
   * first, each with what to look at. Meant for operators: the text is no interface.
   *
   * @return sentences; empty if nothing is known to be wrong
   */
  public List<String> diagnosis() {
    return diagnosis.sentences(stats(), endpoints.states().size(), blockSize.tokens());
  }

  /** A request was just sent to an endpoint: its blocks count there before the engine says so. */
  void sent(PreparedRequest prepared, EndpointState state) {
    if (state.isRemoved()) {
      return;
    }
    long now = nanoClock.getAsLong();
    double backlogSeconds = state.load().prefillTokens() / prefillTokensPerSecond;
    long life = (long) ((EXPECT_SECONDS + EXPECT_BACKLOG_FACTOR * backlogSeconds) * 1e9);
    mark(prepared, state, (chain, holder) -> index.expect(holder, chain, chain.length, now, life));
  }

  /** The first token came from an endpoint: the prompt's blocks are there. */
  void confirmed(PreparedRequest prepared, EndpointState state, long nowNanos) {
    state.reachable();
    if (state.isRemoved()) {
      return;
    }
    diagnosis.answered(prepared, state.endpoint());
    mark(prepared, state, (chain, holder) -> index.confirm(holder, chain, chain.length, nowNanos));
  }

  /** Marks a request's prompts at an endpoint, in every cache group: blocks and their holder. */
  private void mark(PreparedRequest prepared, EndpointState state, ObjIntConsumer<long[]> mark) {
    int[] groups = index.groups();
    approximate.marking(state, groups);
    for (int group : groups) {
      int holder = index.holder(new HolderKey(state.endpoint(), Tier.GPU, group));
      for (PromptBlocks prompt : prepared.prompts()) {
        mark.accept(blocks(prompt, group), holder);
      }
    }
    forgetIfRemoved(state);
  }

  /**
   * Returns what a cache group of a hybrid model has of a prompt that was computed: all of it, a sliding
   * window too, as an engine keeps what has left the window until it needs the room. But a group that
   * needs one block is a state space, which keeps its state at the end only; and no event would take
   * back what it never had.
   */
  private long[] blocks(PromptBlocks prompt, int group) {
    if (index.needBlocks(group) > 1) {
      return prompt.chain();
    }
    int from = Math.max(0, prompt.reusable() - 1);
    return Arrays.copyOfRange(prompt.chain(), from, prompt.chain().length);
  }

  /** Asking the index for a holder makes one; nobody else would drop that of a removed endpoint. */
  private void forgetIfRemoved(EndpointState state) {
    if (state.isRemoved()) {
      endpoints.forgetIfRemoved(state.endpoint());
    }
  }

  void firstToken(InferenceRequest request, Endpoint endpoint, long elapsedNanos) {
    observe(o -> o.firstToken(request, endpoint, elapsedNanos));
  }

  void deliveryFailed(
      InferenceRequest request, EndpointState state, Throwable cause, boolean retried) {
    state.unreachable(nanoClock.getAsLong() + AVOID_NANOS);
    (retried ? counters.retried : counters.exhausted).increment();
    observe(o -> o.failed(request, state.endpoint(), cause));
  }

  void ended(
      InferenceRequest request,
      Endpoint endpoint,
      ResponseEnd end,
      Usage usage,
      long elapsedNanos) {
    counters.ended(end).increment();
    observe(o -> o.ended(request, endpoint, end, usage, elapsedNanos));
  }

  private void observe(java.util.function.Consumer<RouterObserver> call) {
    try {
      call.accept(observer);
    } catch (RuntimeException e) {
      counters.observerFailures.increment();
      observerFailed.log(e, nanoClock.getAsLong());
    }
  }

  /** The first engine that tells its block size settles the pool's: here, or by its first KV event. */
  private void learn(EndpointMetrics metrics) {
    if (metrics.blockSize() > 0) {
      blockSize.agree(metrics.blockSize());
    }
  }

  private void forget(Endpoint endpoint) {
    events.remove(endpoint);
    approximate.forget(endpoint);
    diagnosis.forget(endpoint);
    index.drop(endpoint);
  }
}
