package io.warmpath.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformanceTablesTest {

  private static final Path ROOT = Path.of("..");

  @Test
  void theDocumentsFiguresAreThoseOfTheResults() throws IOException {
    String document = Files.readString(ROOT.resolve("docs/performance.md"));

    assertTrue(document.contains("| `RouteBenchmark.chat` |"), document);
    assertEquals(PerformanceTables.updated(document, ROOT), document);
  }

  @Test
  void meansAreAveragedPercentilesAreSampledAndThePathOfTheJvmIsLeftOut(@TempDir Path directory)
      throws IOException {
    Path raw = directory.resolve("raw.json");
    Files.writeString(raw, """
        [{"benchmark": "io.warmpath.jmh.A.b", "mode": "avgt", "jvm": "/home/me/java", "params": {"pods": "16"},
          "primaryMetric": {"score": 0.06149, "scoreError": 0.0021, "scoreUnit": "us/op"},
          "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 12345.6}}},
         {"benchmark": "io.warmpath.jmh.A.b", "mode": "sample", "params": {"pods": "16"},
          "primaryMetric": {"score": 7, "scoreError": "NaN", "scoreUnit": "us/op", "rawDataHistogram": [[[1, 2]]],
            "scorePercentiles": {"0.0": 0.05, "50.0": 1234.4, "99.0": 2.5}},
          "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 99}}}]
        """);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cpu", "a $1 processor");
    facts.put("cores", 2);
    Files.createDirectory(directory.resolve("docs"));
    Path document = directory.resolve("docs/d.md");
    Files.writeString(document, "before\n<!-- begin: r.json -->\nold\n<!-- end -->\nafter\n");

    Measure.write(facts, raw, List.of(), directory.resolve("r.json"));
    PerformanceTables.update(document);

    String updated = Files.readString(document);
    assertTrue(updated.startsWith("before\n<!-- begin: r.json -->\n    "), updated);
    assertTrue(updated.contains("\na $1 processor, 2 cores; "), updated);
    assertTrue(
        updated.endsWith(
            "| `A.b` | pods=16 | 61.5 ± 2.1 ns | 50.0 ns | 1.23 ms | 2.50 µs | 12,346 B |\n"
                + "<!-- end -->\nafter\n"),
        updated);
    String kept = Files.readString(directory.resolve("r.json"));
    assertTrue(!kept.contains("/home/me") && !kept.contains("rawDataHistogram"), kept);
  }

  @Test
  void eachMethodOfAGroupAndSingleCallsHaveARow(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("r.json"), """
        {"results": [
         {"benchmark": "io.warmpath.jmh.A.g", "mode": "avgt",
          "primaryMetric": {"score": 999, "scoreError": 1, "scoreUnit": "us/op"},
          "secondaryMetrics": {
            "gc.alloc.rate.norm": {"score": 0.4, "scoreUnit": "B/op"},
            "p0.50": {"score": 999, "scoreError": 0.1, "scoreUnit": "us/op"},
            "read:p0.50": {"score": 999, "scoreError": 0.1, "scoreUnit": "us/op"},
            "read": {"score": 1, "scoreError": 0.1, "scoreUnit": "us/op"},
            "write": {"score": 2, "scoreError": 0.2, "scoreUnit": "us/op"}}},
         {"benchmark": "io.warmpath.jmh.B.once", "mode": "ss",
          "primaryMetric": {"score": 5, "scoreError": 1, "scoreUnit": "ms/op",
            "scorePercentiles": {"0.0": 3, "50.0": 4, "99.0": 9}},
          "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 8, "scoreUnit": "B/op"}}}]}
        """);

    String updated = PerformanceTables.updated("<!-- begin: r.json -->\n<!-- end -->", directory);

    assertTrue(updated.contains("| `A.g:read` |  | 1.00 ± 0.10 µs |  |  |  | 0 B |\n"), updated);
    assertTrue(updated.contains("| `A.g:write` |  | 2.00 ± 0.20 µs |  |  |  | 0 B |\n"), updated);
    assertTrue(
        updated.contains("| `B.once` |  | 5.00 ± 1.0 ms | 3.00 ms | 4.00 ms | 9.00 ms | 8 B |\n"),
        updated);
    assertTrue(!updated.contains("999"), updated);
  }

  @Test
  void replaysAreGivenByTheirMedianBesideThePeers(@TempDir Path directory) throws IOException {
    Path raw = directory.resolve("raw.json");
    Files.writeString(raw, """
        [{"benchmark": "io.warmpath.jmh.DropBenchmark.untilInvisible", "mode": "ss",
          "primaryMetric": {"score": 5, "scoreError": 1, "scoreUnit": "us/op",
            "scorePercentiles": {"0.0": 3, "50.0": 4, "99.0": 9}},
          "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 8, "scoreUnit": "B/op"}}}]
        """);
    List<Object> replays = List.of(replay(300, true), replay(100, false), replay(200, true));

    Measure.write(Map.of("cpu", "x"), raw, replays, directory.resolve("r.json"));
    String updated = PerformanceTables.updated(
        "<!-- begin: r.json replays -->\n<!-- end -->\n<!-- begin: r.json peers -->\n<!-- end -->\n",
        directory);

    assertTrue(updated.contains("| look-up, nobody writes | 200 ns (100 ns–300 ns) |"), updated);
    assertTrue(updated.contains("| kept up with the deadlines | 2 of 3 | |"), updated);
    assertTrue(updated.contains("| 200 ns, 201 ns, 202 ns | – | 0.59, 5.4, 16 µs |"), updated);
    assertTrue(updated.contains("| 4.00 µs | 0.7 s CPU | 9–105 ms | 9–58 ms |"), updated);
    assertTrue(updated.contains("| 40 MB; 40 B | –; 1,350 B | 276 MB | 64 MB |"), updated);
  }

  @Test
  void aModelsTokenizerIsBesideHuggingFaces(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("huggingface.json"), """
        {"version": "0.99", "warm_tokens_per_s": 510000, "cold_tokens_per_s": 330000,
         "load_s": 1.5, "long_s": 0.065}
        """);
    Files.writeString(directory.resolve("r.json"), """
        {"results": [
         {"benchmark": "io.warmpath.jmh.TokenizerBenchmark.warm", "mode": "avgt",
          "params": {"promptTokens": "8000", "tokenizer": "own"},
          "primaryMetric": {"score": 1, "scoreError": 1, "scoreUnit": "us/op"},
          "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 0, "scoreUnit": "B/op"}}},
         {"benchmark": "io.warmpath.jmh.TokenizerBenchmark.warm", "mode": "avgt",
          "params": {"promptTokens": "8000", "tokenizer": "qwen3"},
          "primaryMetric": {"score": 400, "scoreError": 1, "scoreUnit": "us/op"},
          "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 0, "scoreUnit": "B/op"}}}]}
        """);

    String updated =
        PerformanceTables.updated("<!-- begin: r.json tokenizers -->\n<!-- end -->", directory);

    assertTrue(updated.contains("| the same text again | 20.00 M | – | 0.51 M |\n"), updated);
    assertTrue(updated.contains("| loading | – | – | 1500 ms |\n"), updated);
    assertTrue(updated.contains("Hugging Face 0.99, by Python"), updated);
  }

  private static Map<String, Object> replay(int nanos, boolean keptUp) {
    return Map.of(
        "trace",
        "t.jsonl",
        "lookup_ns",
        Map.of("p50", nanos, "p90", nanos + 1, "p99", nanos + 2, "p999", nanos + 3),
        "index_bytes",
        40_000_000,
        "blocks",
        1_000_000,
        "deadline",
        Map.of("window_ns", 5, "kept_up", keptUp));
  }
}
