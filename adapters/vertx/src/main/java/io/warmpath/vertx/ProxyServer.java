package io.warmpath.vertx;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.warmpath.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * An OpenAI-compatible HTTP server that sends each completion to the endpoint that its router chooses
 * and passes the answer on as it comes.
 *
 * <p>It serves {@code POST …/v1/chat/completions} and {@code …/v1/completions} (bodies pass byte for
 * byte in both directions), {@code GET /v1/models} merged over the endpoints, {@code GET /health} and
 * {@code GET /stats}. If an endpoint refuses, answers 503 or breaks off before the first byte of an
 * answer's body, the next one of the decision gets the request. An answer that breaks off later ends
 * with the client's connection, so that it cannot pass for a whole one.
 *
 * <p><b>Threads:</b> safe for any number.
 */
public final class ProxyServer {

  private final Vertx vertx;
  private final ProxyCounters counters;
  private final List<HttpServer> servers;
  private final String deployment;

  private ProxyServer(
      Vertx vertx, ProxyCounters counters, List<HttpServer> servers, String deployment) {
    this.vertx = vertx;
    this.counters = counters;
    this.servers = List.copyOf(servers);
    this.deployment = deployment;
  }

  /**
   * Starts a proxy.
   *
   * @param vertx the embedder's; stays open when the proxy closes
   * @param router chooses the endpoints; the embedder fills it
   * @param options where to listen and how long to wait
   * @return the listening proxy; fails if the port cannot be had
   */
  public static Future<ProxyServer> start(Vertx vertx, Router router, ProxyOptions options) {
    ProxyCounters counters = new ProxyCounters();
    List<HttpServer> servers = new CopyOnWriteArrayList<>();
    Supplier<Deployable> loops = () -> context ->
        new ProxyLoop(context, router, options, counters).listen().onSuccess(servers::add);
    return vertx
        .deployVerticle(loops, new DeploymentOptions().setInstances(options.eventLoops()))
        .map(deployment -> new ProxyServer(vertx, counters, servers, deployment));
  }

  /** {@return the TCP port it listens on} */
  public int port() {
    return servers.get(0).actualPort();
  }

  /** {@return the counters; they may be a few requests apart} */
  public ProxyStats stats() {
    return counters.stats();
  }

  /**
   * Stops: takes no connections any more, lets running requests end, then closes.
   *
   * @param drain how long running requests may go on; what runs longer is cut off
   * @return completes when everything is closed; a second call fails
   */
  public Future<Void> close(Duration drain) {
    List<Future<Void>> stopped =
        servers.stream().map(server -> server.shutdown(drain)).toList();
    return Future.join(stopped).transform(done -> vertx.undeploy(deployment));
  }
}
