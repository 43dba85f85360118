package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.warmpath.block.VllmHash.Algorithm;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What vectors do not show: edges, refusals, chains that go on, bytes allocated. */
class EngineHashSchemeTest {

  private static final int[] TOKENS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
  private static final VllmHash VLLM = vllm("0.33.0");

  private static VllmHash vllm(String version) {
    return EngineHashScheme.vllm(Algorithm.SHA256_CBOR, version, "0");
  }

  static Stream<EngineHashScheme> schemes() {
    return Stream.of(
        VLLM,
        EngineHashScheme.vllm(Algorithm.SHA256, "0.10.1", "0"),
        EngineHashScheme.vllm(Algorithm.SHA256_CBOR_64BIT, "0.10.1", "0"),
        EngineHashScheme.vllm(Algorithm.SHA256, "0.33.0", null),
        EngineHashScheme.vllm(Algorithm.XXHASH, "0.33.0", "0"),
        EngineHashScheme.vllm(Algorithm.XXHASH_CBOR, "0.33.0", "0"),
        VLLM.withHashesPerBlock(2),
        vllm("0.23.0").withHashesPerBlock(2),
        EngineHashScheme.llmd("", "m"),
        EngineHashScheme.llmdRouter("", "m"),
        EngineHashScheme.sglang(SglangHash.Namespace.EVENTS),
        EngineHashScheme.tensorRtLlm());
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aChainThatGoesOnIsTheChainMadeAtOnce(EngineHashScheme scheme) {
    EngineHasher hasher = scheme.hasher();
    BlockChain whole = chain(scheme, PromptExtras.NONE);
    byte[] first = hasher.digests(TOKENS, 0, 4, 4, PromptExtras.NONE);
    BlockChain parts = new BlockChain();

    hasher.append(parts, TOKENS, 0, 4, 4, PromptExtras.NONE);
    hasher.append(parts, TOKENS, 4, 13, 4, PromptExtras.NONE.after(first));

    assertEquals(hasher.digestBytes(), first.length);
    assertEquals(3, whole.length());
    assertArrayEquals(whole.toArray(), parts.toArray());
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aRestThatFillsNoBlockIsLeftOut(EngineHashScheme scheme) {
    assertEquals(0, scheme.hasher().digests(TOKENS, 0, 3, 4, PromptExtras.NONE).length);
    assertEquals(0, scheme.hasher().digests(TOKENS, 5, 5, 4, PromptExtras.NONE).length);
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aBadCallIsRefusedAndHarmsNoLaterOne(EngineHashScheme scheme) {
    EngineHasher hasher = scheme.hasher();
    BlockChain chain = new BlockChain();

    assertThrows(
        IllegalArgumentException.class,
        () -> hasher.append(chain, TOKENS, 0, 8, 0, PromptExtras.NONE));
    assertThrows(
        IllegalArgumentException.class,
        () -> hasher.append(chain, TOKENS, 0, 8, 4, PromptExtras.NONE.after(new byte[3])));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> hasher.append(chain, TOKENS, 0, 14, 4, PromptExtras.NONE));

    hasher.append(chain, TOKENS, 0, 13, 4, PromptExtras.NONE);
    assertArrayEquals(chain(scheme, PromptExtras.NONE).toArray(), chain.toArray());
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aPromptOfTextAllocatesNothing(EngineHashScheme scheme) {
    EngineHasher hasher = scheme.hasher();
    int[] tokens = new int[3_200];
    Arrays.setAll(tokens, i -> 151_936 - i * 47);
    BlockChain chain = new BlockChain();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;

    for (int round = 0; round < 50; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      chain.start(0);
      hasher.append(chain, tokens, 0, tokens.length, 16, PromptExtras.NONE);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }

    assertEquals(200, chain.length());
    boolean isNumber = scheme instanceof VllmHash vllm && vllm.version().equals("0.10.1");
    assertTrue(isNumber || least < 200, least + " bytes for 200 blocks");
  }

  @Test
  void largerBlocksCarryTheHashOfTheirLastPart() {
    BlockChain parts = new BlockChain();
    VLLM.hasher().append(parts, TOKENS, 0, 12, 2, PromptExtras.NONE);

    BlockChain blocks = chain(VLLM.withHashesPerBlock(2), PromptExtras.NONE);

    assertArrayEquals(
        new long[] {parts.hashes()[1], parts.hashes()[3], parts.hashes()[5]}, blocks.toArray());
  }

  @Test
  void largerBlocksAreAllTheirPartsInARowBefore24AndTheLastSince() {
    byte[] parts = vllm("0.23.0").hasher().digests(TOKENS, 0, 8, 2, PromptExtras.NONE);

    assertArrayEquals(
        parts,
        vllm("0.23.0").withHashesPerBlock(2).hasher().digests(TOKENS, 0, 8, 4, PromptExtras.NONE));
    byte[] last =
        vllm("0.24.0").withHashesPerBlock(2).hasher().digests(TOKENS, 0, 8, 4, PromptExtras.NONE);
    assertArrayEquals(Arrays.copyOfRange(parts, 32, 64), Arrays.copyOf(last, 32));
    assertArrayEquals(Arrays.copyOfRange(parts, 96, 128), Arrays.copyOfRange(last, 32, 64));
  }

  @Test
  void blocksThatDoNotSplitIntoTheirPartsAreRefused() {
    EngineHasher hasher = VLLM.withHashesPerBlock(3).hasher();

    assertEquals(
        "block size 4 must be a multiple of hashesPerBlock 3",
        assertThrows(
                IllegalArgumentException.class,
                () -> hasher.digests(TOKENS, 0, 8, 4, PromptExtras.NONE))
            .getMessage());
  }

  @Test
  void aBlockWaitsForTheTokensThatItLooksAheadTo() {
    EngineHasher hasher = VLLM.withLookahead(2).hasher();

    assertEquals(0, hasher.digests(TOKENS, 0, 5, 4, PromptExtras.NONE).length);
    assertEquals(32, hasher.digests(TOKENS, 0, 6, 4, PromptExtras.NONE).length);
    assertEquals(32, hasher.digests(TOKENS, 0, 9, 4, PromptExtras.NONE).length);
    assertEquals(64, hasher.digests(TOKENS, 0, 10, 4, PromptExtras.NONE).length);
  }

  @ParameterizedTest
  @CsvSource({
    "0.9.2, SHA256, 0",
    "0.10.1, SHA256_CBOR, 0",
    "0.10.2, SHA256_CBOR_64BIT, 0",
    "0.10.1, XXHASH, 0",
    "0.12.0, XXHASH_CBOR, 0",
    "0.28.0, SHA256,",
    "0.33.0, XXHASH_CBOR,",
    "new, SHA256, 0",
    "'', SHA256, 0",
  })
  void whatAVersionCannotComputeIsRefusedWithItsName(
      String version, Algorithm algorithm, String seed) {
    IllegalArgumentException e = assertThrows(
        IllegalArgumentException.class, () -> EngineHashScheme.vllm(algorithm, version, seed));

    assertTrue(String.valueOf(e.getMessage()).contains(version), e.getMessage());
  }

  @Test
  void lookaheadIsRefusedBefore33() {
    assertThrows(IllegalArgumentException.class, () -> vllm("0.32.0").withLookahead(1));
    assertThrows(IllegalArgumentException.class, () -> VLLM.withLookahead(-1));
    assertThrows(IllegalArgumentException.class, () -> VLLM.withHashesPerBlock(0));
  }

  @ParameterizedTest
  @CsvSource({
    "0.10.0, V0_10_0",
    "v0.10.2rc1, V0_10_2",
    "0.11.0, V0_10_2",
    "0.11.1, V0_11_1",
    "0.16.9, V0_11_1",
    "0.17, V0_17",
    "0.18.2, V0_17",
    "0.19.0, V0_19",
    "0.30.1, V0_19",
    "0.31.0+cpu, V0_31",
    "0.33.0, V0_31",
    "1.0.0, V0_31",
  })
  void eachReleaseHasTheFormOfItsGeneration(String version, VllmGeneration generation) {
    assertEquals(generation, VllmGeneration.of(VllmVersion.parse(version)));
  }

  @Test
  void theUnsetSeedIsATextOfItsOwnSince29() {
    assertArrayEquals(
        chain(
                EngineHashScheme.vllm(Algorithm.SHA256, "0.29.0", "vllm-none-hash"),
                PromptExtras.NONE)
            .toArray(),
        chain(EngineHashScheme.vllm(Algorithm.SHA256, "0.29.0", null), PromptExtras.NONE)
            .toArray());
  }

  @Test
  void promptEmbeddingsAreTheirBytesUntil16AndTheirDigestSince17() {
    byte[] rows = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    PromptExtras extras = PromptExtras.NONE.withPromptEmbeds(rows, 1);

    ExtraKey.Tuple until16 = new VllmExtraKeys(vllm("0.16.0"), extras).of(4, 8, TOKENS, 8);
    ExtraKey.Tuple since17 = new VllmExtraKeys(vllm("0.17.0"), extras).of(4, 8, TOKENS, 8);
    ExtraKey.Tuple behind = new VllmExtraKeys(vllm("0.16.0"), extras).of(8, 12, TOKENS, 12);
    ExtraKey.Tuple after = new VllmExtraKeys(vllm("0.16.0"), extras).of(12, 16, TOKENS, 12);

    assertArrayEquals(new byte[] {4, 5, 6, 7}, bytes(until16));
    HashInput slice = new HashInput().put(new byte[] {4, 5, 6, 7});
    assertArrayEquals(Digester.sha256().digest(slice), bytes(since17));
    assertArrayEquals(new byte[] {8, 9, 10}, bytes(behind));
    assertArrayEquals(new byte[0], bytes(after));
  }

  private static byte[] bytes(ExtraKey.Tuple keys) {
    assertEquals(1, keys.members().size());
    return ((ExtraKey.Bytes) keys.members().get(0)).value();
  }

  @Test
  void anItemThatGoesOnBehindTheBlockHidesThoseAfterIt() {
    List<MediaItem> items = List.of(
        new MediaItem("late", 3, 1), new MediaItem("long", 1, 9), new MediaItem("first", 0, 1));
    VllmExtraKeys keys = new VllmExtraKeys(vllm("0.18.0"), PromptExtras.NONE.withMedia(items));

    assertEquals(List.of("first", "long"), texts(keys.of(0, 4, TOKENS, 4)));
    assertEquals(null, keys.of(4, 8, TOKENS, 8)); // as vLLM: the last item ends before this block
  }

  private static List<String> texts(ExtraKey.Tuple keys) {
    return keys.members().stream().map(key -> ((ExtraKey.Text) key).value()).toList();
  }

  @Test
  void anEmptySaltIsNoneForVllm() {
    assertArrayEquals(
        chain(VLLM, PromptExtras.NONE).toArray(),
        chain(VLLM, PromptExtras.NONE.withSalt("")).toArray());
    assertNotEquals(
        chain(VLLM, PromptExtras.NONE).last(),
        chain(VLLM, PromptExtras.NONE.withSalt("x")).last());
  }

  @Test
  void extrasThatCannotBeHashedAreNotCovered() {
    PromptExtras named = PromptExtras.NONE.withAdapter(LoraAdapter.named("a"));
    PromptExtras numbered = PromptExtras.NONE.withAdapter(new LoraAdapter("a", null, 1L));
    PromptExtras located = PromptExtras.NONE.withAdapter(new LoraAdapter("a", "/a", null));
    PromptExtras rows = PromptExtras.NONE.withPromptEmbeds(new byte[8], 2);
    PromptExtras image = PromptExtras.NONE.withMedia(List.of(new MediaItem("i", 0, 1)));

    assertEquals("-+-", coverage(vllm("0.10.2"), named, numbered, located));
    assertEquals("+++", coverage(vllm("0.30.0"), named, numbered, located));
    assertEquals("--+", coverage(VLLM, named, numbered, located));
    assertEquals(
        "-++", coverage(EngineHashScheme.tensorRtLlm(), image, numbered, PromptExtras.NONE));
    assertEquals("-+", coverage(vllm("0.11.0"), rows, image));
    assertEquals("++", coverage(vllm("0.11.1"), rows, image));
    assertEquals("-+", coverage(EngineHashScheme.llmd("", "m"), rows, image));
    assertEquals("--", coverage(EngineHashScheme.sglang(SglangHash.Namespace.EVENTS), rows, image));
    assertThrows(IllegalArgumentException.class, () -> chain(VLLM, named));
    assertFalse(VLLM.covers(PromptExtras.NONE.withBlockIdentifiers(List.of())));
  }

  private static String coverage(EngineHashScheme scheme, PromptExtras... extras) {
    StringBuilder text = new StringBuilder();
    for (PromptExtras one : extras) {
      text.append(scheme.covers(one) ? '+' : '-');
    }
    return text.toString();
  }

  @Test
  void eventsOfAnAdapterOfSglangAreThoseOfDynamo() {
    PromptExtras extras =
        PromptExtras.NONE.withAdapter(LoraAdapter.named("lora-a")).withSalt("tenant-7");

    assertArrayEquals(
        chain(EngineHashScheme.sglang(SglangHash.Namespace.DYNAMO), extras).toArray(),
        chain(EngineHashScheme.sglang(SglangHash.Namespace.EVENTS), extras).toArray());
    assertArrayEquals(
        chain(EngineHashScheme.sglang(SglangHash.Namespace.NONE), PromptExtras.NONE)
            .toArray(),
        chain(EngineHashScheme.sglang(SglangHash.Namespace.NONE), extras).toArray());
  }

  @Test
  void llmdHashesTheMediaOfABlockAndTheSaltOfTheFirst() {
    List<MediaItem> media = List.of(new MediaItem("img", 3, 2));
    PromptExtras extras = PromptExtras.NONE.withMedia(media).withSalt("s");
    EngineHashScheme scheme = EngineHashScheme.llmd("", "m");

    assertArrayEquals(
        chain(
                scheme,
                PromptExtras.NONE.withBlockIdentifiers(
                    Arrays.asList(List.of("img", "s"), List.of("img"), null)))
            .toArray(),
        chain(scheme, extras).toArray());
  }

  @Test
  void anAdapterOfLlmdStandsInThePlaceOfTheModel() {
    PromptExtras adapter = PromptExtras.NONE.withAdapter(LoraAdapter.named("sql"));
    PromptExtras unnamed = PromptExtras.NONE.withAdapter(LoraAdapter.named(""));
    EngineHashScheme scheme = EngineHashScheme.llmdRouter("42", "m");

    assertArrayEquals(
        chain(EngineHashScheme.llmdRouter("42", "sql"), PromptExtras.NONE).toArray(),
        chain(scheme, adapter).toArray());
    assertArrayEquals(
        chain(scheme, PromptExtras.NONE).toArray(), chain(scheme, unnamed).toArray());
  }

  @Test
  void identifiersForAnotherNumberOfBlocksAreRefused() {
    PromptExtras two = PromptExtras.NONE.withBlockIdentifiers(Arrays.asList(null, null));
    EngineHashScheme scheme = EngineHashScheme.llmd("", "m");

    assertEquals(
        "block identifiers must be as many as full blocks, 3, were 2",
        assertThrows(IllegalArgumentException.class, () -> chain(scheme, two)).getMessage());
  }

  @Test
  void anEmptyListOfIdentifiersIsNotNone() {
    EngineHashScheme scheme = EngineHashScheme.llmd("", "m");
    List<String> none = List.of();

    assertNotEquals(
        chain(scheme, PromptExtras.NONE).last(),
        chain(scheme, PromptExtras.NONE.withBlockIdentifiers(List.of(none, none, none)))
            .last());
  }

  @Test
  void extrasDoNotShowTheSalt() {
    assertFalse(PromptExtras.NONE.withSalt("secret").toString().contains("secret"));
  }

  @Test
  void rowsThatAreNotWholeAndItemsOutOfRangeAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> PromptExtras.NONE.withPromptEmbeds(new byte[5], 2));
    assertThrows(IllegalArgumentException.class, () -> new MediaItem("i", -1, 2));
    assertThrows(IllegalArgumentException.class, () -> new MediaItem("i", Integer.MAX_VALUE, 1));
  }

  private static BlockChain chain(EngineHashScheme scheme, PromptExtras extras) {
    BlockChain chain = new BlockChain();
    scheme.hasher().append(chain, TOKENS, 0, TOKENS.length, 4, extras);
    return chain;
  }
}
