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
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.response.ResponseEnd;
import io.warmpath.response.Usage;
import io.warmpath.schedule.Cycle;
import io.warmpath.schedule.PreparedRequest;
import io.warmpath.schedule.PromptBlocks;
import io.warmpath.schedule.RareWarning;
import io.warmpath.schedule.RoutingDecision;
import io.warmpath.schedule.Scheduler;
import io.warmpath.token.TokenizedPrompt;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
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

  /**
   * A body of up to this many times the inline bytes is rendered on the caller's thread, to see whether the
   * tokenizer remembers most of it. To render costs a hundredth of tokenizing.
   */
  private static final int TRIED_HERE = 16;

  /** How long others are preferred after a delivery failed. */
  private static final long AVOID_NANOS = 2_000_000_000L;

  private final EndpointRegistry endpoints;
  private final KvBlockIndex index;
  private final BlockSize blockSize;
  private final Scheduler scheduler;
  private final RequestPreparer preparer;
  private final Workspace.Pool workspaces;
  private final @Nullable Executor executor;
  private final @Nullable RemoteTokenizer remoteTokenizer;
  private final int inlineBytes;
  private final long tokenizationLimitNanos;
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
    BlockHasher hasher = builder.hasher();
    if (scheme == null) {
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
        hasher,
        counters,
        new RareWarning(
            LOG, "a prompt could not be rendered or tokenized; it is matched by its bytes"));
    workspaces = new Workspace.Pool(builder.randoms, hashers);
    executor = builder.executor;
    remoteTokenizer = builder.remoteTokenizer;
    tokenizationLimitNanos = builder.tokenizationLimit.toNanos();
    inlineBytes = builder.inlineBytes;
    prefillTokensPerSecond = builder.prefillTokensPerSecond;
    observer = builder.observer;
    observerFailed = new RareWarning(LOG, "the router's observer failed and was skipped");
    diagnosis = new MatchDiagnosis(
        builder.tokenizer != null || builder.remoteTokenizer != null,
        builder.template != null || builder.remoteTokenizer != null,
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
   * <p>Completes on the caller's thread if its prompt is short, or the tokenizer remembers all but little of
   * it. A prompt of which more is new than {@link RouterBuilder#inlineBytes} says, and any if the tokenizer
   * may block, is read by the builder's executor; a remote tokenizer reads where it likes. For either a
   * request waits {@link RouterBuilder#tokenizationLimit} at most: then it is matched by its bytes, on a thread
   * of the JVM's common pool. So it is if the executor takes no more. If the stage is cancelled before
   * that is done, the request ends as cancelled.
   *
   * @param request the request
   * @return the routed request, which the caller must see to its end; or fails with
   *     {@link NoEndpointException}, which counts as {@link RouterStats#unroutable()}, or with {@link
   *     BadRequestException} if the chat template refuses the conversation, which a host answers with
   *     status 400 and the message, as engines do ({@link RouterStats#refused()})
   */
  public CompletionStage<RoutedRequest> route(InferenceRequest request) {
    long startNanos = nanoClock.getAsLong();
    RemoteTokenizer remote = remoteTokenizer;
    if (remote != null && !RequestPreparer.isTokenized(request)) {
      TokenWait wait = new TokenWait(this, request, startNanos);
      askRemote(remote, wait);
      return wait.upTo(tokenizationLimitNanos);
    }
    Executor elsewhere = executor;
    long bytes = request.body().length;
    if (elsewhere == null || (!preparer.blocks() && bytes <= (long) TRIED_HERE * inlineBytes)) {
      boolean isAllHere = elsewhere == null || bytes <= inlineBytes;
      try {
        RoutedRequest routed =
            routeHere(request, startNanos, isAllHere ? RequestPreparer.ALL : inlineBytes);
        if (routed != null) {
          return CompletableFuture.completedStage(routed);
        }
      } catch (NoEndpointException | BadRequestException e) {
        return CompletableFuture.failedStage(e);
      }
    }
    TokenWait wait = new TokenWait(this, request, startNanos);
    handOver(Objects.requireNonNull(elsewhere), wait);
    return wait.upTo(tokenizationLimitNanos);
  }

  /**
   * Reads a request and routes it nowhere: for a scheduler of one's own, or to see its tokens and blocks.
   * The local tokenizer does it on the caller's thread, however long it takes.
   *
   * @param request the request
   * @return its prompts' blocks; by its bytes where {@link #route} would do so, and always with a remote
   *     tokenizer
   * @throws BadRequestException if the chat template refuses the conversation
   */
  public PreparedRequest prepare(InferenceRequest request) {
    PreparedRequest prepared = workspaces.use(
        request.body().length,
        workspace ->
            preparer.prepare(request, workspace, nanoClock.getAsLong(), RequestPreparer.ALL));
    return Objects.requireNonNull(prepared, "no limit was given");
  }

  private void askRemote(RemoteTokenizer remote, TokenWait wait) {
    counters.offloaded.increment();
    InferenceRequest request = wait.request();
    CompletionStage<List<TokenizedPrompt>> asked;
    try {
      asked = remote.tokenize(request);
    } catch (RuntimeException e) {
      wait.failed(e);
      return;
    }
    asked.whenComplete((prompts, failure) -> {
      if (failure == null) {
        read(wait, workspace -> preparer.remote(request, prompts, workspace));
      } else {
        wait.failed(failure);
      }
    });
  }

  private void handOver(Executor elsewhere, TokenWait wait) {
    try {
      elsewhere.execute(() -> {
        if (!wait.isOver()) {
          read(
              wait,
              workspace -> preparer.prepareAll(wait.request(), workspace, nanoClock.getAsLong()));
        }
      });
      counters.offloaded.increment();
    } catch (RejectedExecutionException e) {
      wait.failed(e);
    }
  }

  private void read(TokenWait wait, Function<Workspace, PreparedRequest> reading) {
    PreparedRequest prepared;
    try {
      prepared = workspaces.use(wait.request().body().length, reading);
    } catch (RuntimeException e) {
      wait.failed(e);
      return;
    }
    wait.tokenized(prepared);
  }

  /**
   * Chooses where a request without a prompt goes, such as a list of models: one of the endpoints at
   * random, those that were reachable last before the others. It counts as no request.
   *
   * @return an endpoint, or empty if none is registered
   */
  public Optional<Endpoint> anyEndpoint() {
    return Optional.ofNullable(workspaces.use(0, workspace -> any(workspace.cycle.random())))
        .map(EndpointState::endpoint);
  }

  private @Nullable EndpointState any(RandomGenerator random) {
    long now = nanoClock.getAsLong();
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
    return chosen;
  }

  /** {@return the routed request; null if more of its prompt is new than may be tokenized here} */
  private @Nullable RoutedRequest routeHere(
      InferenceRequest request, long startNanos, int mostNew) {
    try {
      return workspaces.use(request.body().length, workspace -> {
        PreparedRequest prepared = preparer.prepare(request, workspace, startNanos, mostNew);
        return prepared == null ? null : route(prepared, workspace, startNanos);
      });
    } catch (BadRequestException e) {
      counters.refused.increment();
      throw e;
    }
  }

  /** Routes a request that was read. */
  RoutedRequest routeNow(PreparedRequest prepared, long startNanos) {
    return route(prepared.request(), startNanos, workspace -> prepared);
  }

  /** Routes a request by its bytes, as its tokens were not there in time. */
  RoutedRequest routeTooLate(InferenceRequest request, long startNanos) {
    counters.tokenizedTooLate.increment();
    return route(request, startNanos, workspace -> preparer.byBytes(request, workspace));
  }

  /** Routes a request by its bytes, as there are no tokens; or not at all, if it was refused. */
  RoutedRequest routeFailed(InferenceRequest request, Throwable cause, long startNanos) {
    if (cause instanceof BadRequestException refusal) {
      counters.refused.increment();
      throw refusal;
    }
    return route(
        request,
        startNanos,
        workspace -> preparer.failed(cause, request, workspace, nanoClock.getAsLong()));
  }

  private RoutedRequest route(
      InferenceRequest request, long startNanos, Function<Workspace, PreparedRequest> reading) {
    return workspaces.use(
        request.body().length, workspace -> route(reading.apply(workspace), workspace, startNanos));
  }

  private RoutedRequest route(PreparedRequest prepared, Workspace workspace, long startNanos) {
    InferenceRequest request = prepared.request();
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
        counters.approximate.sum(),
        counters.promptFailures.sum(),
        counters.tokenizedTooLate.sum(),
        counters.refused.sum(),
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
    confirm(prepared, state, nowNanos);
  }

  /** A request's blocks are at an endpoint. */
  void confirm(PreparedRequest prepared, EndpointState state, long nowNanos) {
    if (!state.isRemoved()) {
      mark(
          prepared, state, (chain, holder) -> index.confirm(holder, chain, chain.length, nowNanos));
    }
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
      for (PromptBlocks prompt : prepared.byBytes()) {
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
