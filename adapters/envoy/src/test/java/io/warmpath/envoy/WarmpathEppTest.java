package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.engine.FakeEngine;
import io.warmpath.engine.HostProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program, in a process of its own. */
@Timeout(120)
class WarmpathEppTest {

  @TempDir
  Path folder;

  private HostProgram program;

  @BeforeEach
  void program() {
    program = new HostProgram(WarmpathEpp.class, folder);
  }

  private Path file(String address) throws IOException {
    String[] parts = address.split(":", -1);
    return Files.writeString(
        folder.resolve("endpoints.yaml"),
        "endpoints: [{name: a, address: " + parts[0] + ", port: \"" + parts[1] + "\"}]");
  }

  @Test
  void itIsReadyUntilSigterm() throws Exception {
    Process process = null;
    try (FakeEngine engine = new FakeEngine((request, to) -> to.json(
        200,
        request.path().equals("/metrics")
            ? "vllm:num_requests_running 0\nvllm:num_requests_waiting 0\n"
                + "vllm:cache_config_info{block_size=\"16\"} 1\n"
            : "{\"data\":[]}"))) {
      process = program.start(
          "--endpoints-file",
          file(engine.address()).toString(),
          "--grpc-port",
          "0",
          "--grpc-health-port",
          "0",
          "--metrics-port",
          "0");
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      assertTrue(out.readLine().startsWith("no --tokenizer: "));
      String ready = out.readLine();
      assertTrue(
          ready.matches("warmpath-epp ready on 127\\.0\\.0\\.1:\\d+ \\(health \\d+, stats"
              + " http://127\\.0\\.0\\.1:\\d+/stats\\), 1 endpoint, block size 16"),
          ready);

      program.stop(process);

      assertEquals("", program.errors());
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void aSnapshotIsSavedOnSigtermAndCountedAtTheNextStart() throws Exception {
    Path snapshot = folder.resolve("index.snapshot");
    try (FakeEngine engine =
        new FakeEngine((request, to) -> to.json(200, "vllm:num_requests_running 0\n"))) {
      String empty = stats(engine, snapshot, "7");
      assertTrue(Files.size(snapshot) > 0);

      String same = stats(engine, snapshot, "7");
      String foreign = stats(engine, snapshot, "8");

      assertTrue(empty.contains("\"snapshot\":{\"refused\":0,"), empty);
      assertTrue(same.contains("\"snapshot\":{\"refused\":0,"), same);
      assertTrue(foreign.contains("\"snapshot\":{\"refused\":1,"), foreign);
      assertTrue(program.errors().contains("snapshot " + snapshot), program.errors());
    }
  }

  /** Starts the program, reads its counters, and stops it. */
  private String stats(FakeEngine engine, Path snapshot, String secret) throws Exception {
    Process process = program.start(
        "--endpoints-file",
        file(engine.address()).toString(),
        "--grpc-port",
        "0",
        "--grpc-health-port",
        "0",
        "--metrics-port",
        "0",
        "--block-size",
        "16",
        "--secret",
        secret,
        "--snapshot",
        snapshot.toString());
    try {
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      out.readLine();
      URI uri = URI.create(out.readLine().replaceAll(".*(http://[^)]*)\\).*", "$1"));
      HttpRequest request =
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
      String page = HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.ofString())
          .body();
      program.stop(process);
      return page;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aWrongEntryInTheFileIsNamed() throws Exception {
    String errors = program.failure(2, "--endpoints-file", file("vllm:8000").toString());

    assertTrue(
        errors.startsWith("Invalid value for option '--endpoints-file': ")
            && errors.contains("endpoints[0].address must be an IP address"),
        errors);
    assertTrue(errors.endsWith("'warmpath-epp --help' lists the options\n"), errors);
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws Exception {
    String errors =
        program.failure(2, "--endpoints-file", folder.resolve("none").toString());

    assertTrue(
        errors.contains("'--endpoints-file'") && errors.contains("there is no such file"), errors);
  }

  @Test
  void aPortThatCannotBeIsNamed() throws Exception {
    String errors = program.failure(
        2, "--endpoints-file", file("127.0.0.1:1").toString(), "--grpc-port", "70000");

    assertTrue(errors.contains("'--grpc-port'") && errors.contains("was 70000"), errors);
  }

  @Test
  void aPortThatIsTakenEndsTheProgram() throws Exception {
    try (FakeEngine taken = new FakeEngine((request, to) -> to.json(404, ""))) {
      String port = taken.address().replaceAll(".*:", "");
      String errors = program.failure(
          1,
          "--endpoints-file",
          file(taken.address()).toString(),
          "--grpc-port",
          port,
          "--block-size",
          "16");

      assertTrue(errors.contains("warmpath-epp: cannot listen on "), errors);
    }
  }
}
