package io.warmpath.block;

import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.find;
import static io.warmpath.golden.GoldenJson.findText;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.longNumber;
import static io.warmpath.golden.GoldenJson.map;
import static io.warmpath.golden.GoldenJson.number;
import static io.warmpath.golden.GoldenJson.parse;
import static io.warmpath.golden.GoldenJson.text;
import static io.warmpath.golden.GoldenJson.tokens;
import static io.warmpath.golden.VllmRecording.low64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.block.VllmHash.Algorithm;
import io.warmpath.golden.GoldenReport;
import io.warmpath.golden.VllmRecording;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** vLLM's hashes, as its own functions computed them and as a real engine announced them. */
@Tag("golden")
class VllmHashGoldenTest {

  @Test
  void hashesAreThoseOfItsOwnFunctions() {
    String name = "vllm_hash_vectors.json";
    GoldenReport.file(name, bytes -> {
      Object file = parse(bytes);
      GoldenReport.cases(
          name, longNumber(file, "count"), list(file, "cases"), VllmHashGoldenTest::check);
    });
  }

  private static void check(Object one) {
    VllmHash scheme = scheme(one);
    VllmHasher hasher = (VllmHasher) scheme.hasher();
    Object request = at(one, "request");
    int[] tokens = tokens(at(request, "token_ids"));
    PromptExtras extras = extras(request, tokens.length);
    int size = number(one, "block_size");
    assertEquals(text(one, "effective_seed_string"), scheme.seedText());
    assertEquals(
        text(one, "serialization"), scheme.algorithm().isPickled() ? "pickle5" : "cbor_canonical");
    assertTrueHash(one, "none_hash_hex", "none_hash_int", seedDigest(hasher));

    int bytes = hasher.digestBytes();
    byte[] digests = hasher.digests(tokens, 0, tokens.length, size, extras);
    BlockChain chain = EngineHashGoldenTest.chain(hasher, tokens, 0, size, extras);

    List<?> blocks = list(one, "blocks");
    assertEquals(blocks.size(), chain.length());
    assertEquals(blocks.size(), digests.length / bytes);
    VllmExtraKeys keys = new VllmExtraKeys(scheme, extras);
    for (int i = 0; i < blocks.size(); i++) {
      Object block = blocks.get(i);
      int start = i * size;
      int next = start + size;
      assertEquals(i, number(block, "index"));
      assertArrayEquals(tokens(at(block, "token_ids")), Arrays.copyOfRange(tokens, start, next));
      assertKeys(block, keys.of(start, next, tokens, next), scheme.lookaheadTokens() > 0);
      assertTrueHash(
          block, "hash_hex", "hash_int", Arrays.copyOfRange(digests, i * bytes, (i + 1) * bytes));
      assertEquals(
          new BigInteger(text(block, "event_int")).longValue(), chain.hashes()[i], "event_int");
      if (find(block, "serialized_hex") != null) {
        hasher.digests(tokens, 0, next + scheme.lookaheadTokens(), size, extras);
        assertEquals(text(block, "serialized_hex"), hex(hasher.hashed().toArray()));
      }
    }
  }

  private static byte[] seedDigest(VllmHasher hasher) {
    byte[] digest = hasher.noneHash();
    return Arrays.copyOfRange(digest, digest.length - hasher.digestBytes(), digest.length);
  }

  private static VllmHash scheme(Object one) {
    Algorithm algorithm = Algorithm.named(text(one, "algorithm"));
    String seed = findText(one, "pythonhashseed");
    if (seed == null && !algorithm.isSha256()) {
      seed = text(one, "effective_seed_string"); // drawn at random
    }
    VllmHash scheme = EngineHashScheme.vllm(algorithm, text(one, "computed_with_vllm"), seed)
        .withLookahead(number(one, "lookahead_tokens"));
    return text(one, "id").startsWith("mmsameitem") ? scheme.withSharedIdentifiers() : scheme;
  }

  private static PromptExtras extras(Object request, int tokens) {
    PromptExtras extras = PromptExtras.NONE.withSalt(findText(request, "cache_salt"));
    String adapter = findText(request, "lora_name");
    if (adapter != null) {
      extras = extras.withAdapter(new LoraAdapter(
          adapter, findText(request, "lora_path"), (Long) find(request, "lora_int_id")));
    }
    List<MediaItem> media = new ArrayList<>();
    for (Object item : list(request, "mm")) {
      media.add(
          new MediaItem(text(item, "identifier"), number(item, "offset"), number(item, "length")));
    }
    extras = extras.withMedia(media);
    String rows = findText(request, "prompt_embeds_bytes_hex");
    if (rows != null) {
      byte[] bytes = HexFormat.of().parseHex(rows);
      extras = extras.withPromptEmbeds(bytes, bytes.length / tokens);
    }
    return extras;
  }

  private static void assertTrueHash(
      @Nullable Object block, String hexName, String numberName, byte[] digest) {
    if (find(block, hexName) != null) {
      assertEquals(text(block, hexName), hex(digest), hexName);
    } else {
      assertEquals(text(block, numberName), new BigInteger(1, digest).toString(), numberName);
    }
  }

  private static void assertKeys(
      Object block, ExtraKey.@Nullable Tuple extra, boolean hasLookahead) {
    assertEquals(find(block, "hashed_extra_keys"), extra == null ? null : json(extra));
    if (map(block).containsKey("event_extra_keys")) {
      ExtraKey own = hasLookahead ? Objects.requireNonNull(extra).members().get(0) : extra;
      assertEquals(
          find(block, "event_extra_keys"),
          own instanceof ExtraKey.Tuple tuple
              ? tuple.members().stream().map(VllmHashGoldenTest::untagged).toList()
              : null);
    }
  }

  /** What events show of a key: it without its tag, and a single member alone; of an adapter its name. */
  private static @Nullable Object untagged(ExtraKey key) {
    if (key instanceof ExtraKey.Tuple tuple
        && tuple.members().get(0) instanceof ExtraKey.Text tag
        && List.of("lora", "mm", "cache_salt", "prompt_embeds").contains(tag.value())
        && (tuple.members().size() == 3 || !(tuple.members().get(1) instanceof ExtraKey.Int))) {
      boolean isMedia = tag.value().equals("mm");
      return isMedia
          ? json(new ExtraKey.Tuple(tuple.members().subList(1, 3)))
          : json(tuple.members().get(1));
    }
    return json(key);
  }

  private static @Nullable Object json(ExtraKey key) {
    if (key instanceof ExtraKey.Text text) {
      return text.value();
    } else if (key instanceof ExtraKey.Int number) {
      return number.value();
    } else if (key instanceof ExtraKey.Bytes bytes) {
      return Map.of("bytes_hex", hex(bytes.value()));
    } else if (key instanceof ExtraKey.Tuple tuple) {
      return Arrays.asList(
          tuple.members().stream().map(VllmHashGoldenTest::json).toArray());
    }
    return null;
  }

  @Test
  void promptsSentToARealEngineGetTheHashesThatItAnnounced() {
    for (VllmRecording recording : VllmRecording.all()) {
      String name = recording.file("vectors.json");
      GoldenReport.file(name, bytes -> {
        List<?> cases = list(parse(bytes));
        GoldenReport.cases(name, cases.size(), cases, VllmHashGoldenTest::checkRecorded);
      });
    }
  }

  private static void checkRecorded(Object one) {
    VllmHasher hasher = (VllmHasher) VllmRecording.scheme(one).hasher();
    int[] tokens = tokens(at(one, "token_ids"));
    int size = number(one, "block_size");
    PromptExtras extras = PromptExtras.NONE.withSalt(findText(at(one, "request"), "cache_salt"));

    byte[] digests = hasher.digests(tokens, 0, tokens.length, size, extras);
    BlockChain chain = EngineHashGoldenTest.chain(hasher, tokens, 0, size, extras);

    assertEquals(text(one, "none_hash"), hex(hasher.noneHash()));
    List<?> full = list(one, "prompt_chain_full_hashes");
    assertEquals(String.join("", full.stream().map(String.class::cast).toList()), hex(digests));
    assertEquals(
        list(one, "prompt_chain_low64_unsigned").stream()
            .map(VllmRecording::low64)
            .toList(),
        Arrays.stream(chain.toArray()).boxed().toList());
    if (find(one, "stored_positions") instanceof List<?> positions) {
      List<Object> stored = new ArrayList<>();
      list(one, "stored_events").forEach(e -> stored.addAll(list(e, "block_hashes")));
      assertEquals(positions.size(), stored.size());
      for (int i = 0; i < stored.size(); i++) {
        int block = ((Number) positions.get(i)).intValue();
        assertEquals(low64(stored.get(i)), chain.hashes()[block]);
      }
    }
  }

  @Test
  void everyBlockThatARealEngineAnnouncedIsReproducedFromItsTokens() {
    for (VllmRecording recording : VllmRecording.all()) {
      String name = recording.file("steps.json");
      if (!recording.hasPrompts()) {
        GoldenReport.notCovered(name); // nothing says how the engine hashed
        continue;
      }
      GoldenReport.file(name, steps -> {
        List<Object> stored = new ArrayList<>();
        for (Object step : list(parse(steps))) {
          for (Object message : list(step, "events")) {
            list(list(message, "batch").get(1)).stream()
                .filter(event -> text(event, "type").equals("BlockStored"))
                .forEach(stored::add);
          }
        }
        EngineHasher hasher = recording.scheme().hasher();
        Map<Long, byte[]> known = new HashMap<>();
        GoldenReport.cases(
            name, stored.size(), stored, event -> checkAnnounced(event, hasher, known));
      });
    }
  }

  private static void checkAnnounced(Object event, EngineHasher hasher, Map<Long, byte[]> known) {
    Object parent = find(event, "parent_block_hash");
    PromptExtras extras = PromptExtras.NONE;
    if (parent != null) {
      extras = extras.after(Objects.requireNonNull(known.get(low64(parent)), "unknown parent"));
    } else if (find(event, "extra_keys") instanceof List<?> keys
        && keys.get(0) instanceof List<?> first) {
      extras = extras.withSalt((String) first.get(0));
    }
    int[] tokens = tokens(at(event, "token_ids"));
    byte[] digests = hasher.digests(tokens, 0, tokens.length, number(event, "block_size"), extras);
    List<?> hashes = list(event, "block_hashes");
    int bytes = hasher.digestBytes();

    assertEquals(hashes.size(), digests.length / bytes);
    for (int i = 0; i < hashes.size(); i++) {
      byte[] digest = Arrays.copyOfRange(digests, i * bytes, (i + 1) * bytes);
      long value = HashInput.bigLong(digest, bytes - Long.BYTES);
      known.put(value, digest);
      assertEquals(low64(hashes.get(i)), value);
      if (hashes.get(i) instanceof Map<?, ?> object) {
        assertEquals(object.get("hex"), hex(digest));
      }
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
