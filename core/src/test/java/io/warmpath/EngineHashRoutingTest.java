package io.warmpath;

import static io.warmpath.TestPool.pod;
import static io.warmpath.TestPool.route;
import static io.warmpath.golden.GoldenJson.at;
import static io.warmpath.golden.GoldenJson.find;
import static io.warmpath.golden.GoldenJson.findText;
import static io.warmpath.golden.GoldenJson.list;
import static io.warmpath.golden.GoldenJson.number;
import static io.warmpath.golden.GoldenJson.text;
import static io.warmpath.golden.GoldenJson.tokens;
import static io.warmpath.golden.VllmRecording.low64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.warmpath.block.BlockChain;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.LoraAdapter;
import io.warmpath.block.PromptExtras;
import io.warmpath.block.SglangHash;
import io.warmpath.block.VllmHash;
import io.warmpath.block.VllmHash.Algorithm;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.BlockExtras;
import io.warmpath.golden.VllmRecording;
import io.warmpath.index.Tier;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.token.TokenBuffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A router that names blocks as the engines do finds what an engine's own events announced. */
class EngineHashRoutingTest {

  private static final Endpoint POD = pod(2);
  private static final VllmHash VLLM = EngineHashScheme.vllm(Algorithm.SHA256_CBOR, "0.32.0", "0");
  private static final int BLOCK = 16;

  @ParameterizedTest
  @CsvSource({
    "e1_sha256_cbor, SHA256_CBOR, 0",
    "e2_xxhash_cbor, XXHASH_CBOR, 0",
    "e3_sha256_pickle_seed_unset, SHA256,",
    "e4_sha256_cbor_seed_unset_bytes, SHA256_CBOR,"
  })
  void whatARealVllmAnnouncedMatchesWithoutAMap(
      String recording, Algorithm algorithm, @Nullable String seed) {
    Router router =
        router(Router.builder().engineHashes(EngineHashScheme.vllm(algorithm, "0.32.0", seed)));
    Set<Long> announced = new HashSet<>();
    int matches = 0;
    for (Object one : new VllmRecording(recording).prompts()) {
      for (Object event : list(one, "stored_events")) {
        stored(router, event);
        list(event, "block_hashes").forEach(hash -> announced.add(low64(hash)));
      }
      int[] ids = tokens(at(one, "token_ids"));
      String salt = findText(at(one, "request"), "cache_salt");
      assertEquals(
          Math.min(cached(one, announced), (ids.length - 1) / number(one, "block_size")),
          matched(router, "tiny", ids, salt),
          text(one, "tag"));
      matches += matched(router, "tiny", ids, salt);
    }

    assertTrue(matches >= 40, "most of 44 blocks: " + matches);
    assertEquals(0, router.stats().events().handles());
    assertEquals(List.of(), router.diagnosis());
  }

  @Test
  void whatARealVllmAnnouncedOfASaltedPromptMatchesThatSaltAlone() {
    Router router = router(Router.builder().engineHashes(VLLM));
    for (Object one : new VllmRecording("e1_sha256_cbor").prompts()) {
      String salt = findText(at(one, "request"), "cache_salt");
      if (salt != null) {
        list(one, "stored_events").forEach(event -> stored(router, event));
        int[] ids = tokens(at(one, "token_ids"));

        assertEquals(4, matched(router, "tiny", ids, salt));
        assertEquals(0, matched(router, "tiny", ids, null));
        assertEquals(0, matched(router, "tiny", ids, salt + "8"));
        return;
      }
    }
    throw new AssertionError("no salted prompt was recorded");
  }

  /** {@return the leading blocks of a prompt, as the engine names them, that it has announced} */
  private static int cached(Object one, Set<Long> announced) {
    int blocks = 0;
    for (Object hash : list(one, "prompt_chain_low64_unsigned")) {
      if (!announced.contains(low64(hash))) {
        break;
      }
      blocks++;
    }
    return blocks;
  }

  /** As the decoder does it: hashes as 64-bit patterns, the salt from the first block's extra keys. */
  private static void stored(Router router, @Nullable Object event) {
    long[] hashes =
        list(event, "block_hashes").stream().mapToLong(VllmRecording::low64).toArray();
    Object parent = find(event, "parent_block_hash");
    int[] ids = tokens(at(event, "token_ids"));
    Object first = list(event, "extra_keys").get(0);
    String salt = first == null ? null : (String) list(first).get(0);
    router
        .events(POD)
        .stored(
            hashes,
            hashes.length,
            parent != null,
            parent == null ? 0 : low64(parent),
            ids,
            ids.length,
            number(event, "block_size"),
            Tier.GPU,
            number(event, "group_idx"),
            new BlockExtras(null, salt, false, false, BlockExtras.WHOLE_PREFIX));
  }

  @Test
  void adaptersAndSaltsAreKeptApartAsTheEngineDoes() {
    LoraAdapter lora = new LoraAdapter("sql-lora", "/models/sql", null);
    Router router = router(Router.builder()
        .engineHashes(EngineHashScheme.vllm(Algorithm.SHA256, "0.33.0", null))
        .adapter(lora));
    int[] ids = ids(40, 7);
    announce(router, ids, PromptExtras.NONE.withAdapter(lora).withSalt("tenant"));

    assertEquals(2, matched(router, "sql-lora", ids, "tenant"));
    assertEquals(0, matched(router, "sql-lora", ids, null));
    assertEquals(0, matched(router, "base", ids, "tenant"));
    assertEquals(0, matched(router, "base", ids, null));
  }

  @Test
  void sglangsSignedHashesMatchAndTheBlockSizeIsLearned() {
    SglangHash scheme = EngineHashScheme.sglang(SglangHash.Namespace.EVENTS);
    Router router = router(Router.builder().engineHashes(scheme));
    int[] ids = ids(40, 3);
    announce(router, scheme, ids, PromptExtras.NONE);

    assertEquals(BLOCK, router.blockSize().tokens());
    assertEquals(2, matched(router, "m", ids, null));
  }

  @Test
  void tensorRtLlmNeedsAnAdaptersNumber() {
    EngineHashScheme scheme = EngineHashScheme.tensorRtLlm();
    RouterBuilder named = Router.builder().engineHashes(scheme).adapter("lora");

    String told = refused(named);

    assertTrue(told.contains("adapter 'lora'"), told);
    assertTrue(told.contains("adapter(new LoraAdapter(...))"), told);
    LoraAdapter numbered = new LoraAdapter("lora", null, 1L);
    Router router = router(Router.builder().engineHashes(scheme).adapter(numbered));
    announce(router, scheme, ids(40, 3), PromptExtras.NONE.withAdapter(numbered));
    assertEquals(2, matched(router, "lora", ids(40, 3), null));
  }

  @Test
  void aSecretDoesNotGoWithTheEnginesHashes() {
    String told = refused(Router.builder().secret(1).engineHashes(VLLM));

    assertTrue(told.contains("secret(...)") && told.contains("engineHashes(...)"), told);
    assertTrue(told.contains("leave one of them out"), told);
  }

  @Test
  void aModelDoesNotGoWithTheEnginesHashes() {
    String told = refused(Router.builder().model("qwen3-32b").engineHashes(VLLM));

    assertTrue(told.contains("model(...)") && told.contains("engineHashes(...)"), told);
  }

  @Test
  void aBlockSizeMustHoldWholeHashes() {
    String told =
        refused(Router.builder().blockSize(BLOCK).engineHashes(VLLM.withHashesPerBlock(3)));

    assertTrue(told.contains("multiple of the 3 hashes per block"), told);
  }

  private static String refused(RouterBuilder builder) {
    RouterBuilder whole = builder.profile("decode", p -> p.picker(TestPool.FIRST_BEST));
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, whole::build).getMessage());
  }

  @Test
  void whatWasJustRoutedCountsHereToo() {
    Router router = router(Router.builder().engineHashes(VLLM).blockSize(BLOCK));
    route(router, request("m", ids(40, 1), null)).close();

    try (RoutedRequest second = route(router, request("m", ids(40, 1), null))) {
      assertEquals(2, second.decision().matchedBlocks(pod(1)));
    }
  }

  @Test
  void anEngineOfAnotherSeedIsNamed() {
    Router router = router(Router.builder().engineHashes(VLLM));
    EngineHashScheme other = EngineHashScheme.vllm(Algorithm.SHA256_CBOR, "0.32.0", "1");
    announce(router, other, ids(40, 1), PromptExtras.NONE);

    List<String> told = router.diagnosis();
    assertEquals(1, told.size(), told.toString());
    assertTrue(
        told.get(0)
            .startsWith("1 of 2 endpoints announce blocks under other hashes than VllmHash["),
        told.toString());
    assertTrue(told.get(0).contains(POD.address()) && told.get(0).contains("PYTHONHASHSEED"));
  }

  @Test
  void anEngineThatWasUpgradedIsNamedAndForgivenAgain() {
    Router router = router(Router.builder().engineHashes(VLLM));
    EngineHashScheme other = EngineHashScheme.vllm(Algorithm.SHA256_CBOR, "0.32.0", "1");
    for (int i = 0; i < 500; i++) {
      announce(router, ids(40, i), PromptExtras.NONE);
    }
    assertEquals(List.of(), router.diagnosis());

    for (int i = 0; i < 64; i++) {
      announce(router, other, ids(40, i), PromptExtras.NONE);
    }
    assertEquals(1, router.diagnosis().size());
    for (int i = 0; i < 64; i++) {
      announce(router, ids(40, i), PromptExtras.NONE);
    }
    assertEquals(List.of(), router.diagnosis());
  }

  @Test
  void whatCannotBeJudgedIsNotHeldAgainstAnEngine() {
    Router router = router(Router.builder().engineHashes(VLLM.withHashesPerBlock(1)));
    long[] hashes = {1};
    for (BlockExtras extras : List.of(
        BlockExtras.of("unknown-lora", null),
        new BlockExtras(null, null, true, false, BlockExtras.UNTOLD))) {
      router
          .events(POD)
          .stored(hashes, 1, false, 0, ids(BLOCK, 0), BLOCK, BLOCK, Tier.GPU, 0, extras);
    }

    assertEquals(List.of(), router.diagnosis());
  }

  @Test
  void aBlockSizeThatTheSchemeCannotHashIsAnotherScheme() {
    Router router = router(Router.builder().engineHashes(VLLM.withHashesPerBlock(3)));
    announce(router, ids(40, 1), PromptExtras.NONE);

    assertEquals(1, router.diagnosis().size());
  }

  @Test
  void hashingAPromptAllocatesNothingOnceItsBuffersHaveGrown() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    PromptHasher hasher = PromptHasher.engines(VLLM, Map.of()).get();
    BlockChain chain = new BlockChain();
    TokenBuffer tokens = new TokenBuffer();
    tokens.add(ids(64 * BLOCK, 1), 0, 64 * BLOCK);
    long bytes = Long.MAX_VALUE;
    for (int round = 0; round < 20 && bytes > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 50; i++) {
        hasher.hash(chain, tokens, List.of(), BLOCK, null, null);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }

    assertEquals(64, chain.length());
    assertEquals(0, bytes);
  }

  private static Router router(RouterBuilder builder) {
    Router router = builder
        .profile("decode", p -> p.scorer("prefix", TestPool.PREFIX, 1).picker(TestPool.FIRST_BEST))
        .build();
    router.endpoints().add(pod(1));
    router.endpoints().add(POD);
    router.events(pod(1));
    router.events(POD);
    return router;
  }

  private static void announce(Router router, int[] ids, PromptExtras extras) {
    announce(
        router,
        extras.adapter() == null ? VLLM : EngineHashScheme.vllm(Algorithm.SHA256, "0.33.0", null),
        ids,
        extras);
  }

  /** An engine that hashes so announces a prompt's full blocks. */
  private static void announce(
      Router router, EngineHashScheme scheme, int[] ids, PromptExtras extras) {
    BlockChain chain = new BlockChain();
    scheme.hasher().append(chain, ids, 0, ids.length, BLOCK, extras);
    LoraAdapter adapter = extras.adapter();
    router
        .events(POD)
        .stored(
            chain.hashes(),
            chain.length(),
            false,
            0,
            ids,
            chain.length() * BLOCK,
            BLOCK,
            Tier.GPU,
            0,
            BlockExtras.of(adapter == null ? null : adapter.name(), extras.salt()));
  }

  private static int matched(Router router, String model, int[] ids, @Nullable String salt) {
    try (RoutedRequest routed = route(router, request(model, ids, salt))) {
      return routed.decision().matchedBlocks(POD);
    }
  }

  private static int[] ids(int count, int seed) {
    int[] ids = new int[count];
    Arrays.setAll(ids, i -> seed * 1000 + i);
    return ids;
  }

  private static InferenceRequest request(String model, int[] ids, @Nullable String salt) {
    String body = "{\"model\":\"" + model + "\",\"prompt\":["
        + Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(",")) + "]"
        + (salt == null ? "" : ",\"cache_salt\":\"" + salt + "\"") + "}";
    return InferenceRequest.parse(
        Api.COMPLETIONS, body.getBytes(StandardCharsets.UTF_8), RequestHeaders.NONE);
  }
}
