package io.warmpath.fleet.demo;

/**
 * A request of a workload.
 *
 * @param arrivalSeconds when it is sent, simulated seconds from the start
 * @param path such as {@code /v1/chat/completions}
 * @param body JSON; shared
 * @param outputTokens tokens it asks for
 */
record TimedRequest(double arrivalSeconds, String path, byte[] body, int outputTokens) {}
