package io.warmpath.fleet.demo;

import java.util.List;

/**
 * Requests with their times, the same for every policy.
 *
 * @param description what it is, in words
 * @param requests in the order of their arrival
 * @param leftOut requests of the source that were too long for the engines
 */
record Workload(String description, List<TimedRequest> requests, int leftOut) {

  Workload {
    requests = List.copyOf(requests);
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("workload '" + description + "' has no request");
    }
  }

  /** {@return requests a simulated second} */
  double rate() {
    return requests.size() / Math.max(1e-9, seconds());
  }

  /** {@return simulated seconds from the first arrival to the last} */
  double seconds() {
    return requests.get(requests.size() - 1).arrivalSeconds() - requests.get(0).arrivalSeconds();
  }
}
