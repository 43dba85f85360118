package io.warmpath.fleet.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.warmpath.response.ByteSink;
import io.warmpath.response.ResponseEnd;
import io.warmpath.response.ResponseListener;
import io.warmpath.response.ResponseObserver;
import io.warmpath.response.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Plays a workload against a server: every request at its time, however late the answers are, and measured from that
 * time; so a server that falls behind cannot hide it.
 */
final class LoadClient implements AutoCloseable {

  private static final int MAX_CONNECTIONS = 4096;
  private static final ByteSink NOWHERE = (bytes, offset, length) -> {};

  private final Vertx vertx;
  private final HttpClient client;
  private final int port;
  private final LongSupplier nanos;
  private final double timeScale;

  /**
   * Creates a client.
   *
   * @param port of the server on this machine
   * @param nanos the time to play in
   * @param timeScale simulated seconds in a second of it
   */
  LoadClient(Vertx vertx, int port, LongSupplier nanos, double timeScale) {
    this.vertx = vertx;
    this.port = port;
    this.nanos = nanos;
    this.timeScale = timeScale;
    client = vertx.createHttpClient(
        new HttpClientOptions().setTcpNoDelay(true).setKeepAlive(true),
        new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
  }

  /**
   * Plays a workload to its end.
   *
   * @param ended is told the number of requests ended, on event loops
   * @param patienceSeconds real seconds to wait for answers after the last arrival; those that have not come by then
   *     count as failed
   */
  @SuppressWarnings("FutureReturnValueIgnored") // what fails to be counted is played all the same
  List<Outcome> play(Workload workload, IntConsumer ended, double patienceSeconds)
      throws InterruptedException {
    List<TimedRequest> requests = workload.requests();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    AtomicInteger done = new AtomicInteger();
    long start = nanos.getAsLong();
    for (TimedRequest request : requests) {
      long due = start + (long) (request.arrivalSeconds() / timeScale * 1e9);
      for (long left; (left = due - nanos.getAsLong()) > 0; ) {
        LockSupport.parkNanos(left);
        if (Thread.interrupted()) {
          throw new InterruptedException("stopped while playing");
        }
      }
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      outcome.thenRun(() -> ended.accept(done.incrementAndGet()));
      outcomes.add(outcome);
      vertx.runOnContext(ignored -> new Call(request, due, outcome).send());
    }
    long deadline = System.nanoTime() + (long) (patienceSeconds * 1e9);
    List<Outcome> results = new ArrayList<>();
    for (CompletableFuture<Outcome> outcome : outcomes) {
      results.add(await(outcome, deadline));
    }
    return results;
  }

  private static Outcome await(CompletableFuture<Outcome> outcome, long deadline)
      throws InterruptedException {
    try {
      return outcome.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return Call.FAILED;
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** One request and its answer. */
  private final class Call implements ResponseListener {
    static final Outcome FAILED = new Outcome(false, Double.NaN, Double.NaN, 0, 0, 0);

    private final TimedRequest request;
    private final long dueNanos;
    private final CompletableFuture<Outcome> outcome;
    private final ResponseObserver observer = new ResponseObserver(this, null);
    private long firstTokenNanos;

    Call(TimedRequest request, long dueNanos, CompletableFuture<Outcome> outcome) {
      this.request = request;
      this.dueNanos = dueNanos;
      this.outcome = outcome;
    }

    void send() {
      client
          .request(HttpMethod.POST, port, "127.0.0.1", request.path())
          .compose(http -> http.putHeader("content-type", "application/json")
              .send(Buffer.buffer(request.body())))
          .compose(this::receive)
          .onFailure(e -> outcome.complete(FAILED));
    }

    private Future<Void> receive(HttpClientResponse response) {
      Promise<Void> end = Promise.promise();
      observer.head(response.statusCode(), response.getHeader("content-type"));
      response.handler(buffer -> {
        byte[] bytes = buffer.getBytes();
        observer.body(bytes, 0, bytes.length, nanos.getAsLong(), NOWHERE);
      });
      response.exceptionHandler(end::tryFail);
      response.endHandler(ignored -> {
        observer.end(nanos.getAsLong(), NOWHERE);
        end.tryComplete();
      });
      return end.future();
    }

    @Override
    public void firstToken(long nowNanos) {
      firstTokenNanos = nowNanos;
    }

    @Override
    public void ended(ResponseEnd end, Usage usage, long nowNanos) {
      if (end != ResponseEnd.COMPLETE || firstTokenNanos == 0) {
        outcome.complete(FAILED);
        return;
      }
      int tokens = usage.outputTokens();
      double itl =
          tokens < 2 ? Double.NaN : simulatedMillis(nowNanos - firstTokenNanos) / (tokens - 1);
      outcome.complete(new Outcome(
          true,
          simulatedMillis(firstTokenNanos - dueNanos),
          itl,
          Math.max(0, usage.promptTokens()),
          Math.max(0, usage.cachedTokens()),
          Math.max(0, tokens)));
    }

    private double simulatedMillis(long nanos) {
      return nanos / 1e6 * timeScale;
    }
  }
}
