package io.warmpath.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.index.ForwardingIndex;
import io.warmpath.index.KvBlockIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is replayed and compared; nothing here looks at a time. */
class ReplayBenchmarkTest {

  private static final String[] TINY = {
    "--requests", "200", "--pods", "3", "--pod-blocks", "9000", "--duration", "0.05"
  };

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
  private final PrintStream err = new PrintStream(complained, true, StandardCharsets.UTF_8);

  @Test
  void aTraceIsReplayedInEveryPartAndTheOracleAgrees(@TempDir Path directory) throws IOException {
    Path trace = Files.writeString(directory.resolve("two.jsonl"), """
        {"timestamp": 0, "input_length": 1536, "output_length": 1, "hash_ids": [0, 1, 2]}
        {"timestamp": 0, "input_length": 1552, "output_length": 1, "hash_ids": [0, 1, 3, 4]}
        {"timestamp": 3000, "input_length": 512, "output_length": 1, "hash_ids": [9]}
        """);
    Path json = directory.resolve("r.json");

    int status = ReplayBenchmark.run(
        out,
        err,
        "--trace",
        trace.toString(),
        "--trace-block",
        "512",
        "--block",
        "16",
        "--pods",
        "2",
        "--pod-blocks",
        "100",
        "--duration",
        "0.01",
        "--json",
        json.toString());

    assertEquals("", complained.toString(StandardCharsets.UTF_8));
    assertEquals(0, status);
    Map<?, ?> results = PerformanceTables.read(json);
    assertEquals("two.jsonl", results.get("trace"));
    assertEquals(64L, results.get("best_sum"));
    assertEquals(64L, results.get("oracle_best_sum"));
    assertEquals(96L + 33 + 32, results.get("stored_blocks"));
    assertEquals(29L, results.get("removed_blocks"));
    assertEquals(132L, results.get("blocks"));
    for (String percentile : new String[] {"p50", "p90", "p99", "p999"}) {
      assertTrue(((Map<?, ?>) results.get("lookup_ns")).get(percentile) instanceof Long);
    }
    assertTrue(results.get("blocks_per_s") instanceof Long);
    assertTrue(results.get("index_bytes") instanceof Long);
    assertTrue(results.get("heap_bytes") instanceof Long);
    assertTrue(said.toString(StandardCharsets.UTF_8)
        .contains("sum of best matches 64, as the engines have; every answer as the flat"));
  }

  @Test
  void everyOperationIsTimedOnceAtItsDeadline() throws IOException {
    ReplayOps ops = ReplayOps.of(ReplayTrace.generated(200, 512, 1), 512, 16, 3, 9000);
    DeadlineReplay replay = new DeadlineReplay();

    replay.run(ops, ReplayTarget.of(KvBlockIndex.builder().build(), 3), 0.05);

    for (DeadlineReplay.Lane lane : new DeadlineReplay.Lane[] {replay.lookups, replay.changes}) {
      assertEquals(200, lane.service.getTotalCount());
      assertEquals(200, lane.wait.getTotalCount());
      assertEquals(200, lane.endToEnd.getTotalCount());
      assertTrue(lane.lastCompletion >= ops.times[199] * 50_000_000);
    }
    Map<?, ?> blocks = (Map<?, ?>) replay.summary(ops).get("block_ops_per_s");
    assertEquals(
        Math.round((ops.lookedUpBlocks + ops.changedBlocks()) / 0.05), blocks.get("offered"));
  }

  @Test
  void nothingStartsBeforeItsDeadlineAndWaitingCounts() {
    DeadlineReplay.Lane lane = new DeadlineReplay.Lane();
    double[] times = {0, 0.25, 0.5, 0.5};
    long window = 40_000_000;
    long start = System.nanoTime();
    long[] begun = new long[times.length];

    lane.run(times, start, window, r -> {}, r -> begun[r] = System.nanoTime() - start);

    for (int r = 0; r < times.length; r++) {
      assertTrue(begun[r] >= times[r] * window, "operation " + r + " began at " + begun[r]);
    }
    assertTrue(lane.lastStart >= window / 2 && lane.lastCompletion >= lane.lastStart);
    assertTrue(lane.endToEnd.getMaxValue() >= lane.wait.getMaxValue());
    assertTrue(lane.endToEnd.getMaxValue() >= lane.service.getMaxValue());
  }

  @Test
  void anIndexThatCountsTooMuchIsCaught() {
    Forgetful wrong = new Forgetful(KvBlockIndex.builder().build());

    int status = ReplayBenchmark.run(out, err, options("check"), () -> wrong);

    assertEquals(1, status);
    String complaint = complained.toString(StandardCharsets.UTF_8);
    assertTrue(complaint.contains(" answers are wrong, sum of the best "), complaint);
    assertTrue(complaint.contains("; the first: request "), complaint);
    assertTrue(wrong.removals > wrong.forgotten && wrong.forgotten > 0);
  }

  @Test
  void anIndexThatCountsTooMuchIsCaughtWithoutTheOracleToo() {
    int status = ReplayBenchmark.run(
        out, err, options("service"), () -> new Forgetful(KvBlockIndex.builder().build()));

    assertEquals(1, status);
    String complaint = complained.toString(StandardCharsets.UTF_8);
    assertTrue(complaint.contains("sum of best matches is wrong"), complaint);
  }

  @Test
  void anIndexThatIsFullIsRefused() {
    int status = ReplayBenchmark.run(
        out,
        err,
        options("service"),
        () -> KvBlockIndex.builder().capacityBlocks(5000).build());

    assertEquals(1, status);
    String complaint = complained.toString(StandardCharsets.UTF_8);
    assertTrue(complaint.contains("the index lost changes"), complaint);
  }

  @Test
  void aWrongOptionIsSaidInOneLine() {
    assertEquals(2, ReplayBenchmark.run(out, err, "--pods", "0"));

    assertEquals(
        "--pods: must be at least 1, was 0; give a larger number\n",
        complained.toString(StandardCharsets.UTF_8).replace("\r", ""));
  }

  private static ReplayOptions options(String parts) {
    String[] args = Arrays.copyOf(TINY, TINY.length + 2);
    args[TINY.length] = "--parts";
    args[TINY.length + 1] = parts;
    return ReplayOptions.parse(args);
  }

  /** Does not hear of every fourth removal, and counts on. */
  private static final class Forgetful extends ForwardingIndex {
    int removals;
    int forgotten;

    Forgetful(KvBlockIndex index) {
      super(index);
    }

    @Override
    public boolean remove(int holder, long[] blocks, int from, int count) {
      if (removals++ % 4 == 3) {
        forgotten++;
        return true;
      }
      return super.remove(holder, blocks, from, count);
    }
  }
}
