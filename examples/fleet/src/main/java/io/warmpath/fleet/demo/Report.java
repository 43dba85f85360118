package io.warmpath.fleet.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The comparison as a table for people and as JSON for programs. */
final class Report {

  private static final String HEAD_FORMAT = "%-12s %9s %9s %9s %9s %9s %9s %9s %8s %10s";

  @SuppressWarnings("InlineFormatString") // beside the head, whose columns it fills
  private static final String ROW_FORMAT =
      "%-12s %9.0f %9.0f %9.0f %9.0f %9.1f %9.0f %8.1f%% %8d %9.2fx";

  private Report() {}

  /** Prints the table and what it says; the last column is how much shorter the mean TTFT is than round robin's. */
  static void print(Screen screen, Comparison.Played played) {
    PolicyResult base = played.of(Policy.ROUND_ROBIN);
    screen.line(String.format(
        Locale.ROOT,
        HEAD_FORMAT,
        "policy",
        "TTFT mean",
        "p50",
        "p90",
        "p99",
        "ITL mean",
        "output",
        "prefix",
        "failed",
        "TTFT vs"));
    screen.line(String.format(
        Locale.ROOT,
        HEAD_FORMAT,
        "",
        "ms",
        "ms",
        "ms",
        "ms",
        "ms",
        "tokens/s",
        "hits",
        "",
        base.policy()));
    for (PolicyResult result : played.results()) {
      screen.line(String.format(
          Locale.ROOT,
          ROW_FORMAT,
          result.policy(),
          result.ttft().mean(),
          result.ttft().at(0.5),
          result.ttft().at(0.9),
          result.ttft().at(0.99),
          result.itlMeanMillis(),
          result.outputTokensPerSecond(),
          100 * result.hitRatio(),
          result.failed(),
          base.ttft().mean() / result.ttft().mean()));
    }
    double lag = played.lagShare();
    screen.line(String.format(
        Locale.ROOT,
        "Times are simulated; %.2f simulated seconds passed in a real one. Engine steps ended %.1f %% of a step late"
            + " (p99, %.0f %% allowed)%s.",
        played.speed(),
        100 * lag,
        100 * Comparison.MAX_LAG_SHARE,
        lag > Comparison.MAX_LAG_SHARE ? ": TOO LATE to trust these figures" : ""));
    double ratio = base.ttft().mean() / played.of(Policy.WARMPATH).ttft().mean();
    screen.line(String.format(
        Locale.ROOT,
        ratio >= 2
            ? "Warmpath's mean time to first token is %.1f times shorter than round robin's."
            : "Warmpath did NOT halve round robin's mean time to first token here: %.1f times shorter.",
        ratio));
  }

  /** Writes the table and the two score lines of the walk-through. */
  static void writeJson(Path file, Comparison.Played played, List<String> scoreLines)
      throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("workload", played.workload().description());
      json.writeNumberField("requests", played.workload().requests().size());
      json.writeNumberField("requests_per_s", played.workload().rate());
      json.writeNumberField("simulated_s_per_real_s", played.speed());
      json.writeObjectFieldStart("policies");
      for (PolicyResult result : played.results()) {
        write(json, result);
      }
      json.writeEndObject();
      json.writeArrayFieldStart("score_lines");
      for (String line : scoreLines) {
        json.writeString(line);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, PolicyResult result) throws IOException {
    json.writeObjectFieldStart(result.policy());
    json.writeNumberField("ttft_mean_ms", result.ttft().mean());
    json.writeNumberField("ttft_p50_ms", result.ttft().at(0.5));
    json.writeNumberField("ttft_p90_ms", result.ttft().at(0.9));
    json.writeNumberField("ttft_p99_ms", result.ttft().at(0.99));
    json.writeNumberField("itl_mean_ms", result.itlMeanMillis());
    json.writeNumberField("output_tokens_per_s", result.outputTokensPerSecond());
    json.writeNumberField("hit_ratio", result.hitRatio());
    json.writeNumberField("requests", result.requests());
    json.writeNumberField("failed", result.failed());
    json.writeNumberField("timer_lag_p99_share_of_step", result.lagShare());
    json.writeEndObject();
  }
}
