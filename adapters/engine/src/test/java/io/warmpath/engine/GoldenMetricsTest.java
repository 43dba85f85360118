package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.golden.GoldenFiles;
import io.warmpath.golden.GoldenReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pages of metrics. The files say nothing of what is in them: that is here, by rank. */
@Tag("golden")
class GoldenMetricsTest {

  private static final long NOW = 42;

  private static final Map<String, List<EndpointMetrics>> PAGES = Map.of(
      "vllm_0.33_one_engine.txt", List.of(page(0, 3, 0.4213, 16, 27546)),
      "vllm_0.33_dp2.txt",
          List.of(page(0, 3, 0.4213, 16, 27546), page(7, 11, 0.987654321, 16, 27546)),
      "vllm_0.9_deprecated_names.txt", List.of(page(0, 3, 0.4213, 16, 27546)),
      "vllm_no_lora.txt", List.of(page(0, 3, 0.4213, 16, 27546)),
      "sglang_0.5.23.txt", List.of(page(2, 5, 0.28, 0, 0)),
      "trtllm_main.txt", List.of(page(1, 4, 0.33, 32, 4096)),
      "hostile.txt", List.of(page(3, 5, 0, 16, 99)));

  private static EndpointMetrics page(
      int waiting, int running, double usage, int blockSize, long blocks) {
    return new EndpointMetrics(waiting, running, usage, blockSize, blocks, NOW);
  }

  @Test
  void pagesAreReadAsTheyWereWritten() {
    for (String file : GoldenFiles.names("metrics", false, PAGES.keySet())) {
      List<EndpointMetrics> ranks = PAGES.get(file);
      if (ranks == null) {
        if (file.endsWith(".txt")) {
          GoldenReport.notCovered("metrics/" + file);
        }
        continue;
      }
      GoldenReport.file("metrics/" + file, bytes -> {
        List<EndpointMetrics> read = new ArrayList<>();
        GoldenReport.cases("metrics/" + file, ranks.size(), ranks, expected -> {
          EndpointMetrics before = new EndpointMetrics(1, 1, 0, 16, 99, 1);
          EndpointMetrics metrics = new MetricsPage()
              .read(
                  bytes,
                  bytes.length,
                  read.size(),
                  file.startsWith("hostile") ? before : EndpointMetrics.UNKNOWN,
                  NOW);
          read.add(expected);
          assertEquals(expected, metrics);
        });
      });
    }
  }
}
