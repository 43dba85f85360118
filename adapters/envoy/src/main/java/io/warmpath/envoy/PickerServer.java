package io.warmpath.envoy;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.warmpath.Router;
import io.warmpath.engine.StatsJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * An {@link EndpointPicker} with its ports: one for Envoy, one for health checks, one that shows the
 * counters. Health checks are answered on Envoy's port as well.
 *
 * <p><b>Threads:</b> safe for any number.
 */
public final class PickerServer {

  /** Beyond the longest body: a message has its frame, and headers come with some. */
  private static final int MESSAGE_SLACK_BYTES = 1 << 20;

  private static final long POLL_MILLIS = 20;

  private final EndpointPicker picker;
  private final Server processing;
  private final Server health;
  private final HttpServer pages;
  private volatile boolean draining;

  private PickerServer(
      Router router,
      PickerAddress address,
      PickerOptions options,
      Supplier<Map<String, Object>> engineStats)
      throws IOException {
    picker = new EndpointPicker(router, options);
    BooleanSupplier ready = () -> !draining && !router.endpoints().states().isEmpty();
    HealthService checks = new HealthService(ready);
    processing = builder(address.host(), address.port())
        .addService(picker)
        .addService(checks)
        .maxInboundMessageSize(
            (int) Math.min(Integer.MAX_VALUE, (long) options.maxBodyBytes() + MESSAGE_SLACK_BYTES))
        .build();
    health = builder(address.host(), address.healthPort()).addService(checks).build();
    pages = HttpServer.create();
    pages.createContext("/stats", exchange -> {
      byte[] page = StatsJson.page("picker", counters(), router, engineStats.get())
          .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
      exchange.close();
    });
  }

  /** Handlers run on the connections' own threads: none of them waits. */
  private static NettyServerBuilder builder(String host, int port) {
    return NettyServerBuilder.forAddress(new InetSocketAddress(host, port)).directExecutor();
  }

  /**
   * Starts the picker on all its ports.
   *
   * @param router chooses the endpoints; the embedder fills it
   * @param address where to listen
   * @param options how to answer and how long to wait
   * @param engineStats what {@code GET /stats} shows under {@code engine}, such as
   *     {@code PoolWiring::stats}; JSON values
   * @return the listening server
   * @throws IOException if a port cannot be had; nothing listens then
   */
  public static PickerServer start(
      Router router,
      PickerAddress address,
      PickerOptions options,
      Supplier<Map<String, Object>> engineStats)
      throws IOException {
    PickerServer server = new PickerServer(router, address, options, engineStats);
    try {
      server.processing.start();
      server.health.start();
      server.pages.bind(new InetSocketAddress(address.host(), address.statsPort()), 0);
      server.pages.start();
      return server;
    } catch (IOException e) {
      server.processing.shutdownNow();
      server.health.shutdownNow();
      server.picker.close();
      throw e;
    }
  }

  /** {@return the ports it listens on} */
  public PickerAddress address() {
    return new PickerAddress(
        pages.getAddress().getHostString(),
        processing.getPort(),
        health.getPort(),
        pages.getAddress().getPort());
  }

  /** {@return the counters; they may be a few requests apart} */
  public PickerStats stats() {
    return picker.stats();
  }

  private Map<String, Object> counters() {
    return picker.stats().asMap();
  }

  /**
   * Stops: health checks fail at once, so that gateways look elsewhere; requests, new ones too, are
   * served until none is open or the time is over; then the ports close.
   *
   * @param drain how long to go on; what runs longer is cut off. An interrupt cuts it short
   */
  public void close(Duration drain) {
    draining = true;
    long end = System.nanoTime() + drain.toNanos();
    try {
      while (picker.stats().openCalls() > 0 && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      closePorts();
      processing.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closePorts();
    }
  }

  private void closePorts() {
    pages.stop(0);
    health.shutdownNow();
    processing.shutdownNow();
    picker.close();
  }
}
