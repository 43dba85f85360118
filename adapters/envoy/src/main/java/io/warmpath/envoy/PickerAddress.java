package io.warmpath.envoy;

/**
 * Where a {@link PickerServer} listens. Port 0 takes a free one.
 *
 * @param host name or address; {@code 0.0.0.0} listens everywhere
 * @param port for Envoy, in {@code [0, 65535]}
 * @param healthPort for gRPC health checks
 * @param statsPort for {@code GET /stats}, HTTP
 */
public record PickerAddress(String host, int port, int healthPort, int statsPort) {

  /** For Envoy: 9002, as in llm-d's picker and the samples of the Gateway API inference extension. */
  public static final int DEFAULT_PORT = 9002;

  /** For health checks: 9003, from the same place. */
  public static final int DEFAULT_HEALTH_PORT = 9003;

  /** For the counters: 9090, from the same place. */
  public static final int DEFAULT_STATS_PORT = 9090;

  /** Checks the ranges. */
  public PickerAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must not be blank; 0.0.0.0 listens everywhere");
    }
    check("port", port);
    check("healthPort", healthPort);
    check("statsPort", statsPort);
  }

  private static void check(String name, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(name + " must be in [0, 65535], was " + port);
    }
  }
}
