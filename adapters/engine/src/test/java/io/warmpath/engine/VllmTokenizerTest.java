package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.warmpath.request.Api;
import io.warmpath.request.BadRequestException;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.token.TokenizedPrompt;
import io.warmpath.token.TokenizedPrompt.MediaSpan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real vLLM 0.32 answered, from a server on loopback; examples/real-vllm asks the real one. */
@Timeout(60)
class VllmTokenizerTest {

  private static final String RENDERED =
      "{\"request_id\":\"chatcmpl-1\",\"token_ids\":[151644,872,198],\"token_offsets\":null,"
          + "\"features\":null,\"sampling_params\":{\"stop\":[]},\"model\":\"m\"}";
  private static final String NOT_FOUND = "{\"detail\":\"Not Found\"}";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final AtomicLong clock = new AtomicLong();
  private final List<HttpServer> servers = new ArrayList<>();

  private interface Answer {
    String to(String path) throws InterruptedException;
  }

  @BeforeEach
  void clear() {
    asked.clear();
  }

  @AfterEach
  void stop() {
    stuck.countDown();
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }

  @Test
  void aRequestIsRenderedAsItCame() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(server(path -> RENDERED))
        .header("authorization", "Bearer key")
        .build();

    List<TokenizedPrompt> prompts = tokenize(tokenizer, chat());

    assertEquals(1, prompts.size());
    assertArrayEquals(new int[] {151644, 872, 198}, prompts.get(0).ids());
    String body = new String(chat().body(), StandardCharsets.UTF_8);
    assertEquals(List.of("/v1/chat/completions/render Bearer key " + body), asked);
    assertEquals(new VllmTokenizerStats(1, 0, 0), tokenizer.stats());
  }

  @Test
  void eachPromptOfACompletionIsRendered() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(
            server(path -> "[" + RENDERED + ",{\"token_ids\":[7]}]"))
        .build();

    List<TokenizedPrompt> prompts = tokenize(tokenizer, completions());

    assertArrayEquals(new int[] {7}, prompts.get(1).ids());
  }

  @Test
  void imagesComeWithTheirPlacesInOrder() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(server(path -> "{\"token_ids\":[1,2,2,3,4,4,4],"
            + "\"features\":{\"mm_hashes\":{\"video\":[\"v\"],\"image\":[\"a\"]},"
            + "\"mm_placeholders\":{\"image\":[{\"offset\":1,\"length\":2}],"
            + "\"video\":[{\"offset\":4,\"length\":3}]}}}"))
        .build();

    assertEquals(
        List.of(new MediaSpan("a", 1, 2), new MediaSpan("v", 4, 3)),
        tokenize(tokenizer, chat()).get(0).media());
  }

  @Test
  void aServerThatDoesNotRenderIsAskedForTokensFromThenOn() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(server(path ->
            path.equals("/tokenize") ? "{\"count\":2,\"tokens\":[5,6]}" : "404" + NOT_FOUND))
        .build();

    assertArrayEquals(new int[] {5, 6}, tokenize(tokenizer, chat()).get(0).ids());
    assertEquals(2, tokenize(tokenizer, completions()).size());

    assertEquals(
        List.of(
            "/v1/chat/completions/render null " + new String(chat().body(), StandardCharsets.UTF_8),
            "/tokenize null {\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                + "\"add_generation_prompt\":true,\"continue_final_message\":false,"
                + "\"add_special_tokens\":false,\"tools\":[{\"type\":\"function\"}],"
                + "\"chat_template_kwargs\":{\"enable_thinking\":false}}",
            "/tokenize null {\"model\":\"m\",\"prompt\":\"a\",\"add_special_tokens\":true}",
            "/tokenize null {\"model\":\"m\",\"prompt\":\"b\",\"add_special_tokens\":true}"),
        asked);
  }

  /** Of a server that knows {@code /tokenize} and nothing else. */
  private VllmTokenizer withoutRenderer() throws IOException {
    return VllmTokenizer.at(
            server(path -> path.equals("/tokenize") ? "{\"tokens\":[5]}" : "404" + NOT_FOUND))
        .build();
  }

  /** As a real vLLM 0.32 takes them: it refuses input_text, and arguments that are no text. */
  @Test
  void convertedRequestsAreAskedForInTheFormOfOpenAisChats() throws IOException {
    VllmTokenizer tokenizer = withoutRenderer();

    tokenize(
        tokenizer,
        request(
            Api.RESPONSES,
            "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\","
                + "\"text\":\"hi\"},{\"type\":\"output_text\","
                + "\"text\":\"yes\"}]}],\"reasoning\":{\"effort\":\"none\"}}"));
    tokenize(
        tokenizer,
        request(
            Api.MESSAGES,
            "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\","
                + "\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":1}}]}]}"));

    for (String text : List.of("hi", "yes")) {
      assertTrue(
          asked.get(1).contains("{\"type\":\"text\",\"text\":\"" + text + "\"}")
              || asked.get(1).contains("{\"text\":\"" + text + "\",\"type\":\"text\"}"),
          asked::toString);
    }
    assertTrue(
        asked.get(1).contains("{\"reasoning_effort\":\"none\",\"enable_thinking\":false}"),
        asked::toString);
    assertTrue(asked.get(2).contains("\"{\\\"a\\\":1}\""), asked::toString);
  }

  @Test
  void whatTheRendererWouldRenameOrMoveIsThere() throws IOException {
    VllmTokenizer tokenizer = withoutRenderer();

    tokenize(
        tokenizer,
        request(
            Api.CHAT_COMPLETIONS,
            "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":\"a\","
                + "\"reasoning_content\":\"why\"}],\"documents\":[{\"text\":\"d\"}]}"));

    assertTrue(asked.get(1).contains("\"reasoning\":\"why\""), asked::toString);
    assertTrue(
        asked.get(1).contains("\"chat_template_kwargs\":{\"documents\":[{\"text\":\"d\"}]}"),
        asked::toString);
  }

  @Test
  void whatOnlyTheRendererCanReadIsNotAskedOfTokenize() throws IOException {
    VllmTokenizer tokenizer = withoutRenderer();

    for (String body : List.of(
        "{\"model\":\"m\",\"input\":\"a\",\"previous_response_id\":\"resp_1\"}",
        "{\"model\":\"m\",\"input\":[{\"type\":\"web_search_call\",\"id\":\"x\"}]}")) {
      assertInstanceOf(
          IllegalArgumentException.class,
          failure(tokenizer, request(Api.RESPONSES, body)),
          () -> asked.toString());
    }
    assertEquals(1, asked.size(), "the renderer, once");
    assertEquals(2, tokenizer.stats().refused());
  }

  @Test
  void aConvertedRequestThatTokenizeRefusesIsNotRefused() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(server(path ->
            path.equals("/tokenize") ? "400{\"error\":{\"message\":\"no\"}}" : "404" + NOT_FOUND))
        .build();

    assertInstanceOf(
        IllegalArgumentException.class,
        failure(tokenizer, request(Api.RESPONSES, "{\"model\":\"m\",\"input\":\"a\"}")));
    assertInstanceOf(BadRequestException.class, failure(tokenizer, chat()));
  }

  @Test
  void aServerWhereRenderingIsOffIsAskedForTokens() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(server(path -> path.equals("/tokenize")
            ? "{\"tokens\":[5]}"
            : "403{\"error\":{\"message\":\"needs --enable-scale-out\"}}"))
        .build();

    assertArrayEquals(new int[] {5}, tokenize(tokenizer, chat()).get(0).ids());
  }

  @Test
  void aModelThatIsNotKnownIsNoSignOfAnOldServer() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(server(
            path -> "404{\"error\":{\"message\":\"The model `m` does not exist.\",\"code\":404}}"))
        .build();

    Throwable failure = failure(tokenizer, chat());
    assertInstanceOf(IOException.class, failure);
    assertTrue(String.valueOf(failure.getMessage()).contains("does not exist"), failure.toString());
    assertEquals(1, asked.size());
  }

  @Test
  void aRefusalIsToldInTheServersWords() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(server(
            path -> "400{\"error\":{\"message\":\"Provide at least one message.\",\"code\":400}}"))
        .build();

    Throwable failure = failure(tokenizer, chat());
    assertInstanceOf(BadRequestException.class, failure);
    assertEquals("Provide at least one message.", failure.getMessage());
    assertEquals(new VllmTokenizerStats(1, 0, 1), tokenizer.stats());
  }

  @Test
  void aServerThatFailsIsLeftOutForAWhile() throws IOException {
    String good = server(path -> RENDERED);
    String bad = server(path -> "500{}");
    VllmTokenizer tokenizer = VllmTokenizer.at(bad, good).nanoClock(clock::get).build();

    tokenize(tokenizer, chat());
    assertEquals(2, asked.size(), "the second server too");
    tokenize(tokenizer, chat());
    tokenize(tokenizer, chat());
    assertEquals(4, asked.size(), "only the good one");
    clock.addAndGet(Duration.ofSeconds(2).toNanos());
    tokenize(tokenizer, chat());
    tokenize(tokenizer, chat());

    assertEquals(7, asked.size(), "the bad one was tried again, once");
    assertEquals(2, tokenizer.stats().failed());
  }

  @Test
  void aServerThatHangsIsGivenUp() throws IOException {
    VllmTokenizer tokenizer = VllmTokenizer.at(server(path -> {
          stuck.await();
          return RENDERED;
        }))
        .timeout(Duration.ofMillis(50))
        .build();

    Throwable failure = failure(tokenizer, chat());
    assertTrue(
        failure instanceof TimeoutException
            || failure instanceof java.net.http.HttpTimeoutException,
        failure.toString());
    assertEquals(1, tokenizer.stats().failed());
  }

  @Test
  void whatIsNoAnswerFails() throws IOException {
    for (String nonsense : List.of(
        "",
        "<html>",
        "7",
        "{\"tokens\":[1]}",
        "{\"token_ids\":[1.5]}",
        "{\"token_ids\":7}",
        "{\"token_ids\":[1],\"features\":{\"mm_hashes\":{\"image\":[\"a\"]},\"mm_placeholders\":{}}}",
        "{\"token_ids\":[1],\"features\":{\"mm_hashes\":{\"image\":[\"a\"]},"
            + "\"mm_placeholders\":{\"image\":[{\"offset\":1,\"length\":2}]}}}")) {
      VllmTokenizer tokenizer = VllmTokenizer.at(server(path -> nonsense)).build();

      Throwable failure = failure(tokenizer, chat());
      assertInstanceOf(IOException.class, failure, nonsense);
      assertTrue(
          String.valueOf(failure.getMessage()).contains("answered what is not understood"),
          failure.toString());
    }
  }

  @Test
  void anAddressMustBeOne() {
    var none = assertThrows(IllegalArgumentException.class, () -> VllmTokenizer.at());
    assertEquals("at least one server is needed to tokenize", none.getMessage());
    var wrong =
        assertThrows(IllegalArgumentException.class, () -> VllmTokenizer.at("10.0.0.7:8000/x"));
    assertEquals(
        "a server that tokenizes must be an address such as http://10.0.0.7:8000, was"
            + " 10.0.0.7:8000/x",
        wrong.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> VllmTokenizer.at("http://a:1").timeout(Duration.ZERO));
  }

  private static List<TokenizedPrompt> tokenize(VllmTokenizer tokenizer, InferenceRequest request) {
    return tokenizer
        .tokenize(request)
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  private static Throwable failure(VllmTokenizer tokenizer, InferenceRequest request) {
    CompletionException failure =
        assertThrows(CompletionException.class, () -> tokenize(tokenizer, request));
    return failure.getCause();
  }

  private static InferenceRequest chat() {
    return request(
        Api.CHAT_COMPLETIONS,
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
            + "\"tools\":[{\"type\":\"function\"}],"
            + "\"chat_template_kwargs\":{\"enable_thinking\":false}}");
  }

  private static InferenceRequest completions() {
    return request(Api.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[\"a\",\"b\"]}");
  }

  private static InferenceRequest request(Api api, String body) {
    return InferenceRequest.parse(api, body.getBytes(StandardCharsets.UTF_8), RequestHeaders.NONE);
  }

  /** Starts a server; an answer that begins with three digits has this status. */
  private String server(Answer answer) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> respond(exchange, answer));
    server.start();
    servers.add(server);
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private void respond(HttpExchange exchange, Answer answer) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(path + " " + exchange.getRequestHeaders().getFirst("authorization") + " " + body);
    try {
      String text = answer.to(path);
      boolean hasStatus =
          text.length() > 3 && text.substring(0, 3).chars().allMatch(Character::isDigit);
      byte[] bytes = (hasStatus ? text.substring(3) : text).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(
          hasStatus ? Integer.parseInt(text.substring(0, 3)) : 200,
          bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }
}
