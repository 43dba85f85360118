package io.warmpath.jmh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.jmh.ReplayTrace.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayOpsTest {

  @Test
  void aTraceBlockIsCutIntoBlocksWhoseHashesNameAllBeforeThem() {
    ReplayOps ops = ReplayOps.of(
        List.of(
            new Request(0, 32 + 17, ids(0, 1)),
            new Request(1, 64, ids(0, 1)),
            new Request(2, 64, ids(2, 1))),
        32,
        8,
        1,
        100);

    assertEquals(6, ops.chains[0].length);
    assertEquals(8, ops.chains[1].length);
    assertArrayEquals(ops.chains[0], Arrays.copyOf(ops.chains[1], 6));
    assertEquals(
        16, Arrays.stream(ops.chains).flatMapToLong(Arrays::stream).distinct().count());
  }

  @Test
  void aRequestGoesWhereMostOfItIsAndElseToThePodThatGotLeast() {
    ReplayOps ops = ReplayOps.of(
        List.of(
            new Request(0, 64, ids(0, 1)),
            new Request(1, 96, ids(0, 2, 3)),
            new Request(2, 96, ids(0, 1, 4)),
            new Request(3, 32, ids(0))),
        32,
        8,
        2,
        100);

    assertArrayEquals(new int[] {0, 1, 0, 1}, ops.pods);
    assertArrayEquals(new int[] {0, 4, 8, 4}, ops.best);
    assertArrayEquals(new int[] {0, 0, 8, 4}, ops.held);
    assertEquals(8 + 12 + 4, ops.storedBlocks);
    assertEquals(36, ops.lookedUpBlocks);
    assertEquals(16, ops.bestSum);
    assertEquals(3, ops.changes());
  }

  @Test
  void whatGivesWayIsRemovedTheLastOfTheOldestFirst() {
    ReplayOps ops = ReplayOps.of(
        List.of(
            new Request(0, 64, ids(1, 2)), new Request(1, 32, ids(3)), new Request(2, 16, ids(4))),
        32,
        8,
        1,
        12);

    assertEquals(0, ops.removed(1));
    assertEquals(2, ops.removed(2));
    assertArrayEquals(new long[] {ops.chains[0][7], ops.chains[0][6]}, ops.removed);
  }

  @Test
  void requestsOfOneTimeAreSpreadUntilTheNext() {
    ReplayOps ops = ReplayOps.of(
        List.of(
            new Request(1000, 8, ids(1)),
            new Request(1000, 8, ids(2)),
            new Request(2000, 8, ids(3)),
            new Request(4000, 8, ids(4))),
        32,
        8,
        1,
        12);

    double whole = 3000 * 5.0 / 4;
    double[] expected = {0, 500 / whole, 1000 / whole, 3000 / whole};
    assertArrayEquals(expected, ops.times, 1e-12);
  }

  @Test
  void equalSeedsMakeEqualOperationsAndOthersOthers() {
    ReplayOps one = generated(42);
    ReplayOps same = generated(42);
    ReplayOps other = generated(43);

    assertTrue(Arrays.deepEquals(one.chains, same.chains));
    assertArrayEquals(one.pods, same.pods);
    assertArrayEquals(one.held, same.held);
    assertArrayEquals(one.removed, same.removed);
    assertArrayEquals(one.removedFrom, same.removedFrom);
    assertArrayEquals(one.times, same.times);
    assertNotEquals(one.storedBlocks, other.storedBlocks);
    assertTrue(one.bestSum > one.lookedUpBlocks / 10 && one.removed.length > 0);
    assertTrue(Arrays.stream(one.times).allMatch(t -> t >= 0 && t < 1));
  }

  private static ReplayOps generated(long seed) {
    return ReplayOps.of(ReplayTrace.generated(1000, 512, seed), 512, 16, 4, 16_384);
  }

  @Test
  void aTraceIsReadAsMooncakeWritesIt(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("t.jsonl"), """
        {"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2]}

        {"timestamp": 3000, "input_length": 7, "output_length": 1, "hash_ids": []}
        """);

    List<Request> requests = ReplayTrace.read(file);

    assertEquals(2, requests.size());
    assertEquals(6758, requests.get(0).inputTokens());
    assertArrayEquals(ids(0, 1, 2), requests.get(0).ids());
    assertEquals(3000, requests.get(1).millis());
  }

  @Test
  void whatIsNoTraceIsNamedWithItsLine(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("t.jsonl"), """
        {"timestamp": 0, "input_length": 7, "hash_ids": [1]}
        {"timestamp": 0, "input_length": 7}
        """);

    String said = assertThrows(IOException.class, () -> ReplayTrace.read(file)).getMessage();

    assertTrue(said.startsWith(file + ":2: expected {\"timestamp\": n"), said);
  }

  private static long[] ids(long... ids) {
    return ids;
  }
}
