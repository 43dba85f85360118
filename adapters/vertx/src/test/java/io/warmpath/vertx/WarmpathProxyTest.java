package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.engine.FakeEngine;
import io.warmpath.engine.HostProgram;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, in a process of its own. */
class WarmpathProxyTest {

  @TempDir
  Path folder;

  private HostProgram program;

  @BeforeEach
  void program() {
    program = new HostProgram(WarmpathProxy.class, folder);
  }

  @Test
  void itServesUntilSigtermAndLetsRunningRequestsEnd() throws Exception {
    CountDownLatch streaming = new CountDownLatch(1);
    CountDownLatch terminated = new CountDownLatch(1);
    Process process = null;
    try (FakeEngine engine = new FakeEngine((request, to) -> {
      if (request.path().equals("/metrics")) {
        to.json(
            200,
            "vllm:num_requests_running 0\nvllm:num_requests_waiting 0\n"
                + "vllm:cache_config_info{block_size=\"16\"} 1\n");
        return;
      }
      to.streamHead();
      to.chunk("data: {\"choices\":[{\"text\":\"a\"}]}\n\n");
      streaming.countDown();
      terminated.await(20, TimeUnit.SECONDS);
      to.chunk("data: [DONE]\n\n");
      to.streamEnd();
    })) {
      process = program.start("--endpoint", "http://" + engine.address(), "--port", "0");
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);

      assertTrue(out.readLine().startsWith("no --tokenizer: "));
      String ready = out.readLine();
      assertTrue(
          ready.matches(
              "warmpath-proxy ready on http://127\\.0\\.0\\.1:\\d+, 1 endpoint, block size 16"),
          ready);
      URI uri = URI.create(ready.replaceAll(".*(http://[^,]*),.*", "$1") + "/v1/completions");
      CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
          .sendAsync(
              HttpRequest.newBuilder(uri)
                  .timeout(Duration.ofSeconds(20))
                  .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"m\",\"prompt\":[1,2]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertTrue(out.readLine().startsWith("Got pod scores {\"x-request-id\""));
      assertTrue(streaming.await(20, TimeUnit.SECONDS));
      process.destroy();
      terminated.countDown();

      assertTrue(answer.get(20, TimeUnit.SECONDS).body().endsWith("[DONE]\n\n"));
      program.awaitEnd(process, 0);
      assertEquals("", program.errors());
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void whatWasCachedIsKnownAfterARestart() throws Exception {
    Path snapshot = folder.resolve("index.snapshot");
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, "{}"))) {
      assertTrue(scores(engine, snapshot, "7").endsWith("\"scores\": null}"));
      assertTrue(Files.size(snapshot) > 0);

      String known = scores(engine, snapshot, "7");
      String foreign = scores(engine, snapshot, "8");

      assertTrue(known.endsWith("\"scores\": {\"" + engine.address() + "\": 2}}"), known);
      assertTrue(foreign.endsWith("\"scores\": null}"), foreign);
      assertTrue(program.errors().contains("WARNING"), program.errors());
      assertTrue(program.errors().contains("snapshot " + snapshot), program.errors());
    }
  }

  /** Starts the program, asks once for a prompt of two blocks, stops it and returns the score line. */
  private String scores(FakeEngine engine, Path snapshot, String secret) throws Exception {
    Process process = program.start(
        "--endpoint",
        "http://" + engine.address(),
        "--port",
        "0",
        "--block-size",
        "4",
        "--secret",
        secret,
        "--snapshot",
        snapshot.toString());
    try {
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      out.readLine();
      URI uri =
          URI.create(out.readLine().replaceAll(".*(http://[^,]*),.*", "$1") + "/v1/completions");
      HttpRequest request = HttpRequest.newBuilder(uri)
          .timeout(Duration.ofSeconds(20))
          .POST(HttpRequest.BodyPublishers.ofString(
              "{\"model\":\"m\",\"prompt\":[1,2,3,4,5,6,7,8,9]}"))
          .build();
      assertEquals(
          200,
          HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode());
      String line = out.readLine();
      program.stop(process);
      return line;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aStdoutThatNobodyReadsStopsNothing() throws Exception {
    int pipeBytes = 64 * 1024; // Linux
    String prompt = "{\"model\":\"" + "m".repeat(pipeBytes / 8) + "\",\"prompt\":[1]}";
    Process process = null;
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(200, "{}"))) {
      process = program.start(
          "--endpoint", "http://" + engine.address(), "--port", "0", "--block-size", "16");
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      out.readLine();
      URI uri =
          URI.create(out.readLine().replaceAll(".*(http://[^,]*),.*", "$1") + "/v1/completions");
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest request = HttpRequest.newBuilder(uri)
          .timeout(Duration.ofSeconds(20))
          .POST(HttpRequest.BodyPublishers.ofString(prompt))
          .build();

      for (int i = 0; i < 20; i++) {
        assertEquals(
            200, client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
      }

      program.stop(process);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void aWrongEndpointIsNamed() throws Exception {
    String errors = program.failure(2, "--port", "0", "--endpoint", "https://h:1");

    assertTrue(
        errors.startsWith("Invalid value for option '--endpoint'")
            && errors.contains("'https://h:1' is not http://HOST:PORT"),
        errors);
  }

  @Test
  void aWrongTimeIsNamed() throws Exception {
    String errors =
        program.failure(2, "--port", "0", "--endpoint", "http://h:1", "--idle-timeout", "60");

    assertTrue(errors.contains("'--idle-timeout'") && errors.contains("write 500ms, 60s"), errors);
  }

  @Test
  void aTimeThatIsTooLongIsNamed() throws Exception {
    String errors = program.failure(
        2, "--port", "0", "--endpoint", "http://h:1", "--idle-timeout", "999999999999999999m");

    assertTrue(errors.contains("'--idle-timeout'") && errors.contains("write 500ms, 60s"), errors);
  }

  @Test
  void aPortThatCannotBeIsNamed() throws Exception {
    String errors =
        program.failure(2, "--port", "70000", "--endpoint", "http://h:1", "--block-size", "16");

    assertTrue(
        errors.startsWith(
            "Invalid value for option '--port': port must be in [0, 65535], was 70000"),
        errors);
  }

  @Test
  void aMessageIsNotBuriedInTheListOfOptions() throws Exception {
    String errors = program.failure(2, "--port", "0");

    assertEquals(2, errors.lines().count(), errors);
    assertTrue(errors.endsWith("'warmpath-proxy --help' lists the options\n"), errors);
  }

  @Test
  void theVersionIsPrinted() throws Exception {
    Process process = program.start("--version");

    assertTrue(
        process.inputReader(StandardCharsets.UTF_8).readLine().startsWith("warmpath-proxy "));
    program.awaitEnd(process, 0);
  }

  @Test
  void aFolderWithoutATokenizerIsNamed() throws Exception {
    String errors = program.failure(
        2, "--port", "0", "--endpoint", "http://h:1", "--tokenizer", folder.toString());

    assertTrue(errors.contains("'--tokenizer'") && errors.contains(folder.toString()), errors);
    assertTrue(errors.contains(folder.resolve("tokenizer.json").toString()), errors);
    assertFalse(errors.contains("Exception"), errors);
  }

  @Test
  void aPortThatIsTakenEndsTheProgram() throws Exception {
    try (FakeEngine taken = new FakeEngine((request, to) -> to.json(404, ""))) {
      String port = taken.address().replaceAll(".*:", "");
      String errors = program.failure(1, "--endpoint", "http://" + taken.address(), "--port", port);

      assertTrue(errors.contains("warmpath-proxy: cannot listen on 127.0.0.1:" + port), errors);
      assertFalse(errors.contains("\tat "), errors);
    }
  }
}
