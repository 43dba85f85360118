package io.warmpath.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
            "scorePercentiles": {"50.0": 1234.4, "99.0": 2.5}},
          "secondaryMetrics": {"gc.alloc.rate.norm": {"score": 99}}}]
        """);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("cpu", "a $1 processor");
    facts.put("cores", 2);
    Files.createDirectory(directory.resolve("docs"));
    Path document = directory.resolve("docs/d.md");
    Files.writeString(document, "before\n<!-- begin: r.json -->\nold\n<!-- end -->\nafter\n");

    Measure.write(facts, raw, directory.resolve("r.json"));
    PerformanceTables.update(document);

    String updated = Files.readString(document);
    assertTrue(updated.startsWith("before\n<!-- begin: r.json -->\n    "), updated);
    assertTrue(updated.contains("\na $1 processor, 2 cores; "), updated);
    assertTrue(
        updated.endsWith("| `A.b` | pods=16 | 61.5 ± 2.1 ns | 1.23 ms | 2.50 µs | 12,346 B |\n"
            + "<!-- end -->\nafter\n"),
        updated);
    String kept = Files.readString(directory.resolve("r.json"));
    assertTrue(!kept.contains("/home/me") && !kept.contains("rawDataHistogram"), kept);
  }
}
