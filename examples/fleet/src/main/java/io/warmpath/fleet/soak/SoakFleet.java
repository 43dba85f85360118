package io.warmpath.fleet.soak;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.engine.PoolWiring;
import io.warmpath.fleet.engine.EngineConfig;
import io.warmpath.fleet.engine.FleetTokenizer;
import io.warmpath.fleet.engine.SimClock;
import io.warmpath.fleet.engine.SimulatedEngine;
import io.warmpath.index.HolderKey;
import io.warmpath.index.IndexStats;
import io.warmpath.scorers.profile.Profiles;
import io.warmpath.tokenizers.ChatTemplates;
import io.warmpath.tokenizers.Tokenizers;
import io.warmpath.vertx.ProxyOptions;
import io.warmpath.vertx.ProxyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The engines, and the proxy before them: all that {@code warmpath-proxy.jar} is made of, with limits so short that a
 * soak of seconds meets them.
 */
final class SoakFleet implements AutoCloseable {

  /** Engines repeat it in each event: long, so that it takes fewer of them to fill a client's buffers. */
  static final String MODEL = "soak" + "-model".repeat(66);

  /** Far longer than any step of an engine, and short enough for a client that stops reading to be seen off. */
  static final Duration IDLE_TIMEOUT = Duration.ofSeconds(4);

  private static final Duration FIRST_BYTE_TIMEOUT = Duration.ofSeconds(30);
  private static final double TIME_SCALE = 2;

  /** So few that the engines evict: one call with many prompts takes most of them. */
  private static final int KV_BLOCKS = 400;

  private static final int REPLAY_BATCHES = 200;

  /** So few that most prompts are prepared on the executor. */
  private static final int INLINE_BYTES = 4096;

  private static final int PROMPT_THREADS = 2;
  private static final int MOST_WAITING_PROMPTS = 1024;
  private static final int LOWEST_PORT = 15_000;
  private static final int PORTS = 16_000;
  private static final int MOST_SWEEPS = 10_000;
  private static final long WAIT_SECONDS = 20;

  private final SoakClock clock = new SoakClock();
  private final Vertx engineVertx = SimulatedEngine.newVertx();
  private final Vertx proxyVertx = SimulatedEngine.newVertx();
  private final List<SimulatedEngine> engines = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final Queue<EndpointState> states = new ConcurrentLinkedQueue<>();
  private final ExecutorService prompts = new ThreadPoolExecutor(
      PROMPT_THREADS,
      PROMPT_THREADS,
      0,
      TimeUnit.SECONDS,
      new ArrayBlockingQueue<>(MOST_WAITING_PROMPTS),
      task -> {
        Thread thread = new Thread(task, "soak-prompts");
        thread.setDaemon(true);
        return thread;
      });
  private final Router router;
  private final PoolWiring wiring;
  private final ProxyServer proxy;

  SoakFleet(int count) throws IOException {
    router = newRouter();
    wiring = new PoolWiring(router);
    try {
      FleetTokenizer tokenizer = FleetTokenizer.load();
      SimClock time = new SimClock(TIME_SCALE);
      for (int pod = 0; pod < count; pod++) {
        engines.add(engine("pod-" + pod, tokenizer, time));
        pods.add(new Pod(engines.get(pod), wiring, clock, this::remember));
      }
      wiring.learnBlockSize(Duration.ofSeconds(5)).toCompletableFuture().join();
      proxy = await(ProxyServer.start(
          proxyVertx,
          router,
          ProxyOptions.builder()
              .idleTimeout(IDLE_TIMEOUT)
              .firstByteTimeout(FIRST_BYTE_TIMEOUT)
              .engineStats(wiring::stats)
              .build()));
    } catch (RuntimeException | IOException e) {
      release();
      throw e;
    }
  }

  private Router newRouter() throws IOException {
    Path directory = FleetTokenizer.extractTo(Files.createTempDirectory("warmpath-soak"));
    try {
      return Router.builder()
          .tokenizer(Tokenizers.load(directory))
          .template(ChatTemplates.load(directory))
          .profile(Profiles.standard())
          .executor(prompts)
          .inlineBytes(INLINE_BYTES)
          .build();
    } finally {
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  /**
   * Starts an engine on ports that connections do not get: an engine that is dead for a moment must find its own free
   * when it comes back.
   */
  private SimulatedEngine engine(String name, FleetTokenizer tokenizer, SimClock time)
      throws IOException {
    int port = freePorts();
    EngineConfig config = EngineConfig.builder()
        .name(name)
        .modelName(MODEL)
        .clock(time)
        .kvBlocks(KV_BLOCKS)
        .replayBatches(REPLAY_BATCHES)
        .httpPort(port)
        .kvEventPort(port + 1)
        .kvReplayPort(port + 2)
        .build();
    return new SimulatedEngine(config, engineVertx, tokenizer, times -> {}).start();
  }

  /** {@return the first of three free ports in a row; not by the soak's seed, as two soaks may run at a time} */
  private static int freePorts() throws IOException {
    SplittableRandom random = new SplittableRandom();
    IOException last = new IOException("no free ports");
    for (int tries = 0; tries < 100; tries++) {
      int first = LOWEST_PORT + random.nextInt(PORTS);
      InetAddress host = InetAddress.getLoopbackAddress();
      try (ServerSocket one = new ServerSocket(first, 1, host);
          ServerSocket two = new ServerSocket(first + 1, 1, host);
          ServerSocket three = new ServerSocket(first + 2, 1, host)) {
        return Math.min(one.getLocalPort(), Math.min(two.getLocalPort(), three.getLocalPort()));
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  SoakClock clock() {
    return clock;
  }

  List<Pod> pods() {
    return pods;
  }

  Router router() {
    return router;
  }

  ProxyServer proxy() {
    return proxy;
  }

  int port() {
    return proxy.port();
  }

  /** {@return whether a pod could have served a request since then, untouched} */
  boolean couldServeSince(long nanos) {
    return pods.stream().anyMatch(pod -> pod.couldServeSince(nanos));
  }

  /** {@return whether the engine of this address has run since then, untouched; false if there is none} */
  boolean hasRunSince(String address, long nanos) {
    return pods.stream()
        .anyMatch(pod -> pod.endpoint().address().equals(address) && pod.hasRunSince(nanos));
  }

  private void remember(Endpoint endpoint) {
    router.endpoints().find(endpoint).ifPresent(states::add);
  }

  /** {@return requests and tokens that still count at endpoints, those dropped meanwhile among them} */
  long loadLeft() {
    long left = 0;
    for (EndpointState state : states) {
      left += Math.abs(state.load().requests())
          + Math.abs(state.load().promptTokens())
          + Math.abs(state.load().prefillTokens());
    }
    return left;
  }

  /**
   * Drops all pods for good, and makes the index sweep, which it does with each change.
   *
   * @return the index, which should be empty
   */
  IndexStats emptyIndex() {
    pods.forEach(Pod::drop);
    Endpoint sweeper = Endpoint.of("127.0.0.1:1");
    for (int i = 0; i < MOST_SWEEPS && router.index().stats().blocks() > 0; i++) {
      int holder = router.index().holder(HolderKey.gpu(sweeper));
      long[] block = {i};
      router.index().store(holder, 0, false, block, 0, 1);
      router.index().remove(holder, block, 0, 1);
      router.index().drop(sweeper);
    }
    return router.index().stats();
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void close() {
    await(proxy.close(Duration.ofSeconds(1)));
    release();
  }

  private void release() {
    wiring.close();
    engines.forEach(SimulatedEngine::close);
    await(engineVertx.close());
    await(proxyVertx.close());
    prompts.shutdownNow();
  }
}
