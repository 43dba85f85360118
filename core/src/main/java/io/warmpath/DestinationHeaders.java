package io.warmpath;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.schedule.RoutingDecision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A decision as the headers that gateways and engines read.
 *
 * <p>{@code x-gateway-destination-endpoint} is the Gateway API inference extension's: addresses in the
 * order to try them, separated by commas. A profile named {@code prefill} adds
 * {@code x-prefiller-host-port}, as llm-d's sidecar reads it.
 */
public final class DestinationHeaders {

  /** The endpoints to try, in order. */
  public static final String DESTINATION = "x-gateway-destination-endpoint";

  /** Who computes the prompt, where that is another pod than the one that generates. */
  public static final String PREFILLER = "x-prefiller-host-port";

  /** Names the request, from the client to the engine and back. */
  public static final String REQUEST_ID = "x-request-id";

  /** In an answer: the endpoint that it came from. */
  public static final String SERVED_BY = "x-warmpath-endpoint";

  private static final String PREFILL_PROFILE = "prefill";

  private DestinationHeaders() {}

  /**
   * Turns a decision into headers.
   *
   * @param decision the decision
   * @return header names, lower case, to values
   */
  public static Map<String, String> of(RoutingDecision decision) {
    return of(decision, Integer.MAX_VALUE);
  }

  /**
   * Turns a decision into headers that name no more endpoints than the reader can read: Envoy's
   * original-destination clusters, for one, take a single address.
   *
   * @param decision the decision
   * @param maxEndpoints most endpoints in {@link #DESTINATION}, at least 1
   * @return header names, lower case, to values
   */
  public static Map<String, String> of(RoutingDecision decision, int maxEndpoints) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(
        DESTINATION,
        decision.endpoints().stream()
            .limit(maxEndpoints)
            .map(Endpoint::address)
            .collect(Collectors.joining(",")));
    for (RoutingDecision.Targets targets : decision.targets()) {
      if (targets.profile().equals(PREFILL_PROFILE)) {
        headers.put(PREFILLER, targets.endpoints().get(0).address());
      }
    }
    return headers;
  }
}
