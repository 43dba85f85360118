package io.warmpath.envoy;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.warmpath.Router;
import io.warmpath.envoy.proto.ProcessingRequest;
import io.warmpath.envoy.proto.ProcessingResponse;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC service {@code envoy.service.ext_proc.v3.ExternalProcessor}: reads each completion request
 * that Envoy holds back, and tells it the endpoint that the router chooses.
 *
 * <p>Envoy must be set to send headers, bodies and trailers of both directions, bodies as
 * {@code FULL_DUPLEX_STREAMED}: then a choice can wait for a whole prompt, and answers stream. Other
 * modes are refused with an error that says so. Requests that are no completions go to any endpoint,
 * unread.
 *
 * <p>Where it differs from llm-d's picker: errors are JSON objects as OpenAI's clients read them; with
 * no endpoint, a GET is answered 503 as the protocol asks, not 500; trailers of requests are passed on.
 *
 * <p><b>Threads:</b> safe for any number. It has one daemon thread that watches for silence.
 */
public final class EndpointPicker implements BindableService, AutoCloseable {

  /** How late silence may be noticed, as a share of the shorter time limit. */
  private static final int TICKS = 8;

  private final Router router;
  private final PickerOptions options;
  private final PickerCounters counters = new PickerCounters();
  private final Set<PickCall> calls = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer;

  /**
   * Creates the service.
   *
   * @param router chooses the endpoints; the embedder fills it
   * @param options how to answer and how long to wait
   */
  @SuppressWarnings("FutureReturnValueIgnored") // Calls catch what goes wrong in them.
  public EndpointPicker(Router router, PickerOptions options) {
    this.router = router;
    this.options = options;
    this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
      Thread thread = new Thread(task, "warmpath-silence");
      thread.setDaemon(true);
      return thread;
    });
    long shortest =
        Math.min(options.idleTimeout().toMillis(), options.firstByteTimeout().toMillis());
    long tick = Math.max(1, Math.min(1000, shortest / TICKS));
    timer.scheduleWithFixedDelay(this::expire, tick, tick, TimeUnit.MILLISECONDS);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(ExtProc.SERVICE)
        .addMethod(ExtProc.PROCESS, ServerCalls.asyncBidiStreamingCall(this::open))
        .build();
  }

  private StreamObserver<ProcessingRequest> open(StreamObserver<ProcessingResponse> responses) {
    ServerCallStreamObserver<ProcessingResponse> out =
        (ServerCallStreamObserver<ProcessingResponse>) responses;
    PickCall call = new PickCall(router, options, counters, out, calls::remove);
    calls.add(call);
    counters.openCalls.increment();
    out.disableAutoRequest();
    out.setOnReadyHandler(call::ready);
    out.setOnCancelHandler(call::ended);
    out.setOnCloseHandler(call::ended);
    out.request(1);
    return call;
  }

  private void expire() {
    long now = router.nanoClock().getAsLong();
    calls.forEach(call -> call.expire(now));
  }

  /** {@return the counters; they may be a few requests apart} */
  public PickerStats stats() {
    return counters.stats();
  }

  /** Stops watching for silence; calls that are open go on. */
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
