package io.warmpath.schedule;

import io.warmpath.endpoint.Endpoint;
import java.util.List;

/**
 * Where a request goes, and what spoke for it.
 *
 * @param targets by profile, the primary one first; never empty
 * @param matches endpoints that have leading blocks of the prompt, in the registry's order; empty if
 *     none has
 * @param promptTokens tokens of the prompts, 0 if they could not be counted
 * @param totalBlocks full blocks of the prompts
 */
public record RoutingDecision(
    List<Targets> targets, List<Match> matches, int promptTokens, int totalBlocks) {

  /** Copies the lists. */
  public RoutingDecision {
    targets = List.copyOf(targets);
    matches = List.copyOf(matches);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a decision needs the primary profile's targets");
    }
  }

  /**
   * The endpoints that one profile chose.
   *
   * @param profile name of the profile
   * @param endpoints best first, then those to fall back to; never empty
   */
  public record Targets(String profile, List<Endpoint> endpoints) {
    /** Copies the list. */
    public Targets {
      endpoints = List.copyOf(endpoints);
      if (endpoints.isEmpty()) {
        throw new IllegalArgumentException("profile '" + profile + "' chose no endpoint");
      }
    }
  }

  /**
   * How much of the prompt an endpoint has cached.
   *
   * @param endpoint the endpoint
   * @param blocks leading blocks, at least 1
   */
  public record Match(Endpoint endpoint, int blocks) {}

  /** {@return the primary profile's endpoints, best first} */
  public List<Endpoint> endpoints() {
    return targets.get(0).endpoints();
  }

  /**
   * Returns how many leading blocks an endpoint has.
   *
   * @param endpoint any
   * @return blocks, 0 if it has none
   */
  public int matchedBlocks(Endpoint endpoint) {
    for (Match match : matches) {
      if (match.endpoint().equals(endpoint)) {
        return match.blocks();
      }
    }
    return 0;
  }
}
