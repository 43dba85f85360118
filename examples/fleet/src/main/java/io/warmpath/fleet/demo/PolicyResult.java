package io.warmpath.fleet.demo;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a policy made of a workload; times are simulated milliseconds.
 *
 * @param policy its name
 * @param requests requests sent
 * @param failed of these, requests that were not answered to the end
 * @param ttft time to first token
 * @param itlMeanMillis mean time between two tokens of an answer
 * @param outputTokensPerSecond tokens generated, over the time from the first arrival to the last end
 * @param hitRatio share of the prompt tokens whose KV blocks were reused
 * @param lagShare lateness of the simulated engines' steps, 99th percentile, as a share of a step
 * @param waitedShare share of real time in which the fleet's time stood still for late engines
 */
record PolicyResult(
    String policy,
    int requests,
    int failed,
    Percentiles ttft,
    double itlMeanMillis,
    double outputTokensPerSecond,
    double hitRatio,
    double lagShare,
    double waitedShare) {

  static PolicyResult of(
      String policy, List<Outcome> outcomes, double seconds, double lagShare, double waitedShare) {
    List<Outcome> completed = outcomes.stream().filter(Outcome::completed).toList();
    long prompt = completed.stream().mapToLong(Outcome::promptTokens).sum();
    long cached = completed.stream().mapToLong(Outcome::cachedTokens).sum();
    long output = completed.stream().mapToLong(Outcome::outputTokens).sum();
    return new PolicyResult(
        policy,
        outcomes.size(),
        outcomes.size() - completed.size(),
        new Percentiles(numbers(completed, Outcome::ttftMillis)),
        new Percentiles(numbers(completed, Outcome::itlMillis)).mean(),
        output / seconds,
        prompt == 0 ? 0 : (double) cached / prompt,
        lagShare,
        waitedShare);
  }

  private static double[] numbers(List<Outcome> outcomes, ToDoubleFunction<Outcome> column) {
    return outcomes.stream().mapToDouble(column).filter(Double::isFinite).toArray();
  }
}
