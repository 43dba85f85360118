package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/** Batches are byte for byte what a vLLM 0.32 engine sent. */
class EventBatchEncoderTest {

  @Test
  void batchesAreTheBytesOfARecordedEngine() throws IOException {
    EventBatchEncoder encoder = new EventBatchEncoder();

    for (Object batch : (List<?>) Golden.read("vllm_0.32_recorded_batches.json")) {
      List<CacheEvent> events = new ArrayList<>();
      Golden.list(batch, "events").forEach(e -> events.add(event(e)));
      double unixSeconds =
          Double.longBitsToDouble(Long.parseUnsignedLong(Golden.text(batch, "ts_bits"), 16));

      byte[] payload = encoder.encode(unixSeconds, events);

      assertEquals(Golden.text(batch, "payload_hex"), HexFormat.of().formatHex(payload));
    }
  }

  @Test
  void everyHashComesBackWithAllOfItsBits() throws IOException {
    long[] edges = {
      0,
      127,
      128,
      255,
      256,
      65_535,
      65_536,
      0xffff_ffffL,
      0x1_0000_0000L,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      -1,
      -129
    };

    for (long hash : edges) {
      byte[] payload = new EventBatchEncoder().encode(0, List.of(new CacheEvent.Removed(hash)));
      try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(payload)) {
        String json = unpacker.unpackValue().toJson();
        String expected = "\"block_hashes\":[" + Long.toUnsignedString(hash) + "]";
        assertTrue(json.contains(expected), () -> Long.toUnsignedString(hash) + " in " + json);
      }
    }
  }

  private static CacheEvent event(Object event) {
    switch (Golden.text(event, "type")) {
      case "BlockRemoved" -> {
        return new CacheEvent.Removed(hash(Golden.at(event, "block_hashes", 0)));
      }
      case "BlockStored" -> {
        boolean hasParent = Golden.has(event, "parent_block_hash");
        Object first = ((List<?>) Golden.at(event, "extra_keys")).get(0);
        return new CacheEvent.Stored(
            Golden.list(event, "block_hashes").stream()
                .mapToLong(EventBatchEncoderTest::hash)
                .toArray(),
            hasParent,
            hasParent ? hash(((Map<?, ?>) event).get("parent_block_hash")) : 0,
            Golden.ints(event, "token_ids"),
            Golden.number(event, "block_size"),
            first instanceof List<?> keys ? (String) keys.get(0) : "");
      }
      default -> {
        return new CacheEvent.Cleared();
      }
    }
  }

  private static long hash(Object decimal) {
    return Long.parseUnsignedLong((String) decimal);
  }
}
