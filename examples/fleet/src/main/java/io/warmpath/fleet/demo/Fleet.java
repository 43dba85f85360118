package io.warmpath.fleet.demo;

import io.vertx.core.Vertx;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.EndpointSpec;
import io.warmpath.fleet.engine.EngineConfig;
import io.warmpath.fleet.engine.FleetTokenizer;
import io.warmpath.fleet.engine.PatientNanos;
import io.warmpath.fleet.engine.SimClock;
import io.warmpath.fleet.engine.SimulatedEngine;
import io.warmpath.fleet.engine.StepTime;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Simulated engines that share one clock, on free ports of this machine. */
final class Fleet implements AutoCloseable {

  /** What the engines say they serve. */
  static final String MODEL = "Qwen/Qwen3-32B";

  private final List<SimulatedEngine> engines = new ArrayList<>();
  /** A step that computes one token of one sequence, real time. */
  private final double stepNanos;

  private final PatientNanos time = new PatientNanos();

  /**
   * Starts a fleet.
   *
   * @param pods engines, at least 1
   * @param timeScale simulated seconds a real second
   */
  Fleet(Vertx vertx, FleetTokenizer tokenizer, int pods, double timeScale) {
    SimClock clock = new SimClock(time, timeScale);
    stepNanos = StepTime.QWEN3_32B_2X_H100.millis(0, 0, 1, 0) / timeScale * 1e6;
    try {
      for (int pod = 0; pod < pods; pod++) {
        EngineConfig config = EngineConfig.builder()
            .name("pod-" + pod)
            .modelName(MODEL)
            .clock(clock)
            .build();
        engines.add(new SimulatedEngine(config, vertx, tokenizer, times -> {}).start());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** {@return how a proxy reaches the engines} */
  List<EndpointSpec> endpoints() {
    return engines.stream()
        .map(e -> new EndpointSpec(
            Endpoint.of(e.url().getAuthority()),
            URI.create(e.kvEventEndpoint()),
            URI.create(e.kvReplayEndpoint())))
        .toList();
  }

  /** {@return the fleet's time, which stands still while an engine is late} */
  PatientNanos time() {
    return time;
  }

  /** {@return the lateness of the fleet's steps, 99th percentile, as a share of the shortest step} */
  double lagShare() {
    return SimulatedEngine.lag(engines).p99Nanos() / stepNanos;
  }

  @Override
  public void close() {
    engines.forEach(SimulatedEngine::close);
    time.close();
  }
}
