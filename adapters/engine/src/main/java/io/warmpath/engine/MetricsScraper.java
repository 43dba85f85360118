package io.warmpath.engine;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointRegistry;
import io.warmpath.endpoint.EndpointState;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the metrics pages of all endpoints of a registry again and again, and gives each endpoint's
 * state what was read.
 *
 * <p>The page is {@code http://host:port/metrics}; ranks that share an address share a reading. It is
 * read every second by default, and every 250 ms while the engine is near a limit: requests wait, or
 * more than 0.8 of its KV cache is in use. Each pause varies by a fifth either way, so that routers do
 * not fall into step. There is never more than one request to an address; a value that makes no sense
 * leaves the last one standing, and so does a page that cannot be had.
 *
 * <p><b>Threads:</b> safe for any number. Timing runs on the executor that was handed in, which stays
 * the host's, or else on one daemon thread named {@code warmpath-metrics} that {@link #close} ends; the
 * HTTP client, unless handed in, adds one selector thread and works on the same executor. Nothing
 * blocks. <b>Cost:</b> a real vLLM page is 70 KB and takes the engine some 30 ms to make. <b>Errors:</b>
 * counted in {@link ScrapeStats}; the first failure of an endpoint in a row is logged.
 */
public final class MetricsScraper implements AutoCloseable {

  /** Pause between two readings of an engine: 1 s. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

  /** Pause between two readings of an engine near a limit: 250 ms. */
  public static final Duration DEFAULT_BUSY_INTERVAL = Duration.ofMillis(250);

  /** Time in which a page must be read: 2 s. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

  /** Largest page: 8 MiB. */
  public static final int MAX_PAGE_BYTES = 8 << 20;

  private static final Logger LOG = System.getLogger(MetricsScraper.class.getName());
  private static final double BUSY_KV_USAGE = 0.8;
  private static final double JITTER = 0.2;
  private static final long TICKS_PER_PAUSE = 10;

  /** One address; all ranks there. */
  private static final class Target {
    private final LongAdder scrapes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder invalidValues = new LongAdder();
    private final LongAdder malformedLines = new LongAdder();
    private volatile boolean inFlight;
    private volatile boolean failing;
    private volatile long dueNanos;

    ScrapeStats stats() {
      return new ScrapeStats(
          scrapes.sum(), failures.sum(), invalidValues.sum(), malformedLines.sum());
    }
  }

  private final EndpointRegistry registry;
  private final Duration interval;
  private final Duration busyInterval;
  private final Duration timeout;
  private final LongSupplier nanoClock;
  private final RandomGenerator random;
  private final ScheduledExecutorService executor;
  private final boolean ownsExecutor;
  private final HttpClient client;
  private final Map<String, Target> targets = new ConcurrentHashMap<>();
  private final Future<?> ticks;

  private MetricsScraper(Builder builder) {
    registry = builder.registry;
    interval = builder.interval;
    busyInterval = builder.busyInterval;
    timeout = builder.timeout;
    nanoClock = builder.nanoClock;
    random = builder.random;
    ownsExecutor = builder.executor == null;
    executor = builder.executor == null ? daemon() : builder.executor;
    client = builder.client == null ? client(timeout, executor) : builder.client;
    long tick = Math.max(1_000_000, busyInterval.toNanos() / TICKS_PER_PAUSE);
    ticks = executor.scheduleWithFixedDelay(this::tick, 0, tick, TimeUnit.NANOSECONDS);
  }

  /**
   * Starts a builder.
   *
   * @param registry its endpoints are read as they come and go
   * @return the builder
   */
  public static Builder builder(EndpointRegistry registry) {
    return new Builder(registry);
  }

  /**
   * Reads the page of one endpoint now, whether it is registered or not; for hosts that want to know
   * the block size at their start.
   *
   * @param endpoint the endpoint, with its rank
   * @return the numbers; fails with an {@link IOException} if the page cannot be had or has none
   */
  public CompletionStage<EndpointMetrics> scrapeOnce(Endpoint endpoint) {
    return fetch(endpoint.address()).thenCompose(page -> {
      EndpointMetrics metrics = new MetricsPage()
          .read(page, page.length, endpoint.rank(), EndpointMetrics.UNKNOWN, nanoClock.getAsLong());
      return metrics == null
          ? CompletableFuture.failedFuture(
              new IOException("no metrics of an engine at " + endpoint.address()))
          : CompletableFuture.completedFuture(metrics);
    });
  }

  /** {@return what became of the readings of all endpoints that are registered} */
  public ScrapeStats stats() {
    return targets.values().stream().map(Target::stats).reduce(ScrapeStats.NONE, ScrapeStats::plus);
  }

  /**
   * Returns what became of the readings of one endpoint.
   *
   * @param endpoint any
   * @return empty if it was not registered when this last looked
   */
  public Optional<ScrapeStats> stats(Endpoint endpoint) {
    return Optional.ofNullable(targets.get(endpoint.address())).map(Target::stats);
  }

  /** Starts no reading any more; those under way end. An executor that was handed in goes on. */
  @Override
  public void close() {
    ticks.cancel(false);
    if (ownsExecutor) {
      executor.shutdown();
    }
  }

  /**
   * The JDK's client ends its thread and closes its connections when it is collected, so its executor
   * must not lead back to it. It outlives {@link #close}, and complains on stderr of an executor that
   * does not.
   */
  private static HttpClient client(Duration timeout, Executor executor) {
    return HttpClient.newBuilder()
        .connectTimeout(timeout)
        .executor(task -> {
          try {
            executor.execute(task);
          } catch (RejectedExecutionException closed) {
            task.run();
          }
        })
        .build();
  }

  private void tick() {
    try {
      scrapeWhatIsDue();
    } catch (
        RuntimeException e) { // a clock's or the random generator's; a throw would end the ticks
      LOG.log(Level.WARNING, "metrics: a round was left out", e);
    }
  }

  private void scrapeWhatIsDue() {
    Map<String, List<EndpointState>> addresses = new LinkedHashMap<>();
    for (EndpointState state : registry.states()) {
      addresses.merge(state.endpoint().address(), List.of(state), MetricsScraper::concat);
    }
    targets.keySet().retainAll(addresses.keySet());
    long now = nanoClock.getAsLong();
    addresses.forEach((address, states) -> {
      Target target = targets.get(address);
      if (target == null) {
        target = new Target();
        target.dueNanos = now;
        targets.put(address, target);
      }
      if (!target.inFlight && now - target.dueNanos >= 0) {
        scrape(address, target, states, 1 - JITTER + 2 * JITTER * random.nextDouble());
      }
    });
  }

  private static List<EndpointState> concat(List<EndpointState> a, List<EndpointState> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its last stage does not throw
  private void scrape(String address, Target target, List<EndpointState> states, double jitter) {
    target.inFlight = true;
    target.scrapes.increment();
    fetch(address).whenComplete((page, error) -> {
      boolean read = page != null && apply(target, states, page);
      if (!read) {
        target.failures.increment();
        if (!target.failing) {
          LOG.log(
              Level.WARNING,
              "no metrics from {0}: {1}",
              address,
              error == null ? "none on the page" : error.getMessage());
        }
      }
      target.failing = !read;
      target.dueNanos = nanoClock.getAsLong() + (long) (jitter * pause(states).toNanos());
      target.inFlight = false;
    });
  }

  private boolean apply(Target target, List<EndpointState> states, byte[] page) {
    MetricsPage reader = new MetricsPage();
    boolean any = false;
    for (EndpointState state : states) {
      EndpointMetrics metrics = reader.read(
          page, page.length, state.endpoint().rank(), state.metrics(), nanoClock.getAsLong());
      target.invalidValues.add(reader.invalidValues());
      target.malformedLines.add(reader.malformedLines());
      if (metrics != null) {
        state.metrics(metrics);
        any = true;
      }
    }
    return any;
  }

  private Duration pause(List<EndpointState> states) {
    Duration pause = interval;
    for (EndpointState state : states) {
      EndpointMetrics metrics = state.metrics();
      if (metrics.waiting() > 0 || metrics.kvUsage() > BUSY_KV_USAGE) {
        pause = busyInterval;
      }
    }
    return pause;
  }

  /** Fails with an {@link IOException}, also where the address makes no URI. */
  @SuppressWarnings("FutureReturnValueIgnored") // the page is completed whatever happens
  private CompletableFuture<byte[]> fetch(String address) {
    CompletableFuture<byte[]> page = new CompletableFuture<>();
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/metrics"))
          .version(HttpClient.Version.HTTP_1_1)
          .header("Accept", "text/plain;version=0.0.4")
          .timeout(timeout)
          .build();
      CompletableFuture<HttpResponse<byte[]>> exchange =
          client.sendAsync(request, head -> new BoundedBody(MAX_PAGE_BYTES));
      // The request's own timeout ends with the response's head; this one covers the body.
      Future<?> late = executor.schedule(
          () -> {
            page.completeExceptionally(new IOException("no page within " + timeout));
            exchange.cancel(true);
          },
          timeout.toNanos(),
          TimeUnit.NANOSECONDS);
      exchange.whenComplete((response, error) -> {
        late.cancel(false);
        if (error != null) {
          page.completeExceptionally(new IOException(reason(error), error));
        } else if (response.statusCode() != 200) {
          page.completeExceptionally(new IOException("status " + response.statusCode()));
        } else {
          page.complete(response.body());
        }
      });
    } catch (IllegalArgumentException | RejectedExecutionException e) {
      page.completeExceptionally(new IOException("no request to " + address + ": " + e, e));
    }
    return page;
  }

  /** The JDK wraps a refused connection, and gives it no message on some systems. */
  private static String reason(Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ConnectException ? "the connection was refused" : cause.toString();
  }

  private static ScheduledExecutorService daemon() {
    return Executors.newSingleThreadScheduledExecutor(task -> {
      Thread thread = new Thread(task, "warmpath-metrics");
      thread.setDaemon(true);
      return thread;
    });
  }

  /** Collects what a scraper is made with. <b>Threads:</b> one. */
  public static final class Builder {

    private final EndpointRegistry registry;
    private Duration interval = DEFAULT_INTERVAL;
    private Duration busyInterval = DEFAULT_BUSY_INTERVAL;
    private Duration timeout = DEFAULT_TIMEOUT;
    private LongSupplier nanoClock = System::nanoTime;
    private RandomGenerator random = RandomGenerator.getDefault();
    private @Nullable ScheduledExecutorService executor;
    private @Nullable HttpClient client;

    private Builder(EndpointRegistry registry) {
      this.registry = registry;
    }

    /**
     * Sets the pauses between two readings of an engine.
     *
     * @param usual of an engine with room, positive
     * @param busy of an engine near a limit, positive
     * @return this
     */
    public Builder intervals(Duration usual, Duration busy) {
      interval = usual;
      busyInterval = busy;
      return this;
    }

    /**
     * Sets the time in which a page must be read.
     *
     * @param timeout positive
     * @return this
     */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /**
     * Sets the router's clock.
     *
     * @param nanoClock like {@link System#nanoTime}, the default
     * @return this
     */
    public Builder nanoClock(LongSupplier nanoClock) {
      this.nanoClock = nanoClock;
      return this;
    }

    /**
     * Sets what varies the pauses.
     *
     * @param random used by one thread at a time
     * @return this
     */
    public Builder random(RandomGenerator random) {
      this.random = random;
      return this;
    }

    /**
     * Hands in the executor that timing and parsing run on.
     *
     * @param executor stays the host's
     * @return this
     */
    public Builder executor(ScheduledExecutorService executor) {
      this.executor = executor;
      return this;
    }

    /**
     * Hands in the client.
     *
     * @param client stays the host's
     * @return this
     */
    public Builder client(HttpClient client) {
      this.client = client;
      return this;
    }

    /**
     * Makes the scraper and starts it.
     *
     * @return the scraper
     * @throws IllegalArgumentException if a duration is not positive
     */
    public MetricsScraper build() {
      Map<String, Duration> durations = new HashMap<>();
      durations.put("interval", interval);
      durations.put("busy interval", busyInterval);
      durations.put("timeout", timeout);
      durations.forEach((name, duration) -> {
        if (duration.isNegative() || duration.isZero()) {
          throw new IllegalArgumentException(
              "metrics scraper: " + name + " must be positive, was " + duration);
        }
      });
      return new MetricsScraper(this);
    }
  }
}
