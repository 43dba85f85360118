package io.warmpath.examples;

import io.warmpath.RoutedRequest;
import io.warmpath.Router;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.KvEventSubscriber;
import io.warmpath.request.Api;
import io.warmpath.request.InferenceRequest;
import io.warmpath.request.RequestHeaders;
import io.warmpath.schedule.Scorer;
import io.warmpath.scorers.PrefixCacheScorer;
import io.warmpath.scorers.picker.MaxScorePicker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Warmpath inside a scheduler of one's own: a router with the built-in prefix scorer and a scorer that this class adds.
 *
 * <p>Run with a directory that holds the model's {@code tokenizer.json}, and two pods {@code host:port} whose KV events
 * are on port 5557. Nothing needs to be up: what was routed a moment ago counts, too, so the second of two requests goes
 * where the first went.
 */
public final class CustomScheduler {

  /** A scorer of one's own: prefers pods with fewer requests of ours in flight. */
  static final Scorer FEWEST_IN_FLIGHT = (cycle, scores) -> {
    for (int i = 0; i < cycle.candidates(); i++) {
      scores[i] = 1.0 / (1 + cycle.inFlightRequests(i));
    }
  };

  private CustomScheduler() {}

  /**
   * Routes one prompt twice and prints where it went.
   *
   * @param args tokenizer directory, and two pods
   * @throws Exception if the tokenizer cannot be read
   */
  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      System.err.println("usage: custom-scheduler TOKENIZER_DIRECTORY HOST:PORT HOST:PORT");
      System.exit(2);
    }
    route(Path.of(args[0]), Endpoint.of(args[1]), Endpoint.of(args[2]), 2);
  }

  static void route(Path directory, Endpoint podA, Endpoint podB, int times) throws Exception {
    byte[] body = "{\"model\":\"any\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted("Which pod has read this before? ".repeat(20))
        .getBytes(StandardCharsets.UTF_8);

    // begin: README
    Router router = Router.builder()
        .tokenizer(directory)
        .blockSize(16)
        .profile(
            "decode",
            profile -> profile
                .scorer("prefix", new PrefixCacheScorer(), 3)
                .scorer("fewest-in-flight", FEWEST_IN_FLIGHT, 1)
                .picker(new MaxScorePicker()))
        .build();
    KvEventSubscriber events = KvEventSubscriber.builder().build();
    for (Endpoint pod : new Endpoint[] {podA, podB}) {
      router.endpoints().add(pod);
      events.subscribe(pod, "tcp://" + pod.host() + ":5557", null, router.events(pod));
    }
    InferenceRequest request =
        InferenceRequest.parse(Api.CHAT_COMPLETIONS, body, RequestHeaders.NONE);
    RoutedRequest routed = router.route(request).toCompletableFuture().join();
    // end: README
    try (events) {
      print(routed);
      for (int i = 1; i < times; i++) {
        print(router.route(request).toCompletableFuture().join());
      }
    }
  }

  /** A host would now send the body to the target and feed the answer to {@code routed.response()}. */
  private static void print(RoutedRequest routed) {
    try (routed) {
      System.out.println(routed.target().address() + " has "
          + routed.decision().matchedBlocks(routed.target()) + " of "
          + routed.decision().totalBlocks() + " blocks");
    }
  }
}
