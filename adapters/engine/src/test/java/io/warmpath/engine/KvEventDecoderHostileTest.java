package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.engine.KvEventDecoder.Result;
import io.warmpath.engine.KvEventStats.Reason;
import io.warmpath.event.KvEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder makes of bytes that no engine should send. */
class KvEventDecoderHostileTest {

  private static final Set<String> REJECTED = Set.of(
      "truncated_0",
      "truncated_1",
      "truncated_array_0",
      "truncated_array_1",
      "truncated_array_2",
      "top_level_map",
      "deep_nesting",
      "lying_array_len",
      "lying_bin_len",
      "reserved_c1");
  private static final Map<String, Reason> SKIPPED = Map.ofEntries(
      Map.entry("wrong_tag_array", Reason.UNKNOWN_EVENT),
      Map.entry("wrong_tag_map", Reason.UNKNOWN_EVENT),
      Map.entry("missing_tag_map", Reason.MISSING_FIELD),
      Map.entry("missing_required_map", Reason.MISSING_FIELD),
      Map.entry("missing_required_array", Reason.MISSING_FIELD),
      Map.entry("hash_string", Reason.BAD_HASH),
      Map.entry("hash_float", Reason.BAD_HASH),
      Map.entry("hash_bytes_odd_length", Reason.BAD_HASH),
      Map.entry("token_negative", Reason.BAD_TOKEN),
      Map.entry("token_huge", Reason.BAD_TOKEN),
      Map.entry("hashes_nil", Reason.MISSING_FIELD));
  private static final Set<String> ACCEPTED = Set.of(
      "trailing_bytes",
      "tag_not_first_map",
      "unknown_extra_field_map",
      "unknown_extra_field_array",
      "short_array_old_engine",
      "hash_negative_vllm",
      "block_size_zero",
      "ts_nil",
      "ts_int",
      "utf8_invalid_medium");

  private final KvEventDecoder decoder = new KvEventDecoder();
  private final List<KvEvent> events = new ArrayList<>();

  @Test
  void everyHostileFileOfTheIndexHasItsTest() {
    Set<String> covered = new TreeSet<>(REJECTED);
    covered.addAll(SKIPPED.keySet());
    covered.addAll(ACCEPTED);

    Set<String> files =
        Golden.list(Golden.map(Golden.json("kv_events/index.json")).get("vectors")).stream()
            .map(vector -> (String) Golden.map(vector).get("file"))
            .filter(file -> file != null && file.startsWith("bad_"))
            .map(file -> String.valueOf(file).replaceAll("^bad_|\\.bin$", ""))
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(files, covered);
  }

  @Test
  void aBrokenBatchIsRejectedAsAWhole() {
    for (String name : REJECTED) {
      assertEquals(Result.REJECTED, decode(bad(name)), name);
      assertEquals(List.of(), events, name);
    }
    assertEquals(REJECTED.size(), decoder.stats().rejectedBatches());
    assertEquals(0, decoder.stats().batches());
  }

  @Test
  void anEventWithoutSenseIsSkippedAloneAndCountedByReason() {
    SKIPPED.forEach((name, reason) -> {
      KvEventStats before = decoder.stats();
      assertEquals(Result.OK, decode(bad(name)), name);
      KvEventStats after = decoder.stats();
      assertEquals(1, after.skippedEvents() - before.skippedEvents(), name);
      assertEquals(before.skipped().get(reason) + 1L, after.skipped().get(reason), name);
    });
    assertEquals(1, events.size()); // the second event of wrong_tag_map
  }

  @Test
  void oddButMeaningfulBatchesAreApplied() {
    for (String name : ACCEPTED) {
      assertEquals(Result.OK, decode(bad(name)), name);
    }
    assertEquals(0, decoder.stats().skippedEvents());
    assertEquals(1, decoder.stats().trailingBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "hash_negative_vllm, 'Removed[-5], GPU, group 0'",
    "ts_int, 'Cleared[]'",
    "utf8_invalid_medium, 'Removed[1], DISK, group 0'",
  })
  void theEventOfAnOddBatchIs(String name, String event) {
    decode(bad(name));

    assertEquals(List.of(event), events.stream().map(KvEvent::toString).toList());
  }

  @Test
  void blockSizeZeroGivesNoTokens() {
    decode(bad("block_size_zero"));

    KvEvent.Stored stored = (KvEvent.Stored) events.get(0);
    assertEquals(0, stored.tokens().length);
    assertEquals(0, stored.blockSize());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vllm_0.33.0_stored_extra_keys",
        "vllm_0.23.0_stored_child",
        "vllm_0.25.0_mixed",
        "sglang_0.5.23_page1",
        "trtllm_stored_mm"
      })
  void noPrefixOfABatchAppliesAnything(String name) {
    byte[] batch = Golden.bytes("kv_events/" + name + ".bin");
    for (int length = 0; length < batch.length; length++) {
      assertEquals(
          Result.REJECTED,
          decoder.decode(batch, 0, length, KvEvent.recorder(events::add)),
          "first " + length + " bytes");
    }
    assertEquals(List.of(), events);
  }

  @Test
  void changedBytesNeverThrow() {
    Random random = new Random(7);
    byte[][] batches = {
      Golden.bytes("kv_events/vllm_0.33.0_stored_extra_keys.bin"),
      Golden.bytes("kv_events/vllm_0.23.0_stored_bytes.bin"),
      Golden.bytes("kv_events/vllm_0.25.0_mixed.bin"),
      Golden.bytes("kv_events/trtllm_stored_mm.bin")
    };
    for (int round = 0; round < 50_000; round++) {
      byte[] batch = batches[round % batches.length].clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        batch[random.nextInt(batch.length)] = (byte) random.nextInt(256);
      }
      int from = random.nextInt(8) == 0 ? random.nextInt(batch.length) : 0;
      decoder.decode(batch, from, batch.length - from, KvEvent.recorder(event -> {}));
    }
    KvEventStats stats = decoder.stats();
    assertEquals(50_000, stats.batches() + stats.rejectedBatches());
    assertTrue(stats.skippedEvents() > 1_000, stats.toString());
  }

  @ParameterizedTest
  @CsvSource({"BlockRemoved, 4194304", "BlockStored, 16777216"})
  void anEventWithMoreThanAnEngineHasIsSkippedAlone(String tag, int most) {
    int before =
        tag.equals("BlockStored") ? 2 : 0; // no hashes and no parent come before the tokens
    ByteBuffer batch = ByteBuffer.allocate(most + 64);
    batch.put(new byte[] {(byte) 0x92, 0, (byte) 0x92}); // time 0, two events
    batch.put((byte) (0x92 + before)).put((byte) (0xa0 + tag.length()));
    batch.put(tag.getBytes(StandardCharsets.US_ASCII));
    batch.put(new byte[] {(byte) 0x90, (byte) 0xc0}, 0, before);
    batch.put((byte) 0xdd).putInt(most + 1).position(batch.position() + most + 1);
    batch.put((byte) 0x91).put((byte) 0xb0);
    batch.put("AllBlocksCleared".getBytes(StandardCharsets.US_ASCII));

    decoder.decode(batch.array(), 0, batch.position(), KvEvent.recorder(events::add));

    assertEquals(1, decoder.stats().skipped().get(Reason.OUT_OF_RANGE));
    assertEquals("[Cleared[]]", events.toString());
  }

  @Test
  void aBatchInTheMiddleOfAnArrayIsRead() {
    byte[] batch = Golden.bytes("kv_events/vllm_0.25.0_removed.bin");
    byte[] wide = new byte[batch.length + 20];
    Arrays.fill(wide, (byte) 0xc1);
    System.arraycopy(batch, 0, wide, 10, batch.length);

    Result result = decoder.decode(wide, 10, batch.length, KvEvent.recorder(events::add));

    assertEquals(Result.OK, result);
    assertEquals(1, events.size());
  }

  private Result decode(byte[] batch) {
    return decoder.decode(batch, 0, batch.length, KvEvent.recorder(events::add));
  }

  private static byte[] bad(String name) {
    return Golden.bytes("kv_events/bad_" + name + ".bin");
  }
}
