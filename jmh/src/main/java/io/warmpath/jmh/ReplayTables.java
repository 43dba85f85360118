package io.warmpath.jmh;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** What {@link ReplayBenchmark} measured, for {@code docs/performance.md}. */
final class ReplayTables {

  private static final double MEGA = 1e6;

  private ReplayTables() {}

  static String text(Map<?, ?> file) {
    ReplayFigures figures = new ReplayFigures(file);
    if (figures.processes() == 0) {
      return "This file has no replay.\n";
    }
    StringBuilder out = new StringBuilder();
    say(
        out,
        "`%s`: %,.0f requests of %,.0f blocks on average; %.2f M blocks stored, %.2f M removed;",
        figures.text("trace"),
        figures.median("requests"),
        figures.median("lookup_blocks") / figures.median("requests"),
        figures.median("stored_blocks") / MEGA,
        figures.median("removed_blocks") / MEGA);
    say(
        out,
        "%s pods of %,.0f blocks. Median of %d processes, with the least and the most of them.",
        figures.text("pods"),
        figures.median("pod_blocks"),
        figures.processes());
    say(
        out,
        "Two readings of the clock cost %s, and are in every time.\n",
        figures.text("timer_ns") + " ns");
    say(out, "| time | p50 | p90 | p99 | p99.9 |\n|---|---|---|---|---|");
    times(out, figures, "look-up, nobody writes", "lookup_ns");
    times(out, figures, "look-up, a writer beside", "with_writer", "lookup_ns");
    times(out, figures, "the same at once again", "with_writer", "again_ns");
    lane(out, figures, "look-up at its deadline", "lookups");
    lane(out, figures, "change at its deadline", "changes");
    say(out, "\n| figure | median | least and most |\n|---|---|---|");
    rate(out, figures, "blocks stored and removed, alone", "blocks/s", "blocks_per_s");
    rate(out, figures, "the same with a reader beside", "blocks/s", "with_writer", "blocks_per_s");
    rate(
        out,
        figures,
        "at deadlines: offered",
        "block ops/s",
        "deadline",
        "block_ops_per_s",
        "offered");
    rate(
        out,
        figures,
        "at deadlines: issued",
        "block ops/s",
        "deadline",
        "block_ops_per_s",
        "issued");
    rate(
        out,
        figures,
        "at deadlines: achieved",
        "block ops/s",
        "deadline",
        "block_ops_per_s",
        "achieved");
    rate(out, figures, "index, by its own count", "MB", "index_bytes");
    rate(out, figures, "index, heap", "MB", "heap_bytes");
    if (figures.has("deadline", "window_ns")) {
      say(
          out,
          "| kept up with the deadlines | %d of %d | |",
          figures.times("deadline", "kept_up"),
          figures.processes());
    }
    if (figures.has("best_sum")) {
      say(
          out,
          "| sum of best matches; the flat index's | %,.0f; %,.0f | |",
          figures.median("best_sum"),
          figures.median("oracle_best_sum"));
    }
    return out.toString();
  }

  private static void lane(StringBuilder out, ReplayFigures figures, String what, String lane) {
    times(out, figures, what + ": service", "deadline", lane, "service_ns");
    times(out, figures, what + ": queue wait", "deadline", lane, "queue_wait_ns");
    times(out, figures, what + ": end to end", "deadline", lane, "end_to_end_ns");
  }

  private static void times(StringBuilder out, ReplayFigures figures, String what, String... path) {
    String[] one = Arrays.copyOf(path, path.length + 1);
    StringBuilder row = new StringBuilder("| " + what + " |");
    for (String percentile : new String[] {"p50", "p90", "p99", "p999"}) {
      one[path.length] = percentile;
      if (!figures.has(one)) {
        return;
      }
      row.append(' ').append(PerformanceTables.time(figures.median(one), Double.NaN));
      row.append(" (").append(PerformanceTables.time(figures.least(one), Double.NaN));
      row.append("–")
          .append(PerformanceTables.time(figures.most(one), Double.NaN))
          .append(") |");
    }
    out.append(row).append('\n');
  }

  private static void rate(
      StringBuilder out, ReplayFigures figures, String what, String unit, String... path) {
    if (figures.has(path)) {
      String mega = unit.equals("MB") ? unit : "M " + unit;
      say(
          out,
          "| %s | %.2f %s | %.2f–%.2f |",
          what,
          figures.median(path) / MEGA,
          mega,
          figures.least(path) / MEGA,
          figures.most(path) / MEGA);
    }
  }

  private static void say(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
