package io.warmpath.fleet.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.warmpath.fleet.engine.FleetTokenizer;
import io.warmpath.fleet.engine.SimulatedEngine;
import io.warmpath.schedule.SchedulingProfile;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.Tokenizer;
import io.warmpath.tokenizers.ChatTemplates;
import io.warmpath.tokenizers.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What every part of the demo needs to set up a fleet and a proxy of its own.
 *
 * @param vertx runs both
 * @param pods simulated engines, at least 1
 * @param engineTokenizer the engines' own
 * @param tokenizer the router's
 * @param template the router's
 */
record Stage(
    Vertx vertx,
    int pods,
    FleetTokenizer engineTokenizer,
    Tokenizer tokenizer,
    ChatTemplate template)
    implements AutoCloseable {

  private static final long WAIT_SECONDS = 20;

  /** Loads the tokenizer twice, once as the engines do and once as a router does, and starts one event loop. */
  static Stage set(int pods) throws IOException {
    Path directory = FleetTokenizer.extractTo(Files.createTempDirectory("warmpath-demo"));
    try {
      return new Stage(
          SimulatedEngine.newVertx(),
          pods,
          FleetTokenizer.load(),
          Tokenizers.load(directory),
          ChatTemplates.load(directory));
    } finally {
      delete(directory);
    }
  }

  /** Starts a fleet with empty caches; {@code timeScale} simulated seconds pass in a second of its time. */
  Fleet fleet(double timeScale) {
    return new Fleet(vertx, engineTokenizer, pods, timeScale);
  }

  /** Starts a proxy with an empty index in front of a fleet; {@code scores} gets its score lines. */
  DemoProxy proxy(Fleet fleet, SchedulingProfile profile, Consumer<String> scores) {
    return new DemoProxy(vertx, tokenizer, template, profile, fleet.endpoints(), scores);
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  /** Waits for what an event loop does; a failure of it is thrown as the cause of another exception. */
  static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(directory)) {
      files = found.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(directory);
  }
}
