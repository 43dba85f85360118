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
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.warmpath.golden.GoldenFiles;
import io.warmpath.golden.GoldenReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hashes of SGLang, TensorRT-LLM and llm-d, as their own code computed them. */
@Tag("golden")
class EngineHashGoldenTest {

  private static final String LLMD = "llmd_hash_vectors.json";

  @Test
  void sglangsHashesAreThoseOfItsOwnFunctions() {
    String name = "sglang_hash_vectors.json";
    GoldenReport.file(name, bytes -> {
      Object file = parse(bytes);
      GoldenReport.cases(
          name, longNumber(file, "count"), list(file, "cases"), EngineHashGoldenTest::checkSglang);
    });
  }

  private static void checkSglang(Object one) {
    String mode = text(one, "mode");
    SglangHash scheme = EngineHashScheme.sglang(
        switch (mode) {
          case "plain" -> SglangHash.Namespace.NONE;
          case "salt_event" -> SglangHash.Namespace.EVENTS;
          case "storage_ns" -> SglangHash.Namespace.STORAGE;
          case "dynamo" -> SglangHash.Namespace.DYNAMO;
          default -> throw new IllegalArgumentException("mode " + mode);
        });
    PromptExtras extras = PromptExtras.NONE.withSalt(findText(one, "cache_salt"));
    String extraKey = findText(one, "extra_key");
    if (extraKey != null) {
      extras = extras.withAdapter(LoraAdapter.named(extraKey));
    }
    int pageSize = number(one, "page_size");
    List<?> pages = list(one, "pages");
    boolean isPaired = list(at(pages.get(0), "token_ids")).get(0) instanceof List;
    if (isPaired) {
      scheme = scheme.withPairs();
    }
    int[] tokens = sglangTokens(pages, isPaired);
    SglangHasher hasher = (SglangHasher) scheme.hasher();
    assertHex(find(one, "seed_hex"), hasher.chainSeed(extras));
    assertHex(find(one, "namespace_seed_hex"), hasher.eventNamespace(extras));

    byte[] digests = hasher.digests(tokens, 0, tokens.length, pageSize, extras);
    BlockChain chain = chain(hasher, tokens, 0, pageSize, extras);
    int full = chain.length() * pageSize;
    int rest = tokens.length - full - (isPaired ? 1 : 0);
    if (rest > 0) { // a page that is not full, which engines do not announce
      PromptExtras after =
          extras.after(Arrays.copyOfRange(digests, digests.length - 32, digests.length));
      byte[] last = hasher.digests(tokens, full, tokens.length, rest, after);
      hasher.append(chain, tokens, full, tokens.length, rest, after);
      digests = Arrays.copyOf(digests, digests.length + last.length);
      System.arraycopy(last, 0, digests, digests.length - last.length, last.length);
    }

    assertEquals(pages.size(), chain.length());
    for (int i = 0; i < pages.size(); i++) {
      Object page = pages.get(i);
      byte[] digest = Arrays.copyOfRange(digests, 32 * i, 32 * i + 32);
      assertHex(at(page, "sha256_hex"), digest);
      assertEquals(text(page, "event_int64"), "" + HashInput.bigLong(digest, 0));
      String event = findText(page, "dynamo_event_int64");
      assertEquals(event == null ? text(page, "event_int64") : event, "" + chain.hashes()[i]);
    }
  }

  /** The tokens of pages; of pairs, those of which they are the neighbours. */
  private static int[] sglangTokens(List<?> pages, boolean isPaired) {
    List<Object> all = new ArrayList<>();
    Object last = null;
    for (Object page : pages) {
      for (Object id : list(page, "token_ids")) {
        if (isPaired && last != null) {
          assertEquals(last, list(id).get(0));
        }
        all.add(isPaired ? list(id).get(0) : id);
        last = isPaired ? list(id).get(1) : id;
      }
    }
    if (isPaired) {
      all.add(Objects.requireNonNull(last));
    }
    return tokens(all);
  }

  @Test
  void tensorRtLlmsHashesAreThoseOfItsFormula() {
    String name = "trtllm_v1_hash_vectors.json";
    GoldenReport.file(name, bytes -> {
      List<?> cases = list(parse(bytes), "cases");
      GoldenReport.cases(name, count(parse(bytes), cases), cases, one -> {
        TensorRtLlmHasher hasher =
            (TensorRtLlmHasher) EngineHashScheme.tensorRtLlm().hasher();
        String salt = findText(one, "cache_salt");
        PromptExtras extras = PromptExtras.NONE.withSalt(salt);
        if (find(one, "lora_task_id") instanceof Number id) {
          extras = extras.withAdapter(new LoraAdapter("", null, id.longValue()));
        }

        assertEquals(
            find(one, "cache_salt_id"),
            salt == null ? null : Long.toUnsignedString(hasher.saltId(salt)));
        assertEquals(
            at(one, "hashes_u64"),
            keys(hasher, tokens(at(one, "token_ids")), number(one, "tokens_per_block"), extras));
      });
    });
  }

  @Test
  void keysOfLlmdAreThoseOfItsOwnCode() {
    GoldenReport.part(LLMD, "hashVectors", EngineHashGoldenTest::checkLlmd);
  }

  @Test
  void keysOfLlmdsRouterAreThoseOfItsOwnCode() {
    String name = "llmd_router_hash_vectors.json";
    GoldenReport.file(name, bytes -> {
      List<?> cases = list(parse(bytes), "hashVectors");
      GoldenReport.cases(name, count(parse(bytes), cases), cases, EngineHashGoldenTest::checkLlmd);
    });
  }

  @Test
  void blockKeysOfTheGoPickerAreThoseOfLlmd() {
    GoldenReport.part("epp_scorer_vectors.json", "preciseBlockKeys", one -> {
      EngineHasher hasher = llmd(one, text(one, "model")).hasher();
      assertEquals(
          at(one, "keysDecimal"),
          keys(hasher, tokens(at(one, "tokens")), number(one, "blockSizeTokens"), identified(one)));
    });
  }

  private static void checkLlmd(Object one) {
    LlmdHasher hasher = (LlmdHasher) llmd(one, text(one, "modelName")).hasher();
    int[] tokens = llmdTokens(one);
    assertEquals(number(one, "numTokens"), tokens.length);
    int blockSize = number(one, "blockSize");
    PromptExtras extras = identified(one);
    String parent = findText(one, "parentKey");
    if (parent != null) {
      byte[] digest = new byte[Long.BYTES];
      HashInput.bigLong(digest, 0, Long.parseUnsignedLong(parent));
      extras = extras.after(digest);
      assertHex(
          map(one).containsKey("parentKeyHex") ? at(one, "parentKeyHex") : hex(digest), digest);
    }
    if (find(one, "rootHash") != null) {
      byte[] seed = HashInput.utf8(text(one, "hashSeed"));
      assertKey(one, "seedHash", LlmdHasher.fnv(seed, seed.length));
      assertKey(one, "rootHash", hasher.root(text(one, "modelName")));
      assertHex(at(one, "rootPayloadHex"), hasher.hashed().toArray());
    }
    if (find(one, "expectError") != null && !Boolean.FALSE.equals(find(one, "expectError"))) {
      PromptExtras wrong = extras;
      assertThrows(
          IllegalArgumentException.class,
          () -> hasher.digests(tokens, 0, tokens.length, blockSize, wrong));
      return;
    }

    List<String> keys = keys(hasher, tokens, blockSize, extras);

    if (find(one, "keys") != null) {
      assertEquals(at(one, "keys"), keys);
    } else {
      int shown = list(one, "firstKeys").size();
      assertEquals(number(one, "keyCount"), keys.size());
      assertEquals(at(one, "firstKeys"), keys.subList(0, shown));
      shown = list(one, "lastKeys").size();
      assertEquals(at(one, "lastKeys"), keys.subList(keys.size() - shown, keys.size()));
      byte[] all = hasher.digests(tokens, 0, tokens.length, blockSize, extras);
      assertEquals(
          text(one, "allKeysFnv1a64BigEndianDigest"),
          Long.toUnsignedString(LlmdHasher.fnv(all, all.length)));
    }
    if (find(one, "keysHex") != null) {
      byte[] all = hasher.digests(tokens, 0, tokens.length, blockSize, extras);
      assertHex(String.join("", strings(at(one, "keysHex"))), all);
    }
    if (find(one, "firstBlockPayloadsHex") != null) {
      checkPayloads(one, hasher, tokens, blockSize, extras);
    }
  }

  private static void checkPayloads(
      Object one, LlmdHasher hasher, int[] tokens, int blockSize, PromptExtras extras) {
    List<?> payloads = list(one, "firstBlockPayloadsHex");
    List<@Nullable List<String>> given = extras.blockIdentifiers();
    for (int i = 0; i < payloads.size(); i++) {
      PromptExtras cut =
          given == null ? extras : extras.withBlockIdentifiers(given.subList(0, i + 1));
      hasher.digests(tokens, 0, (i + 1) * blockSize, blockSize, cut);
      assertHex(payloads.get(i), hasher.hashed().toArray());
    }
  }

  @Test
  void whatMultimodalBlocksOfLlmdAreHashedWithIsThatOfItsOwnCode() {
    GoldenReport.part(LLMD, "blockExtraFeatures", one -> {
      PromptExtras extras = PromptExtras.NONE.withMedia(media(one));
      int blockSize = number(one, "blockSize");
      List<@Nullable List<String>> blocks = new ArrayList<>();
      for (int block = 0; block < number(one, "numTokens") / blockSize; block++) {
        blocks.add(LlmdHasher.identifiers(extras, block, blockSize));
      }

      Object expected = find(one, "extraPerBlock");
      if (expected == null) {
        blocks.forEach(block -> assertEquals(null, block));
      } else {
        assertEquals(expected, blocks);
      }
    });
  }

  /** Each hash with its place, as far as there are both. */
  private static List<MediaItem> media(Object one) {
    List<MediaItem> items = new ArrayList<>();
    Object places = find(one, "mmPlaceholders");
    for (Map.Entry<?, ?> kind :
        (find(one, "mmHashes") == null ? Map.of() : map(at(one, "mmHashes"))).entrySet()) {
      List<?> hashes = list(kind.getValue());
      Object found = places == null ? null : map(places).get(kind.getKey());
      List<?> ranges = found == null ? List.of() : list(found);
      for (int i = 0; i < Math.min(hashes.size(), ranges.size()); i++) {
        items.add(new MediaItem(
            (String) hashes.get(i),
            number(ranges.get(i), "offset"),
            number(ranges.get(i), "length")));
      }
    }
    return items;
  }

  @Test
  void filesAndPartsOfWhichNothingIsChecked() {
    for (String sample : GoldenFiles.names("epp_samples", false, List.of())) {
      GoldenReport.notCovered("epp_samples/" + sample);
    }
    for (String part : List.of("engineToRequestMapping", "messages", "scores", "shards")) {
      GoldenReport.notCovered(LLMD + "#" + part);
    }
  }

  private static EngineHashScheme llmd(Object one, String model) {
    String algorithm = findText(one, "hashAlgorithm");
    String seed = text(one, "hashSeed");
    return switch (algorithm == null || algorithm.isEmpty() ? "cbor-fnv" : algorithm) {
      case "cbor-fnv" -> EngineHashScheme.llmd(seed, model);
      case "xxh64" -> EngineHashScheme.llmdRouter(seed, model);
      default -> throw new IllegalArgumentException("algorithm " + algorithm);
    };
  }

  private static PromptExtras identified(Object one) {
    Object given = find(one, "extraPerBlock");
    if (given == null) {
      return PromptExtras.NONE;
    }
    List<@Nullable List<String>> blocks = new ArrayList<>();
    for (Object block : list(given)) {
      blocks.add(block == null ? null : strings(block));
    }
    return PromptExtras.NONE.withBlockIdentifiers(blocks);
  }

  private static int[] llmdTokens(Object one) {
    if (find(one, "tokens") != null) {
      return tokens(at(one, "tokens"));
    }
    Object generator = at(one, "tokensGenerator");
    assertEquals("lcg", text(generator, "kind"));
    long x = Long.parseUnsignedLong(text(generator, "seed"));
    int[] tokens = new int[number(generator, "n")];
    for (int i = 0; i < tokens.length; i++) {
      x = x * Long.parseUnsignedLong(text(generator, "mul"))
          + Long.parseUnsignedLong(text(generator, "add"));
      tokens[i] = (int)
          Long.remainderUnsigned(x >>> number(generator, "shift"), number(generator, "vocab"));
    }
    return tokens;
  }

  private static List<String> keys(
      EngineHasher hasher, int[] tokens, int blockSize, PromptExtras extras) {
    return Arrays.stream(chain(hasher, tokens, 0, blockSize, extras).toArray())
        .mapToObj(Long::toUnsignedString)
        .toList();
  }

  static BlockChain chain(
      EngineHasher hasher, int[] tokens, int from, int blockSize, PromptExtras extras) {
    BlockChain chain = new BlockChain();
    hasher.append(chain, tokens, from, tokens.length, blockSize, extras);
    return chain;
  }

  /** {@return how many the file says it has, or where it does not say, how many there are} */
  private static long count(Object file, List<?> cases) {
    return find(file, "count") instanceof Number count ? count.longValue() : cases.size();
  }

  private static List<String> strings(Object list) {
    return list(list).stream().map(String.class::cast).toList();
  }

  private static void assertKey(Object one, String name, long key) {
    assertEquals(text(one, name), Long.toUnsignedString(key));
    assertEquals(text(one, name + "Hex"), HexFormat.of().toHexDigits(key));
  }

  private static void assertHex(@Nullable Object expected, byte @Nullable [] actual) {
    assertEquals(expected, actual == null ? null : hex(actual));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
