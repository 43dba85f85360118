package io.warmpath.engine;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An engine's metrics page on a real HTTP server. */
final class MetricsServer implements AutoCloseable {

  /** Where nobody listens, and nobody comes to, as no system hands out ports as low as this one. */
  static final String REFUSING = "127.0.0.1:1";

  private static final String PAGE = "# TYPE vllm:num_requests_running gauge\n"
      + "vllm:num_requests_running{engine=\"0\"} 0.0\n"
      + "vllm:num_requests_waiting{engine=\"0\"} 0.0\n"
      + "vllm:cache_config_info{block_size=\"32\",engine=\"0\",num_gpu_blocks=\"100\"} 1.0\n";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;
  private volatile int status;
  private volatile boolean hangs;

  private MetricsServer(int status, boolean hangs) throws IOException {
    this.status = status;
    this.hangs = hangs;
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext("/metrics", exchange -> {
      try {
        if (this.hangs) {
          closed.await();
        }
        byte[] body = PAGE.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(this.status, body.length);
        exchange.getResponseBody().write(body);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        exchange.close();
      }
    });
    server.start();
  }

  /** Tells a block size of 32. */
  static MetricsServer up() throws IOException {
    return new MetricsServer(200, false);
  }

  /** Answers 503 until {@link #comeUp}. */
  static MetricsServer down() throws IOException {
    return new MetricsServer(503, false);
  }

  /** Takes requests and never answers them. */
  static MetricsServer hanging() throws IOException {
    return new MetricsServer(200, true);
  }

  void comeUp() {
    status = 200;
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
