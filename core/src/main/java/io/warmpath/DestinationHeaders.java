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

  private static final String PREFILL_PROFILE = "prefill";

  private DestinationHeaders() {}

  /**
   * Turns a decision into headers.
   *
   * @param decision the decision
   * @return header names, lower case, to values
   */
  public static Map<String, String> of(RoutingDecision decision) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(
        DESTINATION,
        decision.endpoints().stream().map(Endpoint::address).collect(Collectors.joining(",")));
    for (RoutingDecision.Targets targets : decision.targets()) {
      if (targets.profile().equals(PREFILL_PROFILE)) {
        headers.put(PREFILLER, targets.endpoints().get(0).address());
      }
    }
    return headers;
  }
}
