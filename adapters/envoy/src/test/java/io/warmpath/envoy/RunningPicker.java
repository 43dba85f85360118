package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.RouterBuilder;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.RunningHost;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A picker that prefers endpoints in the order given, behind a real Envoy. Closing it checks that every
 * routed request and every call of Envoy's has come to its end.
 */
final class RunningPicker extends RunningHost {

  final PickerServer server;
  final RealEnvoy envoy;

  private RunningPicker(
      String configuration,
      UnaryOperator<String> change,
      UnaryOperator<PickerOptions.Builder> options,
      UnaryOperator<RouterBuilder> routing,
      String... addresses)
      throws Exception {
    super(routing, List.of(addresses));
    RealEnvoy.program();
    server = PickerServer.start(
        router,
        new PickerAddress("127.0.0.1", 0, 0, 0),
        options.apply(PickerOptions.builder().scores(scores::add)).build(),
        Map::of);
    List<Integer> ports =
        Arrays.stream(addresses).map(address -> Endpoint.of(address).port()).toList();
    try {
      envoy = RealEnvoy.start(configuration, server.address().port(), ports, change);
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      server.close(Duration.ZERO);
      throw e;
    }
  }

  /** Envoy takes one endpoint's address. */
  static RunningPicker before(String... addresses) throws Exception {
    return new RunningPicker(
        "original-dst", yaml -> yaml, options -> options, routing -> routing, addresses);
  }

  static RunningPicker routing(UnaryOperator<RouterBuilder> routing, String... addresses)
      throws Exception {
    return new RunningPicker("original-dst", yaml -> yaml, options -> options, routing, addresses);
  }

  static RunningPicker with(UnaryOperator<PickerOptions.Builder> options, String... addresses)
      throws Exception {
    return new RunningPicker("original-dst", yaml -> yaml, options, routing -> routing, addresses);
  }

  static RunningPicker configured(UnaryOperator<String> change, String... addresses)
      throws Exception {
    return new RunningPicker(
        "original-dst", change, options -> options, routing -> routing, addresses);
  }

  /** Envoy goes down a list of endpoints. */
  static RunningPicker withFallbacks(String... addresses) throws Exception {
    return withFallbacks(yaml -> yaml, addresses);
  }

  static RunningPicker withFallbacks(UnaryOperator<String> change, String... addresses)
      throws Exception {
    return new RunningPicker(
        "override-host", change, options -> options.maxEndpoints(3), routing -> routing, addresses);
  }

  @Override
  protected int port() {
    return envoy.port();
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
      await("the end of Envoy's calls", () -> server.stats().openCalls() == 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      envoy.close();
      server.close(Duration.ZERO);
    }
  }
}
