package io.warmpath.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.RoutedRequest;
import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class SnapshotsTest {

  private static final Endpoint WARM = Endpoint.of("10.0.0.7:8000");
  private static final Endpoint COLD = Endpoint.of("10.0.0.8:8000");
  private static final String OWN = "--block-size 4 --secret 7";

  @TempDir
  Path folder;

  @Command(name = "host")
  static final class Host {
    @Mixin
    final PoolOptions pool = new PoolOptions();
  }

  /** One run of a host. */
  private record Run(Router router, Snapshots snapshots) implements AutoCloseable {
    @Override
    public void close() {
      snapshots.close();
    }

    /** Routes a prompt of two blocks, and returns where it went. */
    Endpoint route() {
      return route("[1,2,3,4,5,6,7,8,9]");
    }

    Endpoint route(String prompt) {
      byte[] body =
          ("{\"model\":\"m\",\"prompt\":" + prompt + "}").getBytes(StandardCharsets.UTF_8);
      try (RoutedRequest routed = router
          .route(InferenceRequest.parse(Api.COMPLETIONS, body, RequestHeaders.NONE))
          .toCompletableFuture()
          .join()) {
        return routed.target();
      }
    }
  }

  private Path file() {
    return folder.resolve("index.snapshot");
  }

  private Run start(String options, Endpoint... endpoints) {
    Host host = new Host();
    new CommandLine(host).parseArgs((options + " --snapshot " + file()).split(" "));
    Router router = host.pool.router(Runnable::run);
    Snapshots snapshots = host.pool.snapshots(router, List.of(endpoints));
    for (Endpoint endpoint : endpoints) {
      router.endpoints().add(endpoint);
    }
    return new Run(router, snapshots);
  }

  private void fill(String options) {
    try (Run run = start(options, WARM)) {
      assertEquals(WARM, run.route());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--block-size 4 --secret 7",
    "--block-size 4 --secret 7 --model qwen",
    "--block-size 4 --engine-hashes sglang:events",
    "'--block-size 4 --engine-hashes vllm:sha256,version=0.33.0'",
  })
  void aPromptGoesWhereItWentBeforeTheRestart(String options) {
    fill(options);

    try (Run run = start(options, COLD, WARM)) {
      assertEquals(2, run.snapshots().stats().restoredBlocks());
      assertEquals(WARM, run.route());
      assertEquals(0, run.snapshots().stats().refused());
    }
  }

  @Test
  void whatIsRoutedAfterTheRestartDoesNotPushOutWhatWasRestored() {
    fill(OWN);

    try (Run run = start(OWN, WARM)) {
      run.route("[21,22,23,24,25]");
      run.router().endpoints().add(COLD);

      assertEquals(WARM, run.route());
      assertEquals(3, run.router().index().stats().blocks());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--block-size 4 --secret 8",
    "--block-size 8 --secret 7",
    "--block-size 4 --secret 7 --model qwen",
    "--block-size 4 --engine-hashes sglang:events",
  })
  void aSnapshotOfAnotherPoolIsRefusedAndCountedAndReplaced(String options) {
    fill(OWN);

    try (Run run = start(options, WARM)) {
      assertEquals(1, run.snapshots().stats().refused());
      assertEquals(0, run.router().index().stats().blocks());
    }

    try (Run run = start(options, WARM)) {
      assertEquals(0, run.snapshots().stats().refused());
    }
  }

  @Test
  void aSnapshotOlderThanAnHourIsRefused() throws Exception {
    fill(OWN);
    Instant old = Instant.now().minus(Snapshots.MOST_AGE).minusSeconds(1);
    Files.setLastModifiedTime(file(), FileTime.from(old));

    try (Run run = start(OWN, WARM)) {
      assertEquals(1, run.snapshots().stats().refused());
      assertEquals(0, run.router().index().stats().blocks());
    }
  }

  @Test
  void aDamagedSnapshotIsRefused() throws Exception {
    Files.writeString(file(), "no snapshot");

    try (Run run = start(OWN, WARM)) {
      assertEquals(1, run.snapshots().stats().refused());
    }
  }

  @Test
  void anEndpointThatIsGoneIsLeftOut() {
    fill(OWN);

    try (Run run = start(OWN, COLD)) {
      assertEquals(0, run.snapshots().stats().restoredBlocks());
      assertEquals(2, run.snapshots().stats().skippedBlocks());
    }
  }

  @Test
  void itIsSavedAgainAndAgain() {
    try (Run run = start(OWN + " --snapshot-interval 1s", WARM)) {
      run.route();

      long end = System.nanoTime() + 20_000_000_000L;
      while (run.snapshots().stats().saves() < 2 && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      assertTrue(run.snapshots().stats().saves() >= 2);
      assertEquals(2, run.snapshots().stats().savedBlocks());
    }
  }

  @Test
  void aSaveThatFailsIsCountedAndEndsNothing() throws Exception {
    Run run = start(OWN, WARM);
    Files.delete(folder);

    run.close();
    run.close();

    assertEquals(1, run.snapshots().stats().failedSaves());
    assertEquals(0, run.snapshots().stats().saves());
    Files.createDirectory(folder);
  }

  @Test
  void thePageHasItsCountersIfAnythingIsKept() {
    Map<String, Object> stats = Map.of("kvEvents", 1);

    try (Run run = start(OWN, WARM)) {
      assertEquals(
          run.snapshots().stats().asMap(), run.snapshots().beside(stats).get("snapshot"));
      assertEquals(1, run.snapshots().beside(stats).get("kvEvents"));
    }
    try (Snapshots none = Snapshots.none()) {
      assertEquals(stats, none.beside(stats));
      assertEquals(0, none.stats().saves());
    }
    assertTrue(Files.exists(file()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--secret 7                                       | '--snapshot': needs --block-size",
        "--block-size 4                                   | '--snapshot': needs --secret",
        "--block-size 4 --secret 7 --snapshot-interval 0s | '--snapshot-interval': must be at least 1s",
      })
  void whatIsMissingIsNamed(String options, String reason) {
    String message = String.valueOf(
        assertThrows(ParameterException.class, () -> start(options, WARM)).getMessage());

    assertTrue(message.startsWith("Invalid value for option " + reason), message);
  }

  @Test
  void aFolderThatIsNotThereIsNamed() throws Exception {
    Files.delete(folder);

    String message = String.valueOf(
        assertThrows(ParameterException.class, () -> start(OWN, WARM)).getMessage());

    assertTrue(
        message.contains("'--snapshot': " + file() + " must be a file in a folder"), message);
    Files.createDirectory(folder);
  }
}
