package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.AllocatedBytes;
import io.warmpath.event.BlockExtras;
import io.warmpath.event.KvEvent;
import io.warmpath.event.KvEventSink;
import io.warmpath.index.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rules of the decoder that the golden files do not reach. */
class KvEventDecoderTest {

  private final KvEventDecoder decoder = new KvEventDecoder();
  private final List<KvEvent> events = new ArrayList<>();

  @Test
  void blocksBeforeAnImageAreKnownByTheirTokens() {
    decode(stored(Map.of(
        "block_hashes", List.of(1, 2, 3),
        "token_ids", List.of(10, 11, 20, 21, 30, 31),
        "extra_keys", Arrays.asList(List.of("salt"), null, List.of(List.of("img", 0))))));

    assertEquals(2, events.size());
    KvEvent.Stored first = (KvEvent.Stored) events.get(0);
    KvEvent.Stored rest = (KvEvent.Stored) events.get(1);
    assertEquals(
        "[1, 2] [10, 11, 20, 21]",
        Arrays.toString(first.hashes()) + " " + Arrays.toString(first.tokens()));
    assertNull(first.parent());
    assertEquals(BlockExtras.of(null, "salt"), first.extras());
    assertEquals(
        "[3] [30, 31]", Arrays.toString(rest.hashes()) + " " + Arrays.toString(rest.tokens()));
    assertEquals(2L, rest.parent());
    assertEquals(new BlockExtras(null, "salt", true, false, BlockExtras.UNTOLD), rest.extras());
    assertEquals(1, decoder.stats().stored());
  }

  @Test
  void anEventOfUnknownPositionsIsNotSplit() {
    decode(stored(Map.of(
        "block_hashes", List.of(1, 2),
        "token_ids", List.of(10, 11, 20, 21, 30, 31),
        "extra_keys", Arrays.asList(null, List.of(List.of("img", 0))))));

    assertEquals(1, events.size());
    assertEquals(true, ((KvEvent.Stored) events.get(0)).extras().opaque());
  }

  @Test
  void aTextThatIsNoAdapterAfterTheFirstBlockIsAnImage() {
    decode(stored(Map.of(
        "parent_block_hash",
        9,
        "lora_name",
        "sql",
        "extra_keys",
        List.of(List.of("sql", "who knows")))));

    assertEquals(
        new BlockExtras("sql", null, true, false, BlockExtras.UNTOLD),
        ((KvEvent.Stored) events.get(0)).extras());
  }

  @Test
  void aSaltMayBeNamedLikeTheAdapter() {
    decode(stored(Map.of("lora_name", "x", "extra_keys", List.of(List.of("x", "x")))));

    assertEquals(BlockExtras.of("x", "x"), ((KvEvent.Stored) events.get(0)).extras());
  }

  @Test
  void anAdapterKnownByNumberOnlyMakesBlocksOpaque() {
    decode(stored(Map.of("lora_id", 3)));

    assertEquals(
        new BlockExtras(null, null, true, false, BlockExtras.UNTOLD),
        ((KvEvent.Stored) events.get(0)).extras());
  }

  @Test
  void aDigestAmongTokensMakesItsBlockOpaque() {
    byte[] batch = Golden.bytes("kv_events/trtllm_stored_mm.bin");

    decoder.decode(batch, 0, batch.length, KvEvent.recorder(events::add));

    KvEvent.Stored event = (KvEvent.Stored) events.get(0);
    assertEquals(true, event.extras().opaque());
    assertEquals(32, event.tokens().length);
  }

  @Test
  void aHashOfConcatenatedDigestsIsItsLastEightBytes() {
    byte[] hash = new byte[64];
    hash[63] = 7;

    decode(stored(Map.of("block_hashes", List.of(hash))));

    assertEquals(7, ((KvEvent.Stored) events.get(0)).hashes()[0]);
  }

  @Test
  void mediaNameTheirTier() {
    Map<String, Tier> media = Map.of(
        "CPU_TIER1",
        Tier.CPU,
        "SHARED_STORAGE",
        Tier.SHARED,
        "GPU",
        Tier.GPU,
        "CPU",
        Tier.CPU,
        "CPU_PINNED",
        Tier.CPU,
        "STORAGE",
        Tier.DISK,
        "DISK",
        Tier.DISK,
        "EXTERNAL",
        Tier.SHARED,
        "tape",
        Tier.DISK);

    media.forEach((medium, tier) -> {
      events.clear();
      decode(stored(Map.of("medium", medium)));
      assertEquals(tier, ((KvEvent.Stored) events.get(0)).tier(), medium);
    });
  }

  @Test
  void remoteStorageIsSharedAndLocalIsTheEnginesOwn() {
    Map<List<String>, Tier> places = Map.of(
        List.of("STORAGE", "REMOTE"), Tier.SHARED,
        List.of("CPU", "REMOTE"), Tier.SHARED,
        List.of("STORAGE", "LOCAL"), Tier.DISK,
        List.of("CPU", "LOCAL"), Tier.CPU,
        List.of("EXTERNAL", "LOCAL"), Tier.DISK,
        List.of("GPU", "REMOTE"), Tier.GPU,
        List.of("STORAGE", "nearby"), Tier.DISK);

    places.forEach((place, tier) -> {
      events.clear();
      decode(stored(Map.of("medium", place.get(0), "locality", place.get(1))));
      decode(stored(Map.of("locality", place.get(1), "medium", place.get(0))));
      decode(List.of(
          1.0,
          List.of(Map.of(
              "type",
              "BlockRemoved",
              "block_hashes",
              List.of(1),
              "medium",
              place.get(0),
              "locality",
              place.get(1)))));
      assertEquals(tier, ((KvEvent.Stored) events.get(0)).tier(), place.toString());
      assertEquals(tier, ((KvEvent.Stored) events.get(1)).tier(), place.toString());
      assertEquals(tier, ((KvEvent.Removed) events.get(2)).tier(), place.toString());
    });
  }

  @Test
  void kindsOfCacheTellWhatAPrefixNeeds() {
    Map<String, Integer> kinds = Map.of(
        "full_attention", BlockExtras.WHOLE_PREFIX,
        "mla_attention", BlockExtras.WHOLE_PREFIX,
        "sink_full_attention", BlockExtras.WHOLE_PREFIX,
        "sliding_window", 1_023,
        "sliding_window_mla", 1_023,
        "mamba", 1,
        "chunked_local_attention", BlockExtras.NOT_REUSABLE,
        "cross_attention", BlockExtras.NOT_REUSABLE,
        "unknown", BlockExtras.NOT_REUSABLE);

    kinds.forEach((kind, reach) -> {
      events.clear();
      decode(stored(Map.of("kv_cache_spec_kind", kind, "kv_cache_spec_sliding_window", 1_024)));
      assertEquals(reach, ((KvEvent.Stored) events.get(0)).extras().reach(), kind);
    });
  }

  @Test
  void aWindowOfOneTokenNeedsTheLastBlockAndOneOfUnknownSizeIsNotReusable() {
    decode(
        stored(Map.of("kv_cache_spec_kind", "sliding_window", "kv_cache_spec_sliding_window", 1)));
    decode(stored(Map.of("kv_cache_spec_kind", "sliding_window")));

    assertEquals(1, ((KvEvent.Stored) events.get(0)).extras().reach());
    assertEquals(
        BlockExtras.NOT_REUSABLE, ((KvEvent.Stored) events.get(1)).extras().reach());
  }

  @Test
  void arraysTellTheWindowToo() {
    decode(List.of(
        1.0,
        List.of(Arrays.asList(
            "BlockStored",
            List.of(1),
            null,
            List.of(10, 11),
            2,
            null,
            "GPU",
            null,
            null,
            3,
            "sliding_window",
            5))));

    KvEvent.Stored event = (KvEvent.Stored) events.get(0);
    assertEquals(3, event.group());
    assertEquals(4, event.extras().reach());
  }

  @Test
  void theOriginTellsReusedBlocksFromNewOnes() {
    decode(stored(Map.of("origin", "REUSED")));
    decode(stored(Map.of("origin", "NEW")));

    assertEquals(true, ((KvEvent.Stored) events.get(0)).extras().reused());
    assertEquals(BlockExtras.NONE, ((KvEvent.Stored) events.get(1)).extras());
  }

  @Test
  void extrasOfOneNameThatDifferInKindAreKeptApart() {
    for (int i = 0; i < 2; i++) {
      decode(stored(Map.of("kv_cache_spec_kind", "mamba")));
      decode(stored(Map.of("kv_cache_spec_kind", "full_attention")));
      decode(stored(Map.of("kv_cache_spec_kind", "full_attention", "origin", "REUSED")));
    }

    for (int i = 0; i < 3; i++) {
      assertSame(
          ((KvEvent.Stored) events.get(i)).extras(), ((KvEvent.Stored) events.get(i + 3)).extras());
    }
    assertEquals(1, ((KvEvent.Stored) events.get(0)).extras().reach());
    assertEquals(
        new BlockExtras(null, null, false, true, BlockExtras.WHOLE_PREFIX),
        ((KvEvent.Stored) events.get(2)).extras());
  }

  @Test
  void aGroupOutOfRangeIsSkipped() {
    decode(stored(Map.of("group_idx", -1)));
    decode(stored(Map.of("group_idx", 1_024)));

    assertEquals(2, decoder.stats().skipped().get(KvEventStats.Reason.OUT_OF_RANGE));
    assertEquals(List.of(), events);
  }

  @Test
  void arrayAndMapEventsMayShareABatch() {
    decode(List.of(
        1.0,
        List.of(
            List.of("BlockRemoved", List.of(1)),
            Map.of("type", "BlockRemoved", "block_hashes", List.of(2)),
            List.of("AllBlocksCleared"))));

    assertEquals(
        "[Removed[1], GPU, group 0, Removed[2], GPU, group 0, Cleared[]]", events.toString());
  }

  @Test
  void anotherRankIsCountedAndApplied() {
    byte[] batch = Batches.removal(1, 5);
    KvEventCounters counters = new KvEventCounters();

    decoder.decode(batch, 0, batch.length, 3, KvEvent.recorder(events::add), counters);

    assertEquals(1, counters.snapshot().rankMismatches());
    assertEquals(1, events.size());
  }

  @Test
  void namesGiveTheSameExtrasAgain() {
    decode(stored(Map.of("lora_name", "a", "extra_keys", List.of(List.of("a", "s")))));
    decode(stored(Map.of("lora_name", "a", "extra_keys", List.of(List.of("a", "s")))));

    assertSame(
        ((KvEvent.Stored) events.get(0)).extras(), ((KvEvent.Stored) events.get(1)).extras());
  }

  @Test
  void namesThatShareASlotAreKeptApart() {
    for (int i = 0; i < 3 * BlockExtrasCache.SLOTS; i++) {
      decode(stored(Map.of("lora_name", "a" + i % 2, "cache_salt", "s" + i)));
      decode(stored(Map.of("lora_name", "a" + i, "cache_salt", "s")));

      int last = events.size() - 1;
      assertEquals(
          BlockExtras.of("a" + i % 2, "s" + i), ((KvEvent.Stored) events.get(last - 1)).extras());
      assertEquals(BlockExtras.of("a" + i, "s"), ((KvEvent.Stored) events.get(last)).extras());
    }
  }

  @Test
  void aWarmDecoderAllocatesNothing() {
    byte[] text = Golden.bytes("kv_events/vllm_0.33.0_many.bin");
    byte[] adapter = Golden.bytes("kv_events/vllm_0.33.0_stored_extra_keys.bin");
    byte[] array = Golden.bytes("kv_events/vllm_0.23.0_stored_bytes.bin");
    CountingSink sink = new CountingSink();
    run(text, adapter, array, sink, 3_000);

    long allocated = AllocatedBytes.leastOf(() -> run(text, adapter, array, sink, 100));

    assertEquals(0, allocated, "bytes in 300 batches");
    assertTrue(sink.blocks > 0, "nothing came out");
  }

  private void run(byte[] a, byte[] b, byte[] c, KvEventSink sink, int times) {
    for (int i = 0; i < times; i++) {
      decoder.decode(a, 0, a.length, sink);
      decoder.decode(b, 0, b.length, sink);
      decoder.decode(c, 0, c.length, sink);
    }
  }

  private void decode(List<Object> batch) {
    byte[] bytes = Batches.pack(batch);
    decoder.decode(bytes, 0, bytes.length, KvEvent.recorder(events::add));
  }

  private static List<Object> stored(Map<String, Object> fields) {
    Map<String, @Nullable Object> event = new HashMap<>();
    event.put("type", "BlockStored");
    event.put("block_hashes", List.of(1));
    event.put("parent_block_hash", null);
    event.put("token_ids", List.of(10, 11));
    event.put("block_size", 2);
    event.putAll(fields);
    return List.of(1.0, List.of(event), 0);
  }

  private static final class CountingSink implements KvEventSink {
    private long blocks;

    @Override
    public void stored(
        long[] hashes,
        int count,
        boolean hasParent,
        long parent,
        int[] tokens,
        int tokenCount,
        int blockSize,
        Tier tier,
        int group,
        BlockExtras extras) {
      blocks += count;
    }

    @Override
    public void removed(long[] hashes, int count, Tier tier, int group) {
      blocks -= count;
    }

    @Override
    public void cleared() {
      blocks = 0;
    }

    @Override
    public void reset() {
      blocks = 0;
    }
  }
}
