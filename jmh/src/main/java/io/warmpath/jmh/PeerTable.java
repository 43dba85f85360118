package io.warmpath.jmh;

import java.util.Locale;
import java.util.Map;

/**
 * What other KV-cache indexes take, beside ours, for {@code docs/performance.md}.
 *
 * <p>Theirs were measured for this project, on 2 virtual cores of a machine of this class, with their
 * own code: llm-d-kv-cache at commit 7be76e1 (Go 1.26.8), dynamo-kv-router 1.6.1's concurrent radix
 * tree and kv-index 1.7.0's {@code ChainIndex} of SMG (rustc 1.95). The Rust ones ran on an idle
 * machine, three runs in turn; where there are two numbers they are the least and the most. Of llm-d it
 * is CPU time, as its machine was busy.
 */
final class PeerTable {

  private static final String NOT_MEASURED = "–";
  private static final double MEGA = 1e6;

  private PeerTable() {}

  static String text(Map<?, ?> file) {
    ReplayFigures replays = new ReplayFigures(file);
    StringBuilder out = new StringBuilder();
    out.append("| | Warmpath | llm-d | Dynamo | SMG |\n|---|---|---|---|---|\n");
    // llm-d: Lookup, 2,000 keys, 1 M blocks at 4 of 64 pods, mean. Dynamo and SMG: 1 M blocks at 4
    // of 16 pods, p50.
    row(
        out,
        "look-up of 2,000 blocks, all at 4 pods, of 1 M: p50; mean",
        jmh(file, "MatchBenchmark.fullHit", true) + "; "
            + jmh(file, "MatchBenchmark.fullHit", false),
        "5.1 ms CPU (mean)",
        "3.9–4.9 µs (p50)",
        "1.7 µs (p50)");
    // Mooncake's conversations, blocks of 16, 16 pods of 65,536 blocks: 5.94 M stored, 4.89 M
    // removed.
    row(
        out,
        "look-up in the trace: p50, p90, p99",
        time(replays, "p50") + ", " + time(replays, "p90") + ", " + time(replays, "p99"),
        NOT_MEASURED,
        "0.59, 5.4, 16 µs",
        "0.52, 3.4, 10 µs");
    // llm-d: its whole path from the message, 16 blocks of 16 tokens each, a CPU second. Others:
    // the same trace.
    row(
        out,
        "blocks stored and removed in a second, in the trace",
        replays.has("blocks_per_s")
            ? format("%.1f M", replays.median("blocks_per_s") / MEGA)
            : NOT_MEASURED,
        "0.11–0.15 M (from the message)",
        "9–10 M",
        "17–20 M");
    // llm-d: 1 M keys at 4 pods, no engine keys. Others: at the end of the same trace.
    row(
        out,
        "memory at the end of the trace; a distinct block",
        replays.has("index_bytes")
            ? format(
                "%.0f MB; %.0f B",
                replays.median("index_bytes") / MEGA,
                replays.median("index_bytes") / replays.median("blocks"))
            : NOT_MEASURED,
        NOT_MEASURED + "; 1,350 B",
        "276 MB",
        "64 MB");
    // What the operations were, not how well they went; Dynamo's came in batches.
    row(
        out,
        "sum of best matches in the trace",
        replays.has("best_sum") ? format("%,.0f", replays.median("best_sum")) : NOT_MEASURED,
        NOT_MEASURED,
        "3,107,571",
        "3,106,230");
    // llm-d: cbor-fnv, a CPU second's share. Dynamo: XXH3 in Rust, local 9.5 and chain 15.3 us.
    row(
        out,
        "hashes of 32,000 tokens, blocks of 16",
        jmh(file, "HashChainBenchmark.chain", false),
        "1.8 ms CPU",
        "25 µs",
        NOT_MEASURED);
    // llm-d: Clear, 1 M blocks at 4 of 64 pods. Others: from 1 M blocks to 4 M at 4 of 16 pods.
    row(
        out,
        "a pod dropped, until no look-up sees it",
        jmh(file, "DropBenchmark.untilInvisible", true),
        "0.7 s CPU",
        "9–105 ms",
        "9–58 ms");
    return out.toString();
  }

  private static void row(StringBuilder out, String... cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String time(ReplayFigures replays, String percentile) {
    return replays.has("lookup_ns", percentile)
        ? PerformanceTables.time(replays.median("lookup_ns", percentile), Double.NaN)
        : NOT_MEASURED;
  }

  /** {@return the median of single calls, or the mean, of the first row with this name} */
  private static String jmh(Map<?, ?> file, String benchmark, boolean median) {
    return JmhMetric.all(file).stream()
        .filter(m -> m.benchmark().equals(benchmark) && m.mode().equals("avgt") != median)
        .findFirst()
        .map(
            m -> PerformanceTables.time(median ? m.percentileNanos("50.0") : m.nanos(), Double.NaN))
        .orElse(NOT_MEASURED);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
