package io.warmpath.fleet.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @TempDir
  Path directory;

  @Test
  void theTableComparesWithRoundRobin() {
    String text = printed(played(300, 100, 0.02));

    assertTrue(text.contains("round robin        300       300"), text);
    assertTrue(text.contains("1.00x"), text);
    assertTrue(text.contains("3.00x"), text);
    assertTrue(text.contains("is 3.0 times shorter than round robin's."), text);
    assertTrue(text.contains("0.25 simulated seconds passed in a real one"), text);
    assertTrue(text.contains("2.0 % of a step late"), text);
    assertFalse(text.contains("TOO LATE"), text);
  }

  @Test
  void lessThanTwiceAsGoodIsSaid() {
    String text = printed(played(199, 100, 0.02));

    assertTrue(text.contains("Warmpath did NOT halve"), text);
  }

  @Test
  void latenessThatSpoilsTheFiguresIsSaid() {
    String text = printed(played(300, 100, 0.11));

    assertTrue(text.contains("11.0 % of a step late (p99, 10 % allowed): TOO LATE"), text);
  }

  @Test
  void jsonHasTheTableAndTheScoreLines() throws IOException {
    Path file = directory.resolve("report.json");

    Report.writeJson(file, played(300, 100, 0.02), List.of("Got pod scores {\"scores\": null}"));

    String json = Files.readString(file);
    String warmpath = json.substring(json.indexOf("\"warmpath\""));
    for (String field : List.of(
        "\"ttft_mean_ms\" : 100.0",
        "\"ttft_p90_ms\" : 100.0",
        "\"hit_ratio\" : 0.5",
        "\"output_tokens_per_s\" : 5.0")) {
      assertTrue(warmpath.contains(field), field + " in " + warmpath);
    }
    assertTrue(json.contains("\"Got pod scores {\\\"scores\\\": null}\""), json);
    assertEquals(4, json.split("\"ttft_mean_ms\"").length - 1);
  }

  @Test
  void requestsThatFailedCountInNoAverage() {
    Outcome good = new Outcome(true, 50, 10, 100, 50, 20);
    Outcome failed = new Outcome(false, Double.NaN, Double.NaN, 0, 0, 0);

    PolicyResult result = PolicyResult.of("p", List.of(good, failed), 4, 0, 0);

    assertEquals(2, result.requests());
    assertEquals(1, result.failed());
    assertEquals(50, result.ttft().mean());
    assertEquals(0.5, result.hitRatio());
    assertEquals(5, result.outputTokensPerSecond());
  }

  private static Comparison.Played played(
      double roundRobinMillis, double warmpathMillis, double lag) {
    Workload workload =
        new Workload("w", List.of(new TimedRequest(0, "/v1/completions", new byte[0], 1)), 0);
    List<PolicyResult> results = new ArrayList<>();
    for (Policy policy : Policy.values()) {
      double millis = policy == Policy.WARMPATH ? warmpathMillis : roundRobinMillis;
      Outcome outcome = new Outcome(true, millis, 11, 100, 50, 20);
      results.add(PolicyResult.of(policy.title(), List.of(outcome), 4, lag, 0.5));
    }
    return new Comparison.Played(workload, 0.5, results);
  }

  private static String printed(Comparison.Played played) {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    Report.print(new Screen(new PrintStream(written, true, StandardCharsets.UTF_8), false), played);
    return written.toString(StandardCharsets.UTF_8);
  }
}
