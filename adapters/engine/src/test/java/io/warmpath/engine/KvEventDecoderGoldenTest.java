package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.engine.KvEventDecoder.Result;
import io.warmpath.event.KvEvent;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder against what real engines write. */
class KvEventDecoderGoldenTest {

  private final KvEventDecoder decoder = new KvEventDecoder();
  private final List<String> events = new ArrayList<>();

  record Vector(String file, @Nullable Map<String, @Nullable Object> decoded) {
    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Vector> decodedVectors() {
    return Golden.list(Golden.map(Golden.json("kv_events/index.json")).get("vectors")).stream()
        .map(Golden::map)
        .filter(vector -> vector.get("decoded") != null)
        .map(vector -> new Vector(
            (String) Objects.requireNonNull(vector.get("file")),
            Golden.map(vector.get("decoded"))));
  }

  @ParameterizedTest
  @MethodSource("decodedVectors")
  void aBatchOfARealEngineIsDecodedAsItsOwnDecoderDoes(Vector vector) {
    List<String> expected =
        Golden.list(Objects.requireNonNull(vector.decoded).get("events")).stream()
            .map(event -> Golden.expected(Golden.map(event)))
            .toList();

    Result result = decode(Golden.bytes("kv_events/" + vector.file));

    assertEquals(Result.OK, result);
    assertEquals(String.join("\n", expected), String.join("\n", events));
    assertEquals(0, decoder.stats().skippedEvents());
  }

  @Test
  void theIndexIsCoveredAsAWhole() {
    assertEquals(113, decodedVectors().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"e1_sha256_cbor", "e2_xxhash_cbor"})
  void everyFrameOfARealRecordingIsDecoded(String recording) {
    List<List<byte[]>> frames = Golden.frames("vllm_real/" + recording + "/frames.bin");
    String[] lines = new String(
            Golden.bytes("vllm_real/" + recording + "/frames.jsonl"), StandardCharsets.UTF_8)
        .lines()
        .toArray(String[]::new);
    assertEquals(lines.length, frames.size());
    long blocks = 0;
    for (int i = 0; i < lines.length; i++) {
      Map<String, @Nullable Object> line =
          Golden.map(Golden.json(lines[i].getBytes(StandardCharsets.UTF_8)));
      List<String> expected = Golden.list(Golden.list(line.get("batch")).get(1)).stream()
          .map(event -> Golden.expected(Golden.map(event)))
          .toList();
      events.clear();

      Result result = decode(frames.get(i).get(2));

      assertEquals(Result.OK, result);
      assertEquals(String.join("\n", expected), String.join("\n", events));
      assertEquals(
          ((BigInteger) Objects.requireNonNull(line.get("seq"))).longValue(),
          new BigInteger(frames.get(i).get(1)).longValue());
      blocks += events.size();
    }
    assertTrue(blocks > 100, "events " + blocks);
    assertEquals(0, decoder.stats().skippedEvents());
  }

  private Result decode(byte[] batch) {
    return decoder.decode(
        batch, 0, batch.length, KvEvent.recorder(event -> events.add(Golden.text(event))));
  }
}
