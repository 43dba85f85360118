package io.warmpath.engine;

import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a router told about its engines: their KV events go to its index, their metrics to its
 * endpoints.
 *
 * <p><b>Threads:</b> safe for any number. It owns a {@link KvEventSubscriber} and a {@link
 * MetricsScraper} with their threads.
 */
public final class PoolWiring implements AutoCloseable {

  private final Router router;
  private final KvEventSubscriber subscriber;
  private final MetricsScraper scraper;

  /**
   * Creates the wiring and starts its threads.
   *
   * @param router the router to keep told; stays open when this closes
   */
  public PoolWiring(Router router) {
    this.router = router;
    this.subscriber = KvEventSubscriber.builder().build();
    this.scraper =
        MetricsScraper.builder(router.endpoints()).nanoClock(router.nanoClock()).build();
  }

  /**
   * Adds an engine; it need not be up yet.
   *
   * @param spec where it is; equal to none that was added
   * @return its endpoint, which gets requests from now on
   * @throws IllegalArgumentException if the engine was added already
   */
  public Endpoint add(EndpointSpec spec) {
    Endpoint endpoint = spec.endpoint();
    if (router.endpoints().find(endpoint).isPresent()) {
      throw new IllegalArgumentException(
          "endpoint '" + endpoint.address() + "' is there twice; give each engine once");
    }
    router.endpoints().add(endpoint);
    URI kvEvents = spec.kvEvents();
    if (kvEvents != null) {
      subscriber.subscribe(
          endpoint, kvEvents.toString(), text(spec.replay()), router.events(endpoint));
    }
    return endpoint;
  }

  private static @Nullable String text(@Nullable URI address) {
    return address == null ? null : address.toString();
  }

  /**
   * Removes an engine; its requests may finish.
   *
   * @param endpoint nothing happens if it was not added
   * @return completes when its events are not heard any more
   */
  public CompletionStage<Void> remove(Endpoint endpoint) {
    router.endpoints().remove(endpoint);
    return subscriber.unsubscribe(endpoint);
  }

  /**
   * Asks the engines for their block size, if the router does not know it: the first one that tells
   * settles it. Those that are down now are asked again and again, here or not.
   *
   * @param limit how long to wait for all of them
   * @return completes within the limit; whether the block size is known then. If not, the first
   *     metrics page or KV event tells
   */
  @SuppressWarnings("FutureReturnValueIgnored") // what is asked ends by the limit, whatever fails
  public CompletionStage<Boolean> learnBlockSize(Duration limit) {
    if (router.blockSize().tokens() > 0) {
      return CompletableFuture.completedStage(true);
    }
    CompletableFuture<Boolean> known = new CompletableFuture<>();
    List<CompletableFuture<Void>> asked = router.endpoints().states().stream()
        .map(state -> scraper
            .scrapeOnce(state.endpoint())
            .thenApply(EndpointMetrics::blockSize)
            .exceptionally(unreachable -> 0)
            .thenAccept(tokens -> {
              if (tokens > 0) {
                router.blockSize().agree(tokens);
                known.complete(true);
              }
            })
            .toCompletableFuture())
        .toList();
    CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenRun(() -> known.complete(router.blockSize().tokens() > 0));
    return known.copy().completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** {@return what became of KV events and of readings of metrics, as JSON values} */
  public Map<String, Object> stats() {
    return Map.of(
        "kvEvents", StatsJson.of(subscriber.stats()), "metrics", StatsJson.of(scraper.stats()));
  }

  /** Ends the threads; the endpoints stay registered. */
  @Override
  public void close() {
    scraper.close();
    subscriber.close();
  }
}
