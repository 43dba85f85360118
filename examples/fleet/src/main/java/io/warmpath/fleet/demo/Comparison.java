package io.warmpath.fleet.demo;

import io.warmpath.fleet.engine.PatientNanos;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Plays one workload under each policy: the same requests at the same times, with a fresh fleet and a fresh router.
 *
 * <p>Two cores must not measure themselves. The fleet's time stands still while an engine is late (see {@link
 * PatientNanos}); where steps ended too late all the same, nothing of that is used, and everything is played again in
 * slower time.
 */
final class Comparison {

  /** Most lateness allowed of the fleet's steps, 99th percentile, as a share of its shortest step. */
  static final double MAX_LAG_SHARE = 0.10;

  private static final double WARM_UP_SHARE = 0.3;
  private static final int MAX_ATTEMPTS = 2;
  private static final double PATIENCE_SECONDS = 60;

  private final Stage stage;
  private final Screen screen;

  /**
   * What came of it.
   *
   * @param workload what was played
   * @param timeScale simulated seconds in a second of the fleet's time
   * @param results by policy, in the order of {@link Policy}
   */
  record Played(Workload workload, double timeScale, List<PolicyResult> results) {

    PolicyResult of(Policy policy) {
      return results.get(policy.ordinal());
    }

    /** {@return the worst policy's step lateness, as a share of a step} */
    double lagShare() {
      return results.stream().mapToDouble(PolicyResult::lagShare).max().orElse(0);
    }

    /** {@return simulated seconds that passed in a real one} */
    double speed() {
      return timeScale
          * results.stream().mapToDouble(r -> 1 - r.waitedShare()).average().orElse(0);
    }
  }

  Comparison(Stage stage, Screen screen) {
    this.stage = stage;
    this.screen = screen;
  }

  /**
   * Plays everything, a second time in slower time if the machine did not keep up.
   *
   * @param rate requests a simulated second
   * @param seconds simulated seconds of arrivals for each policy
   * @param timeScale simulated seconds a real second, at most
   */
  Played play(WorkloadSource source, double rate, double seconds, double timeScale)
      throws IOException, InterruptedException {
    run(Policy.ROUND_ROBIN, source.make(rate, seconds * WARM_UP_SHARE), timeScale, "warming up");
    Workload workload = source.make(rate, seconds);
    screen.line(String.format(
        Locale.ROOT,
        "%d requests at %.1f/s: %s%s.",
        workload.requests().size(),
        workload.rate(),
        workload.description(),
        workload.leftOut() == 0 ? "" : "; " + workload.leftOut() + " longer ones left out"));
    double scale = timeScale;
    for (int attempt = 1; ; attempt++) {
      List<PolicyResult> results = new ArrayList<>();
      for (Policy policy : Policy.values()) {
        results.add(run(policy, workload, scale, policy.title()));
      }
      Played played = new Played(workload, scale, results);
      if (played.lagShare() <= MAX_LAG_SHARE || attempt == MAX_ATTEMPTS) {
        return played;
      }
      screen.line(String.format(
          Locale.ROOT,
          "Engine steps ended %.0f %% of a step late (p99, at most %.0f %% allowed). Playing it again in slower time.",
          100 * played.lagShare(),
          100 * MAX_LAG_SHARE));
      scale /= 2;
    }
  }

  private PolicyResult run(Policy policy, Workload workload, double timeScale, String title)
      throws InterruptedException {
    int count = workload.requests().size();
    try (Fleet fleet = stage.fleet(timeScale);
        DemoProxy proxy = stage.proxy(fleet, policy.newProfile(), line -> {});
        LoadClient client = new LoadClient(stage.vertx(), proxy.port(), fleet.time(), timeScale)) {
      long start = fleet.time().getAsLong();
      List<Outcome> outcomes =
          client.play(workload, done -> screen.progress(title, done, count), PATIENCE_SECONDS);
      double seconds = (fleet.time().getAsLong() - start) / 1e9 * timeScale;
      return PolicyResult.of(
          policy.title(), outcomes, seconds, fleet.lagShare(), fleet.time().waitedShare());
    }
  }
}
