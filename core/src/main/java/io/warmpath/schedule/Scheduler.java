package io.warmpath.schedule;

import com.google.common.collect.ImmutableList;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointRegistry;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.index.KvBlockIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Runs scheduling cycles: match, filter, score, pick.
 *
 * <p>The weighted sum is as in the Kubernetes endpoint picker: the sum over the scorers of weight
 * times score, each score clamped to {@code [0, 1]}, never divided by the weights.
 *
 * <p><b>Threads:</b> safe for any number, each with its own {@link Cycle}. <b>Cost:</b> O(blocks +
 * endpoints · plugins); allocates nothing in steady state.
 */
public final class Scheduler {

  /** Most endpoints ranked by a profile: the best and three to fall back to. */
  static final int MAX_RANKED = 4;

  private final EndpointRegistry endpoints;
  private final KvBlockIndex index;
  private final ProfileRunner[] profiles;
  private final LongAdder cycles = new LongAdder();
  private final LongAdder noEndpoint = new LongAdder();

  /**
   * Creates a scheduler.
   *
   * @param endpoints the pool's endpoints
   * @param index answers what is cached where
   * @param profiles the primary one first; at least one, names unique
   */
  public Scheduler(
      EndpointRegistry endpoints, KvBlockIndex index, List<SchedulingProfile> profiles) {
    if (profiles.isEmpty()) {
      throw new IllegalArgumentException(
          "a scheduler needs a profile; add one with profile(...), such as Profiles.standard()");
    }
    Set<String> names = new HashSet<>();
    for (SchedulingProfile profile : profiles) {
      if (!names.add(profile.name())) {
        throw new IllegalArgumentException(
            "profile '" + profile.name() + "' is there twice; give each its own name");
      }
    }
    this.endpoints = endpoints;
    this.index = index;
    this.profiles = profiles.stream().map(ProfileRunner::new).toArray(ProfileRunner[]::new);
  }

  /**
   * Runs one cycle and leaves its results in {@code cycle}.
   *
   * @param prepared the request
   * @param cycle the memory to work in; {@link Cycle#chosen(int, int)} has the results afterwards
   * @param nowNanos the router's clock
   * @return whether the primary profile, number 0, found an endpoint
   */
  public boolean schedule(PreparedRequest prepared, Cycle cycle, long nowNanos) {
    cycles.increment();
    ImmutableList<EndpointState> states = endpoints.states();
    cycle.begin(prepared, states, index, nowNanos);
    for (int p = 0; p < profiles.length; p++) {
      cycle.allAreCandidates();
      cycle.keepResult(p, cycle.candidates() == 0 ? 0 : profiles[p].run(cycle));
    }
    boolean found = cycle.chosen(0) > 0;
    if (!found) {
      noEndpoint.increment();
    }
    return found;
  }

  /**
   * Puts the results of a cycle into a value.
   *
   * @param cycle whose last {@link #schedule} found an endpoint
   * @return the decision
   */
  public RoutingDecision decision(Cycle cycle) {
    List<RoutingDecision.Targets> targets = new ArrayList<>(profiles.length);
    for (int p = 0; p < profiles.length; p++) {
      int chosen = cycle.chosen(p);
      if (chosen > 0) {
        Endpoint[] ranked = new Endpoint[chosen];
        for (int i = 0; i < chosen; i++) {
          ranked[i] = cycle.chosen(p, i).endpoint();
        }
        targets.add(new RoutingDecision.Targets(profiles[p].name(), Arrays.asList(ranked)));
      }
    }
    PreparedRequest prepared = cycle.prepared();
    return new RoutingDecision(
        targets, cycle.matches(), prepared.promptTokens(), prepared.totalBlocks());
  }

  /** {@return the counters; they may be a few cycles apart} */
  public SchedulerStats stats() {
    Map<String, Long> failures = new HashMap<>();
    Map<String, Long> outOfRange = new HashMap<>();
    for (ProfileRunner profile : profiles) {
      profile.addTo(failures, outOfRange);
    }
    return new SchedulerStats(cycles.sum(), noEndpoint.sum(), failures, outOfRange);
  }
}
