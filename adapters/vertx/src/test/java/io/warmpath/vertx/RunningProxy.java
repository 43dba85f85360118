package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.warmpath.RouterBuilder;
import io.warmpath.engine.RunningHost;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A proxy that prefers endpoints in the order given. Closing it checks that every routed request has
 * come to its end.
 */
final class RunningProxy extends RunningHost {

  final Vertx vertx = Vertx.vertx();
  final ProxyServer server;

  private RunningProxy(
      UnaryOperator<ProxyOptions.Builder> options,
      UnaryOperator<RouterBuilder> routing,
      List<String> addresses)
      throws Exception {
    super(routing, addresses);
    server = ProxyServer.start(
            vertx,
            router,
            options.apply(ProxyOptions.builder().scores(scores::add)).build())
        .toCompletionStage()
        .toCompletableFuture()
        .get(SECONDS, TimeUnit.SECONDS);
  }

  static RunningProxy before(String... addresses) throws Exception {
    return new RunningProxy(options -> options, routing -> routing, List.of(addresses));
  }

  static RunningProxy with(UnaryOperator<ProxyOptions.Builder> options, String... addresses)
      throws Exception {
    return new RunningProxy(options, routing -> routing, List.of(addresses));
  }

  static RunningProxy routing(UnaryOperator<RouterBuilder> routing, String... addresses)
      throws Exception {
    return new RunningProxy(options -> options, routing, List.of(addresses));
  }

  @Override
  protected int port() {
    return server.port();
  }

  @Override
  public long badRequests() {
    return server.stats().badRequests();
  }

  @Override
  public void close() {
    try {
      checkThatAllEnded();
      assertEquals(0, server.stats().internalErrors(), "internal errors");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(SECONDS, TimeUnit.SECONDS)
          .join();
    }
  }
}
