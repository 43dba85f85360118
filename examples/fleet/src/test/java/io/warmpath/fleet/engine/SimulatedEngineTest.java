package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Engines over real HTTP, a thousand times faster than their hardware. */
class SimulatedEngineTest {

  private static final String PROMPT =
      "the quick brown fox jumps over the lazy dog ".repeat(20).strip();
  private static final String CHAT =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"kind\\\".\"},"
          + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"one\"},{\"type\":\"text\",\"text\":\"two\"}]}]";
  private static Vertx vertx;
  private static FleetTokenizer tokenizer;

  private final BlockingQueue<RequestTimes> ended = new LinkedBlockingQueue<>();
  private SimulatedEngine engine;
  private EngineClient client;

  @BeforeAll
  static void shareOneVertx() {
    vertx = Vertx.vertx();
    tokenizer = FleetTokenizer.load();
  }

  @AfterAll
  static void closeIt() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @BeforeEach
  void start() {
    EngineConfig config = EngineConfig.builder()
        .name("test")
        .modelName("m")
        .maxModelLen(2000)
        .timeScale(1000)
        .kvEvents(false)
        .build();
    engine = new SimulatedEngine(config, vertx, tokenizer, ended::add).start();
    client = new EngineClient(engine);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void theSecondIdenticalPromptIsCached() throws Exception {
    Object first = client.complete(PROMPT, ",\"max_tokens\":3");
    Object second = client.complete(PROMPT, ",\"max_tokens\":3");

    int prompt = tokenizer.encode(PROMPT, true).length;
    assertEquals(prompt, Golden.number(first, "usage", "prompt_tokens"));
    assertEquals(prompt + 3, Golden.number(first, "usage", "total_tokens"));
    assertEquals(0, cachedTokens(first));
    assertEquals((prompt - 1) / 16 * 16, cachedTokens(second));
    assertEquals(
        Golden.text(first, "choices", 0, "text"), Golden.text(second, "choices", 0, "text"));
    assertEquals("length", Golden.text(first, "choices", 0, "finish_reason"));
    assertEquals(2.0 * prompt, client.metric("vllm:prefix_cache_queries_total{"));
    assertEquals(cachedTokens(second), client.metric("vllm:prefix_cache_hits_total{"));
  }

  @Test
  void aSaltSeparatesEqualPrompts() throws Exception {
    client.complete(PROMPT, ",\"cache_salt\":\"a\"");

    assertEquals(0, cachedTokens(client.complete(PROMPT, ",\"cache_salt\":\"b\"")));
    assertEquals(0, cachedTokens(client.complete(PROMPT, "")));
    assertNotEquals(0, cachedTokens(client.complete(PROMPT, ",\"cache_salt\":\"a\"")));
  }

  @Test
  void theNextTurnOfAConversationFindsTheAnswerOfTheLast() throws Exception {
    String first =
        "{\"messages\":[{\"role\":\"user\",\"content\":" + JsonTree.quoted(PROMPT) + "}]";
    Object answer = Golden.json(
        client.post("/v1/chat/completions", first + ",\"max_tokens\":100}").body());
    String text = Golden.text(answer, "choices", 0, "message", "content");
    int known = Golden.number(answer, "usage", "total_tokens") - 1;

    String next = first.substring(0, first.length() - 1) + ",{\"role\":\"assistant\",\"content\":"
        + JsonTree.quoted(text) + "},{\"role\":\"user\",\"content\":\"and then?\"}]}";
    Object second = Golden.json(client.post("/v1/chat/completions", next).body());

    assertEquals(known / 16 * 16, cachedTokens(second));
    assertEquals(16, Golden.number(second, "usage", "completion_tokens"));
  }

  @Test
  void aChatStreamHasTheChunksOfVllm() throws Exception {
    HttpResponse<String> response = client.post(
        "/v1/chat/completions",
        CHAT + ",\"max_completion_tokens\":3,\"max_tokens\":9,\"ignore_eos\":true,\"stream\":true,"
            + "\"stream_options\":{\"include_usage\":true}}",
        "x-request-id",
        "abc");

    List<String> data = EngineClient.data(response.body());
    assertEquals(
        "text/event-stream; charset=utf-8",
        response.headers().firstValue("content-type").orElse(""));
    assertEquals(6, data.size(), response.body());
    assertEquals("[DONE]", data.get(5));
    String created = Golden.at(Golden.json(data.get(0)), "created").toString();
    String head = "{\"id\":\"chatcmpl-abc\",\"object\":\"chat.completion.chunk\",\"created\":"
        + created + ",\"model\":\"m\",\"choices\":[";
    int[] prompt = tokenizer.encodeChat(
        List.of(new ChatTurn("system", "Be \"kind\"."), new ChatTurn("user", "one\ntwo")), true);
    int[] answer = GeneratedAnswer.tokens(tokenizer, prompt, 3);
    assertEquals(
        head + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
            + "\"finish_reason\":null}],\"prompt_token_ids\":null,\"prompt_text\":null}",
        data.get(0));
    assertEquals(
        head + "{\"index\":0,\"delta\":{\"content\":\"" + tokenizer.decode(answer[0])
            + "\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]}",
        data.get(1));
    assertEquals(
        head + "{\"index\":0,\"delta\":{\"content\":\"" + tokenizer.decode(answer[2])
            + "\"},\"logprobs\":null,\"finish_reason\":\"length\",\"stop_reason\":null,\"token_ids\":null}]}",
        data.get(3));
    assertEquals(
        head + "],\"usage\":{\"prompt_tokens\":" + prompt.length + ",\"total_tokens\":"
            + (prompt.length + 3)
            + ",\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":0,\"created_cache_tokens\":"
            + prompt.length / 16 * 16 + "}},\"system_fingerprint\":\"vllm-0.32.0-simulated\"}",
        data.get(4));
    assertEquals("abc", next().requestId());
  }

  @Test
  void aStreamWithoutUsageEndsWithTheFingerprint() throws Exception {
    String body = "{\"prompt\":\"hello there\",\"max_tokens\":2,\"stream\":true}";

    List<String> data = EngineClient.data(client.post("/v1/completions", body).body());

    assertEquals(3, data.size());
    assertTrue(
        data.get(0)
            .contains("\"logprobs\":null,\"finish_reason\":null,\"stop_reason\":null,"
                + "\"prompt_token_ids\":null,\"token_ids\":null}]}"),
        data.get(0));
    assertTrue(
        data.get(1).endsWith("],\"system_fingerprint\":\"vllm-0.32.0-simulated\"}"), data.get(1));
  }

  @Test
  void everyFormOfPromptIsAnswered() throws Exception {
    String ids = "\"prompt\":[10,11,12],\"max_tokens\":1";
    String lists = "\"prompt\":[[10,11,12],[20,21]],\"max_tokens\":2";
    String texts = "\"prompt\":[\"a b\",\"c d\",\"e\"],\"max_tokens\":1";

    assertEquals(3, Golden.number(completion(ids), "usage", "prompt_tokens"));
    assertEquals(5, Golden.number(completion(lists), "usage", "prompt_tokens"));
    assertEquals(4, Golden.number(completion(lists), "usage", "completion_tokens"));
    List<?> choices = Golden.list(completion(texts), "choices");
    assertEquals(
        List.of(0, 1, 2), choices.stream().map(c -> Golden.number(c, "index")).toList());
    String streamed =
        client.post("/v1/completions", "{" + lists + ",\"stream\":true}").body();
    assertEquals(5, EngineClient.data(streamed).size());
  }

  @Test
  void errorsHaveTheFormOfVllm() throws Exception {
    assertError(
        400,
        "Bad Request",
        "body.",
        client.post("/v1/chat/completions", "{\"model\": \"m\", \"messages\": ["));
    assertError(400, "Bad Request", "body", client.post("/v1/completions", ""));
    assertError(
        400,
        "Bad Request",
        "body.messages",
        client.post("/v1/chat/completions", "{\"model\":\"m\"}"));
    assertError(
        404,
        "NotFoundError",
        "model",
        client.post("/v1/completions", "{\"model\":\"nope\",\"prompt\":\"x\"}"));
    assertError(
        404,
        "NotFoundError",
        "model",
        client.post("/tokenize", "{\"model\":\"nope\",\"prompt\":\"x\"}"));
    String longPrompt = "{\"stream\":true,\"prompt\":" + JsonTree.quoted("fox ".repeat(3000)) + "}";
    assertError(400, "BadRequestError", "input_tokens", client.post("/v1/completions", longPrompt));
    assertError(
        400,
        "BadRequestError",
        "input_tokens",
        client.post("/v1/completions", "{\"prompt\":\"x\",\"max_tokens\":1999}"));
    assertError(
        400,
        "BadRequestError",
        "max_tokens",
        client.post("/v1/completions", "{\"prompt\":\"x\",\"max_tokens\":9000}"));
    assertError(
        400,
        "BadRequestError",
        "max_tokens",
        client.post("/v1/completions", "{\"prompt\":\"x\",\"max_tokens\":0}"));
    assertError(
        400,
        "BadRequestError",
        "cache_salt",
        client.post("/v1/completions", "{\"prompt\":\"x\",\"cache_salt\":\"\"}"));
    assertEquals(400, client.post("/v1/completions", "{\"prompt\":[999999]}").statusCode());
    assertEquals("{\"detail\":\"Not Found\"}", client.get("/nope").body());
    HttpResponse<String> wrongMethod = client.get("/v1/completions");
    assertEquals(405, wrongMethod.statusCode());
    assertEquals("POST", wrongMethod.headers().firstValue("allow").orElse(""));
    assertEquals(0.0, client.metric("vllm:num_requests_running{"));
  }

  @Test
  void theSmallEndpointsAnswer() throws Exception {
    for (String path : List.of("/health", "/ping")) {
      HttpResponse<String> response = client.get(path);
      assertEquals(200, response.statusCode());
      assertEquals("0", response.headers().firstValue("content-length").orElse(""));
    }
    assertEquals("{\"version\":\"0.32.0\"}", client.get("/version").body());
    assertEquals(
        2000,
        Golden.number(Golden.json(client.get("/v1/models").body()), "data", 0, "max_model_len"));
    assertEquals("m", Golden.text(Golden.json(client.get("/v1/models").body()), "data", 0, "root"));
    assertEquals("{}", client.get("/kv_event_sources").body());
    assertTrue(client.get("/metrics").body().contains("num_gpu_blocks=\"19208\""));
    assertTrue(client.get("/metrics").body().contains("cache_config_info{block_size=\"16\""));
  }

  @Test
  void tokenizeGivesTheTokensThatAreServed() throws Exception {
    Object prompt =
        Golden.json(client.post("/tokenize", "{\"prompt\":\"hello there\"}").body());
    Object chat = Golden.json(client.post("/tokenize", CHAT + "}").body());
    Object served = Golden.json(client.post("/v1/chat/completions", CHAT + "}").body());

    assertEquals(
        java.util.Arrays.toString(tokenizer.encode("hello there", true)),
        java.util.Arrays.toString(Golden.ints(prompt, "tokens")));
    assertEquals(2000, Golden.number(prompt, "max_model_len"));
    assertEquals(Golden.number(served, "usage", "prompt_tokens"), Golden.number(chat, "count"));
  }

  @Test
  void aResetForgetsTheCache() throws Exception {
    client.complete(PROMPT, "");

    assertEquals("{\"success\":true}", client.post("/reset_prefix_cache", "").body());

    assertEquals(0, cachedTokens(client.complete(PROMPT, "")));
  }

  @Test
  void aStreamsHeadersComeBeforeItsFirstToken() throws Exception {
    try (SimulatedEngine slow = slow(0.001).start()) {
      HttpResponse<InputStream> response =
          new EngineClient(slow).open("/v1/completions", "{\"prompt\":\"x\",\"stream\":true}");

      assertEquals(200, response.statusCode());
      assertEquals(0, response.body().available());
      response.body().close();
    }
  }

  @Test
  void aClientThatGoesAwayFreesEverything() throws Exception {
    try (SimulatedEngine slow = slow(1).start()) {
      EngineClient slowClient = new EngineClient(slow);
      String body = "{\"prompt\":[" + "5,".repeat(99) + "5],\"max_tokens\":1500,\"stream\":true}";
      HttpResponse<InputStream> response = slowClient.open("/v1/completions", body);
      assertTrue(response.body().read() >= 0);
      assertEquals(1.0, slowClient.metric("vllm:num_requests_running{"));
      assertTrue(slow.stats().kvCacheUsage() > 0);

      response.body().close();

      assertTrue(next().aborted());
      slowClient.complete("x", ",\"max_tokens\":1"); // one more step, so that the state is fresh
      assertEquals(0.0, slow.stats().kvCacheUsage());
      assertEquals(0, slow.stats().running());
      assertEquals(1, slow.stats().aborted());
    }
  }

  @Test
  void theListenerIsToldSimulatedTimes() throws Exception {
    client.post(
        "/v1/completions",
        "{\"prompt\":[" + "7,".repeat(999) + "7],\"max_tokens\":2}",
        "x-request-id",
        "r-1");

    RequestTimes times = next();

    StepTime step = engine.config().stepTime();
    assertEquals("r-1", times.requestId());
    assertEquals(1000, times.promptTokens());
    assertEquals(2, times.outputTokens());
    assertTrue(times.startMillis() >= times.arrivalMillis());
    assertEquals(
        step.millis(1000, 500_000, 0, 0), times.firstTokenMillis() - times.startMillis(), 1e-6);
    assertEquals(step.millis(0, 0, 1, 1000), times.endMillis() - times.firstTokenMillis(), 1e-6);
    assertFalse(times.aborted());
  }

  @Test
  void aKilledEngineBreaksItsStreamsAndRefuses() throws Exception {
    try (SimulatedEngine slow = slow(1).start()) {
      EngineClient slowClient = new EngineClient(slow);
      InputStream stream = slowClient
          .open("/v1/completions", "{\"prompt\":\"x\",\"max_tokens\":1500,\"stream\":true}")
          .body();
      assertTrue(stream.read() >= 0);

      slow.kill();

      assertThrows(IOException.class, stream::readAllBytes);
      assertThrows(IOException.class, () -> slowClient.get("/health"));
      assertTrue(next().aborted());
      slow.restart();
      assertEquals(200, slowClient.get("/health").statusCode());
    }
  }

  @Test
  void aRestartedEngineHasForgotten() throws Exception {
    client.complete(PROMPT, "");

    engine.restart();

    assertEquals(0, cachedTokens(client.complete(PROMPT, "")));
    assertEquals(1, engine.stats().finished());
  }

  @Test
  void whileItRefusesWhatIsInFlightGoesOn() throws Exception {
    try (SimulatedEngine slow = slow(20).start()) {
      InputStream stream = new EngineClient(slow)
          .open("/v1/completions", "{\"prompt\":\"x\",\"max_tokens\":500,\"stream\":true}")
          .body();
      assertTrue(stream.read() >= 0);

      slow.refuse(true);
      assertThrows(IOException.class, () -> new EngineClient(slow).get("/health"));
      assertTrue(new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          .endsWith("[DONE]\n\n"));
      slow.refuse(false);
      slow.refuse(false);

      assertEquals(200, new EngineClient(slow).get("/health").statusCode());
    }
  }

  @Test
  void aTakenPortIsAnErrorAtTheStart() {
    EngineConfig same = EngineConfig.builder().httpPort(engine.url().getPort()).build();
    SimulatedEngine second = new SimulatedEngine(same, vertx, tokenizer, ended::add);

    assertThrows(IllegalStateException.class, second::start);
    assertThrows(IllegalStateException.class, second::stats);
  }

  private SimulatedEngine slow(double timeScale) {
    EngineConfig config =
        EngineConfig.builder().name("slow").timeScale(timeScale).build();
    return new SimulatedEngine(config, vertx, tokenizer, ended::add);
  }

  private RequestTimes next() throws InterruptedException {
    RequestTimes times = ended.poll(10, TimeUnit.SECONDS);
    assertTrue(times != null, "nothing ended in time");
    return times;
  }

  private Object completion(String members) throws IOException, InterruptedException {
    return Golden.json(client.post("/v1/completions", "{" + members + "}").body());
  }

  private static int cachedTokens(Object answer) {
    return Golden.number(answer, "usage", "prompt_tokens_details", "cached_tokens");
  }

  private static void assertError(
      int status, String type, String param, HttpResponse<String> response) throws IOException {
    assertEquals(status, response.statusCode(), response.body());
    Object error = Golden.at(Golden.json(response.body()), "error");
    assertEquals(type, Golden.text(error, "type"), response.body());
    assertTrue(Golden.text(error, "param").startsWith(param), response.body());
    assertEquals(status, Golden.number(error, "code"));
  }
}
