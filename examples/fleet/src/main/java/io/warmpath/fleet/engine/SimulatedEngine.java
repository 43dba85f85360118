package io.warmpath.fleet.engine;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQException;

/**
 * A model server without a model: a real HTTP server with vLLM 0.32's OpenAI surface, real KV events over ZMQ, a
 * prefix cache of vLLM's block hashes, and answers that take as long as on the modelled hardware.
 *
 * <p>For tests of failure it can be killed, made to refuse connections, and restarted empty.
 *
 * <p><b>Threads:</b> all methods from any thread but an event loop, as they wait; the changing ones exclude each other.
 * <b>Errors:</b> what cannot start (a taken port) throws {@link IllegalStateException}.
 */
public final class SimulatedEngine implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(SimulatedEngine.class.getName());
  private static final long WAIT_SECONDS = 20;

  private final EngineConfig config;
  private final Vertx vertx;
  private final boolean ownsVertx;
  private final FleetTokenizer tokenizer;
  private final EngineListener listener;
  private final LongSupplier unixMillis = System::currentTimeMillis;
  private volatile int httpPort;
  private volatile int kvEventPort;
  private volatile int kvReplayPort;
  private volatile @Nullable Life life;

  /** What begins at a start and ends at a kill. */
  private record Life(
      EngineLoop loop,
      @Nullable KvEventPublisher publisher,
      EngineHttp http,
      String deploymentId) {}

  /** An engine with an event loop and a tokenizer of its own, and no listener. */
  public SimulatedEngine(EngineConfig config) {
    this(config, newVertx(), true, FleetTokenizer.load(), times -> {});
  }

  /** One engine of several that share {@code vertx}, which stays open, and {@code tokenizer}. */
  public SimulatedEngine(
      EngineConfig config, Vertx vertx, FleetTokenizer tokenizer, EngineListener listener) {
    this(config, vertx, false, tokenizer, listener);
  }

  private SimulatedEngine(
      EngineConfig config,
      Vertx vertx,
      boolean ownsVertx,
      FleetTokenizer tokenizer,
      EngineListener listener) {
    this.config = config;
    this.vertx = vertx;
    this.ownsVertx = ownsVertx;
    this.tokenizer = tokenizer;
    this.listener = listener;
    this.httpPort = config.httpPort();
    this.kvEventPort = config.kvEventPort();
    this.kvReplayPort = config.kvReplayPort();
  }

  /**
   * Binds all ports and serves; does nothing if it serves already.
   *
   * @return this engine
   */
  public synchronized SimulatedEngine start() {
    if (life != null) {
      return this;
    }
    EngineCounters counters = new EngineCounters();
    BlockCache cache = new BlockCache(config.kvBlocks(), config.blockSize(), config.kvEvents());
    EngineLoop loop = new EngineLoop(config, cache, counters, this::tell);
    KvEventPublisher publisher = config.kvEvents() ? bindPublisher() : null;
    EngineHttp http =
        new EngineHttp(config, httpPort, tokenizer, counters, loop, publisher, unixMillis);
    String deployment;
    try {
      deployment = await(vertx.deployVerticle(http));
    } catch (RuntimeException e) {
      stopPublisher(publisher);
      throw e;
    }
    loop.start((updates, events) -> {
      if (publisher != null && !events.isEmpty()) {
        publisher.publish(events);
      }
      http.deliver(updates);
    });
    httpPort = http.port();
    if (publisher != null) {
      kvEventPort = publisher.eventPort();
      kvReplayPort = publisher.replayPort();
    }
    life = new Life(loop, publisher, http, deployment);
    return this;
  }

  /** Closes every socket at once, in the midst of whatever is being sent, and loses the cache. */
  public synchronized void kill() {
    Life ending = life;
    if (ending == null) {
      return;
    }
    life = null;
    await(ending.http.closeAll());
    try {
      ending.loop.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopPublisher(ending.publisher);
    await(vertx.undeploy(ending.deploymentId));
  }

  /** Kills and starts again on the same ports: the cache is empty and the sequence of KV events begins at 0. */
  public synchronized void restart() {
    kill();
    start();
  }

  /** Stops accepting connections while what is in flight goes on, or accepts them again. */
  public synchronized void refuse(boolean refused) {
    EngineHttp http = alive().http;
    if (refused) {
      await(http.stopListening());
    } else {
      await(http.listen());
    }
  }

  /** Kills the engine, and its event loop if that is its own. */
  @Override
  public synchronized void close() {
    kill();
    if (ownsVertx) {
      await(vertx.close());
    }
  }

  /** {@return the configuration given} */
  public EngineConfig config() {
    return config;
  }

  /** {@return the tokenizer, which is safe to share} */
  public FleetTokenizer tokenizer() {
    return tokenizer;
  }

  /** {@return where HTTP is served, without a path; known once started} */
  public URI url() {
    return URI.create("http://" + config.host() + ":" + httpPort);
  }

  /** {@return the ZMQ endpoint of KV events; known once started} */
  public String kvEventEndpoint() {
    return "tcp://" + config.host() + ":" + kvEventPort;
  }

  /** {@return the ZMQ endpoint of replay; known once started} */
  public String kvReplayEndpoint() {
    return "tcp://" + config.host() + ":" + kvReplayPort;
  }

  /** {@return the present load and the counts since the last start} */
  public EngineStats stats() {
    return alive().http.stats();
  }

  /** {@return how late the steps since the last start have ended} */
  public LagStats lag() {
    return alive().loop.lag().stats();
  }

  /** {@return how late the steps of all these engines since their last starts have ended, as of one} */
  public static LagStats lag(Collection<SimulatedEngine> engines) {
    return TimerLag.stats(
        engines.stream().map(engine -> engine.alive().loop.lag()).toList());
  }

  private Life alive() {
    Life now = life;
    if (now == null) {
      throw new IllegalStateException("engine '" + config.name() + "' is not started");
    }
    return now;
  }

  private void tell(RequestTimes times) {
    try {
      listener.ended(times);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "listener of engine '" + config.name() + "' failed", e);
    }
  }

  private KvEventPublisher bindPublisher() {
    try {
      return new KvEventPublisher(
          config, kvEventPort, kvReplayPort, () -> unixMillis.getAsLong() / 1e3);
    } catch (ZMQException e) {
      throw new IllegalStateException(
          "engine '" + config.name() + "' cannot bind " + kvEventEndpoint() + " or "
              + kvReplayEndpoint(),
          e);
    }
  }

  private static void stopPublisher(@Nullable KvEventPublisher publisher) {
    if (publisher != null) {
      try {
        publisher.stop();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * {@return a Vertx as these engines need it: one event loop, no thread that keeps a process alive, no cache of
   * files}
   */
  public static Vertx newVertx() {
    return Vertx.vertx(new VertxOptions()
        .setEventLoopPoolSize(1)
        .setUseDaemonThread(true)
        .setFileSystemOptions(new FileSystemOptions()
            .setFileCachingEnabled(false)
            .setClassPathResolvingEnabled(false)));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | CompletionException e) {
      throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("an engine's sockets took over " + WAIT_SECONDS + " s", e);
    }
  }
}
