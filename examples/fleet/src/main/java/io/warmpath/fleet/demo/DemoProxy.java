package io.warmpath.fleet.demo;

import io.vertx.core.Vertx;
import io.warmpath.Router;
import io.warmpath.engine.EndpointSpec;
import io.warmpath.engine.PoolWiring;
import io.warmpath.schedule.SchedulingProfile;
import io.warmpath.template.ChatTemplate;
import io.warmpath.token.Tokenizer;
import io.warmpath.vertx.ProxyOptions;
import io.warmpath.vertx.ProxyServer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A router with a proxy in front, wired to a fleet: what {@code warmpath-proxy.jar} is, with a given profile. */
final class DemoProxy implements AutoCloseable {

  private final PoolWiring wiring;
  private final ProxyServer server;

  DemoProxy(
      Vertx vertx,
      Tokenizer tokenizer,
      ChatTemplate template,
      SchedulingProfile profile,
      List<EndpointSpec> endpoints,
      Consumer<String> scores) {
    Router router = Router.builder()
        .tokenizer(tokenizer)
        .template(template)
        .profile(profile)
        .build();
    wiring = new PoolWiring(router);
    endpoints.forEach(wiring::add);
    wiring.learnBlockSize(Duration.ofSeconds(5)).toCompletableFuture().join();
    server = Stage.await(
        ProxyServer.start(vertx, router, ProxyOptions.builder().scores(scores).build()));
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() {
    Stage.await(server.close(Duration.ofSeconds(1)));
    wiring.close();
  }
}
