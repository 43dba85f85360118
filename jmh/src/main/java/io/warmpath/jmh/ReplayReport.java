package io.warmpath.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.warmpath.request.JsonValues;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link ReplayBenchmark} measured, as JSON and as a text for people. */
final class ReplayReport {

  private static final double MEGA = 1e6;

  private ReplayReport() {}

  static String json(Map<String, Object> results) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      JsonValues.write(json, results);
    }
    return text.append('\n').toString();
  }

  static String text(Map<String, Object> results) {
    StringBuilder out = new StringBuilder();
    say(
        out,
        "%s: %,d requests of %,.0f blocks on average; %s M stored, %s M removed; %s pods of %,d blocks",
        results.get("trace"),
        results.get("requests"),
        number(results, "lookup_blocks") / number(results, "requests"),
        millions(results, "stored_blocks"),
        millions(results, "removed_blocks"),
        results.get("pods"),
        results.get("pod_blocks"));
    say(
        out,
        "%s index; two readings of the clock: %s ns, in every time",
        results.get("index"),
        results.get("timer_ns"));
    say(out, "%-32s %9s %9s %9s %9s %9s", "", "p50", "p90", "p99", "p99.9", "max");
    times(out, "look-up, nobody writes", results, "lookup_ns");
    Map<?, ?> writer = map(results, "with_writer");
    times(out, "look-up, a writer beside", writer, "lookup_ns");
    times(out, "    the same at once again", writer, "again_ns");
    Map<?, ?> deadline = map(results, "deadline");
    lane(out, "look-up", map(deadline, "lookups"));
    lane(out, "change", map(deadline, "changes"));
    if (results.get("blocks_per_s") != null) {
      say(out, "%s M blocks/s stored and removed", millions(results, "blocks_per_s"));
      say(
          out,
          "%s MB by the index's count, %s MB of heap; %,d blocks in %,d runs",
          millions(results, "index_bytes"),
          millions(results, "heap_bytes"),
          results.get("blocks"),
          results.get("runs"));
    }
    if (writer.get("blocks_per_s") != null) {
      say(out, "%s M blocks/s with a reader beside", millions(writer, "blocks_per_s"));
    }
    if (deadline.get("block_ops_per_s") != null) {
      Map<?, ?> rates = map(deadline, "block_ops_per_s");
      say(
          out,
          "deadlines: offered %s M, issued %s M, achieved %s M block ops/s; kept up: %s",
          millions(rates, "offered"),
          millions(rates, "issued"),
          millions(rates, "achieved"),
          deadline.get("kept_up"));
    }
    if (results.get("best_sum") != null) {
      say(
          out,
          "sum of best matches %,d%s",
          results.get("best_sum"),
          results.get("oracle_best_sum") == null
              ? ", as the engines have"
              : ", as the engines have; every answer as the flat index's");
    }
    return out.toString();
  }

  private static void lane(StringBuilder out, String what, Map<?, ?> lane) {
    times(out, what + " at its deadline, service", lane, "service_ns");
    times(out, "    queue wait", lane, "queue_wait_ns");
    times(out, "    end to end", lane, "end_to_end_ns");
  }

  private static void times(StringBuilder out, String what, Map<?, ?> in, String name) {
    Map<?, ?> times = map(in, name);
    if (!times.isEmpty()) {
      say(
          out,
          "%-32s %9s %9s %9s %9s %9s",
          what,
          time(times, "p50"),
          time(times, "p90"),
          time(times, "p99"),
          time(times, "p999"),
          time(times, "max"));
    }
  }

  private static String time(Map<?, ?> times, String name) {
    return PerformanceTables.time(number(times, name), Double.NaN);
  }

  private static String millions(Map<?, ?> in, String name) {
    return String.format(Locale.ROOT, "%.2f", number(in, name) / MEGA);
  }

  private static double number(Map<?, ?> in, String name) {
    return in.get(name) instanceof Number number ? number.doubleValue() : 0;
  }

  private static Map<?, ?> map(Map<?, ?> in, String name) {
    return in.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static void say(StringBuilder out, String format, @Nullable Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
