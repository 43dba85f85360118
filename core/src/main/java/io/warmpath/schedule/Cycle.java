package io.warmpath.schedule;

import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import io.warmpath.index.Tier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One scheduling cycle: one request, the endpoints still in the running, and the memory that it takes,
 * which is reused from cycle to cycle.
 *
 * <p>Candidates are numbered {@code 0 .. candidates() - 1}; a filter renumbers them. What is read here
 * was read once at the start of the cycle, so all plugins of a cycle see the same.
 *
 * <p><b>Threads:</b> one at a time. <b>Cost:</b> allocates only when it meets more endpoints or
 * profiles than before.
 */
public final class Cycle {

  private static final Tier[] TIERS = Tier.values();

  private final RandomGenerator random;
  private final PrefixMatch match = new PrefixMatch();
  private @Nullable PreparedRequest prepared;
  private long nowNanos;

  /* Columns by endpoint, in the order of the registry; `size` of each are valid. */
  private @Nullable EndpointState[] endpoints = new EndpointState[0];
  private EndpointMetrics[] metrics = new EndpointMetrics[0];
  private int[] inFlight = new int[0];
  private long[] prefillTokens = new long[0];
  private int[][] matchedByTier = new int[TIERS.length][0];
  private int[] matched = new int[0];
  private boolean[] avoided = new boolean[0];
  private int size;
  private int longestMatch;

  /*
   * The candidates of the running profile, as indexes into the columns; behind them those that are out
   * of the running because they are to be avoided, but can still be fallen back to.
   */
  private int[] candidates = new int[0];
  private int candidateCount;
  private int spareCount;

  /* Working arrays of the scheduler, by candidate. */
  boolean[] keep = new boolean[0];
  double[] scores = new double[0];
  double[] totals = new double[0];
  int[] ranked = new int[0];

  /* Results by profile: indexes into the columns, best first. */
  private int[][] results = new int[0][];
  private int[] resultCounts = new int[0];

  /**
   * Creates the memory for cycles.
   *
   * @param random breaks ties; used by one thread at a time
   */
  public Cycle(RandomGenerator random) {
    this.random = Objects.requireNonNull(random, "random");
  }

  /** {@return endpoints in the running, at least 1 when a plugin is called} */
  public int candidates() {
    return candidateCount;
  }

  /**
   * Returns a candidate's endpoint.
   *
   * @param candidate in {@code [0, candidates())}
   * @return the endpoint with what is known of it
   */
  public EndpointState endpoint(int candidate) {
    return Objects.requireNonNull(endpoints[candidates[candidate]]);
  }

  /**
   * Returns a candidate's metrics as of the start of the cycle.
   *
   * @param candidate in {@code [0, candidates())}
   * @return the metrics last scraped
   */
  public EndpointMetrics metrics(int candidate) {
    return metrics[candidates[candidate]];
  }

  /**
   * Returns this router's requests at a candidate that have not ended.
   *
   * @param candidate in {@code [0, candidates())}
   * @return requests, at least 0
   */
  public int inFlightRequests(int candidate) {
    return inFlight[candidates[candidate]];
  }

  /**
   * Returns the prompt tokens that a candidate has still to compute for this router's requests.
   *
   * @param candidate in {@code [0, candidates())}
   * @return tokens not cached, of requests without a first token, at least 0
   */
  public long prefillTokens(int candidate) {
    return prefillTokens[candidates[candidate]];
  }

  /**
   * Returns how many leading blocks of the request's prompts a candidate has, on any tier.
   *
   * @param candidate in {@code [0, candidates())}
   * @return blocks, in {@code [0, totalBlocks()]}
   */
  public int matchedBlocks(int candidate) {
    return matched[candidates[candidate]];
  }

  /**
   * Returns how many of the {@link #matchedBlocks(int)} come from a tier.
   *
   * @param candidate in {@code [0, candidates())}
   * @param tier the tier
   * @return blocks, at least 0
   */
  public int matchedBlocks(int candidate, Tier tier) {
    return matchedByTier[tier.ordinal()][candidates[candidate]];
  }

  /**
   * Returns the prompt tokens that a candidate would have to compute for this request.
   *
   * @param candidate in {@code [0, candidates())}
   * @return tokens, at least 0
   */
  public long uncachedTokens(int candidate) {
    return uncachedTokens(prepared(), matchedBlocks(candidate));
  }

  /** {@return the most blocks that any endpoint has, a candidate or not, at least 0} */
  public int longestMatch() {
    return longestMatch;
  }

  /** {@return full blocks of the request's prompts, at least 0} */
  public int totalBlocks() {
    return prepared().totalBlocks();
  }

  /** {@return the request} */
  public PreparedRequest prepared() {
    return Objects.requireNonNull(prepared, "no cycle was begun");
  }

  /** {@return the start of the cycle, by the router's clock} */
  public long nowNanos() {
    return nowNanos;
  }

  /** {@return a source of random numbers for this cycle's thread} */
  public RandomGenerator random() {
    return random;
  }

  /**
   * Begins a cycle: reads what is known of the endpoints and matches the prompts. The
   * {@link Scheduler} calls this; so may a test of a plugin, which then finds every endpoint a
   * candidate.
   *
   * @param prepared the request
   * @param states the endpoints, at least one
   * @param index answers what is cached where
   * @param nowNanos the router's clock
   */
  public void begin(
      PreparedRequest prepared, List<EndpointState> states, KvBlockIndex index, long nowNanos) {
    this.prepared = prepared;
    this.nowNanos = nowNanos;
    size = states.size();
    ensureRoom(size);
    for (int i = 0; i < size; i++) {
      EndpointState state = states.get(i);
      endpoints[i] = state;
      metrics[i] = state.metrics();
      inFlight[i] = state.load().requests();
      prefillTokens[i] = state.load().prefillTokens();
      avoided[i] = state.isAvoided(nowNanos);
    }
    Arrays.fill(endpoints, size, endpoints.length, null);
    match(prepared, index);
    allAreCandidates();
  }

  private void match(PreparedRequest prepared, KvBlockIndex index) {
    Arrays.fill(matched, 0, size, 0);
    for (int[] column : matchedByTier) {
      Arrays.fill(column, 0, size, 0);
    }
    longestMatch = 0;
    List<PromptBlocks> prompts = prepared.prompts();
    for (int p = 0; p < prompts.size(); p++) {
      PromptBlocks prompt = prompts.get(p);
      index.match(prompt.chain(), 0, prompt.reusable(), match);
      if (match.longest() > 0) {
        addMatch();
      }
    }
    for (int i = 0; i < size; i++) {
      longestMatch = Math.max(longestMatch, matched[i]);
    }
  }

  private void addMatch() {
    for (int i = 0; i < size; i++) {
      int slot = Objects.requireNonNull(endpoints[i]).slot();
      int blocks = match.blocks(slot);
      if (blocks > 0) {
        matched[i] += blocks;
        for (Tier tier : TIERS) {
          matchedByTier[tier.ordinal()][i] += match.blocks(slot, tier);
        }
      }
    }
  }

  /** Makes every endpoint a candidate. */
  void allAreCandidates() {
    for (int i = 0; i < size; i++) {
      candidates[i] = i;
    }
    candidateCount = size;
    spareCount = 0;
  }

  /** Takes out the candidates to be avoided, unless there are no others, and keeps them as spares. */
  void preferReachable() {
    int kept = 0;
    int spares = 0;
    for (int i = 0; i < candidateCount; i++) {
      int candidate = candidates[i];
      if (avoided[candidate]) {
        ranked[spares++] = candidate;
      } else {
        candidates[kept++] = candidate;
      }
    }
    System.arraycopy(ranked, 0, candidates, kept, spares);
    if (kept > 0) {
      candidateCount = kept;
      spareCount = spares;
    }
  }

  /** Takes out the candidates that {@link #keep} says to, and renumbers the rest. */
  void keepMarked() {
    int kept = 0;
    for (int i = 0; i < candidateCount; i++) {
      if (keep[i]) {
        candidates[kept++] = candidates[i];
      }
    }
    candidateCount = kept;
  }

  /**
   * Keeps the first {@code count} of {@link #ranked} as the result of a profile. If these are all
   * candidates, the spares follow: it is better to try an endpoint that failed a moment ago than none.
   */
  void keepResult(int profile, int count) {
    if (results.length <= profile) {
      results = Arrays.copyOf(results, profile + 1);
      resultCounts = Arrays.copyOf(resultCounts, profile + 1);
    }
    if (results[profile] == null || results[profile].length < count + spareCount) {
      results[profile] = new int[ranked.length];
    }
    for (int i = 0; i < count; i++) {
      results[profile][i] = candidates[ranked[i]];
    }
    int spares = count < candidateCount
        ? 0
        : Math.max(0, Math.min(spareCount, Scheduler.MAX_RANKED - count));
    System.arraycopy(candidates, candidateCount, results[profile], count, spares);
    resultCounts[profile] = count + spares;
  }

  /**
   * Returns how many endpoints a profile ranked in the last cycle.
   *
   * @param profile number of the profile, in the scheduler's order
   * @return endpoints, 0 if the profile found none
   */
  public int chosen(int profile) {
    return profile < resultCounts.length ? resultCounts[profile] : 0;
  }

  /**
   * Returns an endpoint that a profile ranked in the last cycle.
   *
   * @param profile number of the profile, in the scheduler's order
   * @param rank 0 for the best, below {@link #chosen(int)}
   * @return the endpoint
   */
  public EndpointState chosen(int profile, int rank) {
    return Objects.requireNonNull(endpoints[results[profile][rank]]);
  }

  /** Returns the endpoints of the cycle that have a leading block of the prompt, with how many. */
  List<RoutingDecision.Match> matches() {
    if (longestMatch == 0) {
      return List.of();
    }
    RoutingDecision.Match[] found = new RoutingDecision.Match[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (matched[i] > 0) {
        found[count++] =
            new RoutingDecision.Match(Objects.requireNonNull(endpoints[i]).endpoint(), matched[i]);
      }
    }
    return List.of(Arrays.copyOf(found, count));
  }

  static long uncachedTokens(PreparedRequest prepared, int matchedBlocks) {
    return Math.max(0, prepared.promptTokens() - (long) matchedBlocks * prepared.blockSize());
  }

  private void ensureRoom(int needed) {
    if (needed <= endpoints.length) {
      return;
    }
    int room = Math.max(needed, 2 * endpoints.length);
    endpoints = new EndpointState[room];
    metrics = new EndpointMetrics[room];
    inFlight = new int[room];
    prefillTokens = new long[room];
    matched = new int[room];
    matchedByTier = new int[TIERS.length][room];
    avoided = new boolean[room];
    candidates = new int[room];
    keep = new boolean[room];
    scores = new double[room];
    totals = new double[room];
    ranked = new int[room];
  }
}
