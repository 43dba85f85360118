package io.warmpath.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.Router;
import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.LoraAdapter;
import io.warmpath.block.PromptExtras;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class PoolOptionsTest {

  private static final int[] TOKENS = {1, 2, 3, 4, 5, 6, 7, 8, 9};

  @Command(name = "host")
  static final class Host {
    @Mixin
    final PoolOptions pool = new PoolOptions();
  }

  private static PoolOptions parse(String... args) {
    Host host = new Host();
    new CommandLine(host).parseArgs(args);
    return host.pool;
  }

  private static Router router(String... args) {
    return parse(args).router(Runnable::run);
  }

  private static String failure(String... args) {
    return String.valueOf(
        assertThrows(ParameterException.class, () -> router(args)).getMessage());
  }

  @Test
  void withoutOptionsTheBlockSizeIsLearnedAndTextIsNotRead() {
    assertEquals(0, router().blockSize().tokens());
    assertTrue(parse().logScores());
    assertTrue(parse().warning().startsWith("no --tokenizer: "));
  }

  @Test
  void optionsReachTheRouter() {
    PoolOptions options = parse(
        "--block-size", "32", "--model-adapter", "a", "b", "--secret", "0xff", "--no-log-scores");

    assertEquals(32, options.router(Runnable::run).blockSize().tokens());
    assertFalse(options.logScores());
  }

  @Test
  void aBlockSizeThatCannotBeIsNamed() {
    assertEquals(
        "Invalid value for option '--block-size': blockSize must be at least 1 token, was 0",
        failure("--block-size", "0"));
  }

  @Test
  void aFolderWithoutATokenizerIsNamed(@TempDir Path folder) {
    String message = failure("--tokenizer", folder.toString());

    assertTrue(message.startsWith("Invalid value for option '--tokenizer': " + folder), message);
  }

  @Test
  void theMemoryForTextsIsAnOption(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), """
        {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
         "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}
        """);
    Files.writeString(folder.resolve("chat_template.jinja"), "a");

    assertEquals(5, tokenizerCounters("--tokenizer", folder.toString()).size());
    assertEquals(
        Map.of("reader", "pure Java"),
        tokenizerCounters("--tokenizer", folder.toString(), "--token-cache-mib", "0"));
    assertEquals(
        "Invalid value for option '--token-cache-mib': must be from 0 to 1073741824, was -1",
        failure("--token-cache-mib", "-1"));
  }

  private static Map<?, ?> tokenizerCounters(String... arguments) {
    PoolOptions options = parse(arguments);
    options.router(Runnable::run);
    return (Map<?, ?>) Objects.requireNonNull(options.beside(Map.of()).get("tokenizer"));
  }

  @Test
  void serversThatTokenizeReachTheRouter() {
    PoolOptions options = parse(
        "--tokenize-at",
        "http://127.0.0.1:1",
        "--tokenize-header",
        "authorization:Bearer key",
        "--tokenization-limit",
        "10s");
    Router router = options.router(Runnable::run);
    router.endpoints().add(Endpoint.of("127.0.0.1:2"));
    InferenceRequest request = InferenceRequest.parse(
        Api.COMPLETIONS,
        "{\"model\":\"m\",\"prompt\":\"text\"}".getBytes(StandardCharsets.UTF_8),
        RequestHeaders.NONE);

    router.route(request).toCompletableFuture().join().close();

    assertEquals("", options.warning());
    assertEquals(1, router.stats().offloaded());
    assertEquals(1, router.stats().promptFailures(), "nobody is there");
    assertEquals(
        Map.of("reader", "vLLM", "asked", 1L, "failed", 1L, "refused", 0L),
        options.beside(Map.of()).get("tokenizer"));
    assertEquals(Map.of(), parse().beside(Map.of()));
  }

  @Test
  void serversThatTokenizeAreChecked(@TempDir Path folder) {
    assertEquals(
        "Invalid value for option '--tokenize-at': a server that tokenizes must be an address such"
            + " as http://10.0.0.7:8000, was ftp://a",
        failure("--tokenize-at", "ftp://a"));
    assertEquals(
        "Invalid value for option '--tokenize-header': must be a name, a colon and a value, was"
            + " 'key'",
        failure("--tokenize-at", "http://a:1", "--tokenize-header", "key"));
    assertEquals(
        "Invalid value for option '--tokenization-limit': tokenizationLimit must be above 0 and at"
            + " most a hundred years, was PT0S",
        failure("--tokenization-limit", "0s"));
  }

  @Test
  void aModelsNameEntersItsBlocks() {
    Router router = router("--block-size", "4", "--secret", "1", "--model", "qwen");

    assertEquals(own(BlockHasher.keyed(1, "qwen")), marked(router, "any"));
    assertEquals(
        own(BlockHasher.keyed(1)), marked(router("--block-size", "4", "--secret", "1"), "any"));
  }

  @Test
  void engineHashesNameTheBlocksAlsoOfAnAdapterWithItsPath() {
    String scheme = "vllm:sha256_cbor,version=0.33.0,seed=0";
    LoraAdapter adapter = new LoraAdapter("sql", "/loras/sql", null);
    Router router = router(
        "--block-size",
        "4",
        "--engine-hashes",
        scheme,
        "--model-adapter",
        "sql,path=/loras/sql",
        "chat,id=7,path=/c");

    assertEquals(
        engines(EngineHashScheme.parse(scheme), PromptExtras.NONE.withAdapter(adapter)),
        marked(router, "sql"));
    assertEquals(
        engines(EngineHashScheme.parse(scheme), PromptExtras.NONE),
        marked(router("--block-size", "4", "--engine-hashes", scheme), "any"));
  }

  @Test
  void anAdaptersNumberEntersWhereTheEngineHashesIt() {
    Router router = router(
        "--block-size",
        "4",
        "--engine-hashes",
        "tensorrt-llm:v1_block_key",
        "--model-adapter",
        "sql,id=18446744073709551615");

    LoraAdapter adapter = new LoraAdapter("sql", null, -1L);
    assertEquals(
        engines(EngineHashScheme.tensorRtLlm(), PromptExtras.NONE.withAdapter(adapter)),
        marked(router, "sql"));
  }

  @Test
  void engineHashesThatCannotBeAreNamed() {
    String message = failure("--engine-hashes", "vllm:sha256");

    assertTrue(
        message.startsWith("Invalid value for option '--engine-hashes'")
            && message.contains("add ,version="),
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--secret 1             | '--secret': seeds Warmpath's own hashes",
        "--model m              | '--model': enters Warmpath's own hashes",
        "--model-adapter sql    | '--model-adapter': --engine-hashes need more of 'sql'; write sql,path=",
        "--block-size 7         | '--block-size': must be a multiple of the 2 hashes-per-block",
      })
  void whatDoesNotGoWithEngineHashesIsNamed(String options, String reason) {
    String message = failure(("--engine-hashes"
            + " vllm:sha256_cbor,version=0.33.0,seed=0,hashes-per-block=2 "
            + options)
        .split(" "));

    assertTrue(message.startsWith("Invalid value for option " + reason), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sql,rank=8", "sql,path=", "sql,path=/a,path=/b", "sql,id=-1", "sql,id=x", ",id=1"
      })
  void anAdapterThatIsNoneIsNamed(String adapter) {
    String message = failure("--model-adapter", adapter);

    assertTrue(message.startsWith("Invalid value for option '--model-adapter'"), message);
    assertTrue(message.contains("adapter '" + adapter + "'"), message);
  }

  @Test
  void anEngineWithoutEventsIsNotBelievedToHoldMoreTokensThanIsSaid() {
    Router enough = router("--block-size", "4", "--approximate-tokens", "8");
    Router tooFew = router("--block-size", "4", "--approximate-tokens", "7");

    assertEquals(2, marked(enough, "any").size());
    assertEquals(Set.of(), marked(tooFew, "any")); // what is marked at one time goes at one time
    assertEquals(List.of(), enough.diagnosis());
  }

  @Test
  void anEngineWithoutEventsIsBelievedForAsLongAsIsSaid() {
    Router router = router("--block-size", "4", "--approximate-life", "1ms");

    marked(router, "any");

    long end = System.nanoTime() + 10_000_000_000L;
    while (!blocks(router).isEmpty() && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertEquals(Set.of(), blocks(router));
    assertEquals(List.of(), router.diagnosis());
  }

  @Test
  void withoutBothItIsAskedWhereTheEventsAre() {
    Router router = router("--block-size", "4");

    assertEquals(2, marked(router, "any").size());
    assertTrue(
        router.diagnosis().get(0).contains("KV events"), router.diagnosis().toString());
  }

  @Test
  void approximationsOutOfRangeAreNamed() {
    String tokens = failure("--approximate-tokens", "0", "--approximate-life", "1m");
    String life = failure("--approximate-life", "0s");

    assertTrue(tokens.startsWith("Invalid value for option '--approximate-tokens': "), tokens);
    assertTrue(tokens.endsWith("must be at least 1, was 0"), tokens);
    assertTrue(life.startsWith("Invalid value for option '--approximate-life': "), life);
  }

  /** Routes a prompt of two blocks to an endpoint without events, and returns what is marked. */
  private static Set<Long> marked(Router router, String model) {
    router.endpoints().add(Endpoint.of("10.0.0.7:8000"));
    return route(router, model, "[1,2,3,4,5,6,7,8,9]");
  }

  private static Set<Long> route(Router router, String model, String prompt) {
    String body = "{\"model\":\"" + model + "\",\"prompt\":" + prompt + "}";
    router
        .route(InferenceRequest.parse(
            Api.COMPLETIONS, body.getBytes(StandardCharsets.UTF_8), RequestHeaders.NONE))
        .toCompletableFuture()
        .join()
        .close();
    return blocks(router);
  }

  private static Set<Long> blocks(Router router) {
    Set<Long> found = new HashSet<>();
    router.index().visit((holder, blocks, from, count) -> {
      for (int i = from; i < from + count; i++) {
        found.add(blocks[i]);
      }
    });
    return found;
  }

  private static Set<Long> own(BlockHasher hasher) {
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(null, null));
    hasher.append(chain, TOKENS, 0, TOKENS.length, 4);
    return set(chain);
  }

  private static Set<Long> engines(EngineHashScheme scheme, PromptExtras extras) {
    BlockChain chain = new BlockChain();
    scheme.hasher().append(chain, TOKENS, 0, TOKENS.length, 4, extras);
    return set(chain);
  }

  private static Set<Long> set(BlockChain chain) {
    return Arrays.stream(chain.toArray()).boxed().collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "0x", "0x11223344556677889", "9223372036854775808"})
  void aSecretThatIsNoNumberIsNamed(String secret) {
    assertTrue(failure("--secret", secret).contains("is no 64-bit number"), secret);
  }
}
