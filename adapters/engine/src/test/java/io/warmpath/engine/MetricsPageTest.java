package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.warmpath.endpoint.EndpointMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of real engines, and pages that no engine should send. */
class MetricsPageTest {

  private final MetricsPage page = new MetricsPage();

  @ParameterizedTest
  @CsvSource({
    "metrics/vllm_0.33_one_engine.txt, 0, 0, 3, 0.4213, 16, 27546",
    "metrics/vllm_0.33_one_engine.txt, 5, 0, 3, 0.4213, 16, 27546",
    "metrics/vllm_0.33_dp2.txt, 0, 0, 3, 0.4213, 16, 27546",
    "metrics/vllm_0.33_dp2.txt, 1, 7, 11, 0.987654321, 16, 27546",
    "metrics/vllm_0.9_deprecated_names.txt, 0, 0, 3, 0.4213, 16, 27546",
    "metrics/vllm_no_lora.txt, 0, 0, 3, 0.4213, 16, 27546",
    "metrics/sglang_0.5.23.txt, 0, 2, 5, 0.28, 0, 0",
    "metrics/trtllm_main.txt, 0, 1, 4, 0.33, 32, 4096",
    "vllm_real/metrics_idle.txt, 0, 0, 0, 0, 32, 600",
    "vllm_real/metrics_under_load.txt, 0, 18, 25, 0.9048414023372288, 32, 600",
  })
  void aPageOfAnEngineGivesItsNumbers(
      String file, int rank, int waiting, int running, double usage, int blockSize, long blocks) {
    byte[] bytes = Golden.bytes(file);

    EndpointMetrics metrics = page.read(bytes, bytes.length, rank, EndpointMetrics.UNKNOWN, 42);

    assertEquals(new EndpointMetrics(waiting, running, usage, blockSize, blocks, 42), metrics);
    assertEquals(0, page.invalidValues());
    assertEquals(0, page.malformedLines());
  }

  @Test
  void hostileLinesCostOnlyThemselves() {
    byte[] bytes = Golden.bytes("metrics/hostile.txt");
    EndpointMetrics before = new EndpointMetrics(1, 1, 0.7, 16, 99, 1);

    EndpointMetrics first = page.read(bytes, bytes.length, 0, before, 42);

    assertEquals(new EndpointMetrics(3, 5, 0.7, 16, 99, 42), first);
    assertEquals(1, page.malformedLines());
    assertEquals(6, page.invalidValues()); // NaN, +Inf, -Inf, abc, None, None
    EndpointMetrics fourth = page.read(bytes, bytes.length, 3, before, 42);
    assertNotNull(fourth);
    assertEquals(1e-3, fourth.kvUsage());
    assertEquals(1, fourth.waiting()); // engines 0 and 1 are on the page, not 3
  }

  @Test
  void modelsOfOneEngineAreSummedAndItsUsageIsTheLargest() {
    EndpointMetrics metrics = read("""
        vllm:num_requests_waiting{engine="0",model_name="a"} 2
        vllm:num_requests_waiting{engine="0",model_name="b"} 3
        vllm:kv_cache_usage_perc{engine="0",model_name="a"} 0.25
        vllm:kv_cache_usage_perc{engine="0",model_name="b"} 0.5
        """);

    assertEquals(new EndpointMetrics(5, 0, 0.5, 0, 0, 42), metrics);
  }

  @Test
  void tensorParallelRanksAreNotSummed() {
    EndpointMetrics metrics = read("""
        sglang:num_running_reqs{dp_rank="0",tp_rank="0"} 4
        sglang:num_running_reqs{dp_rank="0",tp_rank="1"} 4
        sglang:num_grammar_queue_reqs{dp_rank="0",tp_rank="0"} 1
        sglang:num_queue_reqs{dp_rank="0",tp_rank="0"} 2
        sglang:max_total_num_tokens 6500
        sglang:page_size 64
        """);

    assertEquals(new EndpointMetrics(3, 4, 0, 64, 101, 42), metrics);
  }

  @Test
  void valuesBeyondTheirRangeAreCut() {
    EndpointMetrics metrics = read("vllm:kv_cache_usage_perc 1.5\nvllm:num_requests_running 1e12");

    assertEquals(new EndpointMetrics(0, Integer.MAX_VALUE, 1, 0, 0, 42), metrics);
    assertEquals(2, page.invalidValues());
  }

  @Test
  void aPageWithoutTheMetricsGivesNothing() {
    assertNull(read("<html>not found</html>\n"));
    assertNull(read(""));
    assertNull(read("vllm:num_requests_running_total 5\n# vllm:num_requests_running 5\n"));
  }

  @Test
  void noCutAndNoChangeThrows() {
    Random random = new Random(3);
    byte[] bytes = Golden.bytes("metrics/hostile.txt");
    for (int length = 0; length < bytes.length; length++) {
      page.read(bytes, length, 0, EndpointMetrics.UNKNOWN, 0);
    }
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = bytes.clone();
      for (int changes = 0; changes < 5; changes++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(128);
      }
      page.read(changed, changed.length, round & 3, EndpointMetrics.UNKNOWN, 0);
    }
  }

  private @Nullable EndpointMetrics read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return page.read(bytes, bytes.length, 0, EndpointMetrics.UNKNOWN, 42);
  }
}
