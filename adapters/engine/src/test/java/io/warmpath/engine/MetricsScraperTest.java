package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointRegistry;
import io.warmpath.endpoint.EndpointState;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The scraper against a real HTTP server on loopback. */
@Timeout(60)
class MetricsScraperTest {

  private final EndpointRegistry registry =
      new EndpointRegistry(endpoint -> 0, endpoint -> {}, metrics -> {});
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore asked = new Semaphore(0);
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private volatile byte[] page = Golden.bytes("metrics/vllm_0.33_dp2.txt");
  private volatile int status = 200;
  private volatile boolean hangs;
  private HttpServer server;
  private Endpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext("/metrics", exchange -> {
      mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      byte[] body = page;
      exchange.sendResponseHeaders(status, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        asked.release();
        if (hangs) {
          stuck.await();
        }
        out.write(body);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        atOnce.decrementAndGet();
      }
    });
    server.start();
    endpoint = new Endpoint("pod", "127.0.0.1", server.getAddress().getPort(), 0);
  }

  @AfterEach
  void stop() {
    stuck.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void eachRankGetsItsNumbersFromOneReading() throws InterruptedException {
    EndpointState zero = registry.add(endpoint);
    EndpointState one = registry.add(new Endpoint("pod", "127.0.0.1", endpoint.port(), 1));
    try (MetricsScraper scraper = MetricsScraper.builder(registry)
        .intervals(Duration.ofHours(1), Duration.ofHours(1))
        .nanoClock(() -> 42)
        .build()) {
      await(() -> one.metrics().running() > 0);

      assertEquals(new EndpointMetrics(0, 3, 0.4213, 16, 27546, 42), zero.metrics());
      assertEquals(new EndpointMetrics(7, 11, 0.987654321, 16, 27546, 42), one.metrics());
      assertEquals(new ScrapeStats(1, 0, 0, 0), scraper.stats());
    }
  }

  @Test
  void aPageIsReadAgainAndAgain() throws InterruptedException {
    EndpointState state = registry.add(endpoint);
    try (MetricsScraper scraper = fast().build()) {
      await(() -> state.metrics().blockSize() == 16);
      page = Golden.bytes("metrics/trtllm_main.txt");
      await(() -> state.metrics().blockSize() == 32);

      assertEquals(0, scraper.stats(endpoint).orElseThrow().failures());
    }
  }

  @Test
  void anEngineNearALimitIsReadMoreOften() throws InterruptedException {
    page = Golden.bytes("vllm_real/metrics_under_load.txt");
    registry.add(endpoint);
    try (MetricsScraper scraper = MetricsScraper.builder(registry)
        .intervals(Duration.ofHours(1), Duration.ofMillis(10))
        .build()) {
      assertTrue(asked.tryAcquire(5, 20, TimeUnit.SECONDS));
      page = Golden.bytes("vllm_real/metrics_idle.txt");
      EndpointState state = registry.find(endpoint).orElseThrow();
      await(() -> state.metrics().running() == 0);

      assertTrue(scraper.stats().scrapes() >= 5);
    }
  }

  @Test
  void aFailureIsCountedAndKeepsWhatWasKnown() throws InterruptedException {
    EndpointState state = registry.add(endpoint);
    try (MetricsScraper scraper = fast().build()) {
      await(() -> state.metrics().running() == 3);
      status = 503;
      await(() -> scraper.stats().failures() >= 2);

      assertEquals(3, state.metrics().running());
    }
  }

  @Test
  void anOutageIsLoggedOnce() throws InterruptedException {
    registry.add(endpoint);
    status = 503;
    try (LogLines log = new LogLines();
        MetricsScraper scraper = fast().build()) {
      await(() -> scraper.stats().failures() >= 5);
      assertEquals(1, log.all().size(), log.all().toString());

      status = 200;
      await(() -> scraper.stats().scrapes() >= scraper.stats().failures() + 2);
      status = 503;
      await(() -> log.all().size() > 1);

      assertEquals(2, log.with("WARNING no metrics from 127.0.0.1").size());
    }
  }

  @Test
  void aServerThatHangsIsGivenUpAndAskedOnceAtATime() throws InterruptedException {
    hangs = true;
    registry.add(endpoint);
    try (MetricsScraper scraper = fast().timeout(Duration.ofMillis(200)).build()) {
      await(() -> scraper.stats().failures() >= 1);
      assertEquals(1, mostAtOnce.get());
    }
  }

  @Test
  void aRemovedEndpointIsLeftAlone() throws InterruptedException {
    registry.add(endpoint);
    try (MetricsScraper scraper = fast().build()) {
      await(() -> scraper.stats(endpoint).isPresent());
      registry.remove(endpoint);

      await(() -> scraper.stats(endpoint).isEmpty());
    }
  }

  @Test
  void oneReadingCanBeHadAtOnce() throws Exception {
    try (MetricsScraper scraper = fast().build()) {
      EndpointMetrics metrics =
          scraper.scrapeOnce(endpoint).toCompletableFuture().get(20, TimeUnit.SECONDS);

      assertEquals(16, metrics.blockSize());
    }
  }

  @Test
  void aReadingUnderWayAtCloseStillEnds() throws Exception {
    hangs = true;
    CompletableFuture<EndpointMetrics> reading;
    try (MetricsScraper scraper = fast().timeout(Duration.ofSeconds(30)).build()) {
      reading = scraper.scrapeOnce(endpoint).toCompletableFuture();
      asked.acquire();
    }
    stuck.countDown();

    assertEquals(16, reading.get(20, TimeUnit.SECONDS).blockSize());
  }

  @Test
  void aClosedScraperLeavesNoThreadAndNoConnection() throws InterruptedException {
    Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
    scrapeAndClose();

    await(() -> {
      System.gc(); // the JDK's client ends when it is collected
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> !before.contains(thread))
          .noneMatch(thread -> thread.getName().matches("HttpClient.*|warmpath-metrics"));
    });
  }

  /** In a method of its own, so that nothing of it is in reach afterwards. */
  private void scrapeAndClose() throws InterruptedException {
    EndpointState state = registry.add(endpoint);
    try (MetricsScraper scraper = fast().build()) {
      await(() -> state.metrics().blockSize() == 16 && scraper.stats().failures() == 0);
    }
  }

  @Test
  void aReadingThatFailsSaysWhy() {
    try (MetricsScraper scraper = fast().build()) {
      status = 404;
      assertFailure(scraper, endpoint, "404");
      status = 200;
      page = new byte[0];
      assertFailure(scraper, endpoint, "no metrics");
      page = new byte[MetricsScraper.MAX_PAGE_BYTES + 1];
      assertFailure(scraper, endpoint, "larger");
      assertFailure(scraper, new Endpoint("x", "127.0.0.1", 1, 0), "the connection was refused");
      assertFailure(scraper, new Endpoint("x", "no host", 1, 0), "no host");
    }
  }

  @Test
  void aPauseMustBePositive() {
    assertThrows(
        IllegalArgumentException.class,
        () -> MetricsScraper.builder(registry).timeout(Duration.ZERO).build());
  }

  private static void assertFailure(MetricsScraper scraper, Endpoint endpoint, String why) {
    ExecutionException e = assertThrows(
        ExecutionException.class,
        () -> scraper.scrapeOnce(endpoint).toCompletableFuture().get(20, TimeUnit.SECONDS));
    assertInstanceOf(IOException.class, e.getCause());
    assertTrue(String.valueOf(e.getCause()).contains(why), e.getCause().toString());
  }

  private MetricsScraper.Builder fast() {
    return MetricsScraper.builder(registry).intervals(Duration.ofMillis(20), Duration.ofMillis(20));
  }

  /** Waits for something that each page asked for may bring about. */
  private void await(BooleanSupplier fact) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!fact.getAsBoolean()) {
      asked.tryAcquire(10, TimeUnit.MILLISECONDS);
      assertTrue(System.nanoTime() < end, "not within 20 s");
    }
  }
}
