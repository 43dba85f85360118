package io.warmpath.endpoint;

import com.google.common.net.HostAndPort;

/**
 * One model server as the target of a request. Data-parallel ranks are endpoints that share a pod.
 *
 * @param pod name of the pod, unique in its pool; outside of Kubernetes the address will do
 * @param host name or IP address, without brackets and port
 * @param port TCP port, in {@code [1, 65535]}
 * @param rank data-parallel rank, at least 0
 */
public record Endpoint(String pod, String host, int port, int rank) {

  /** Checks the parts. */
  public Endpoint {
    if (pod.isBlank()) {
      throw new IllegalArgumentException("endpoint: pod must not be blank; its address will do");
    }
    if (host.isBlank()) {
      throw new IllegalArgumentException("endpoint '" + pod + "': host must not be blank");
    }
    if (host.startsWith("[") || (host.contains(":") && !isIpv6(host))) {
      throw new IllegalArgumentException("endpoint '" + pod
          + "': host must be a name or an IP address, without brackets and port, was '" + host
          + "'");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "endpoint '" + pod + "': port must be in [1, 65535], was " + port);
    }
    if (rank < 0) {
      throw new IllegalArgumentException(
          "endpoint '" + pod + "': rank must be at least 0, was " + rank);
    }
  }

  /**
   * Makes the endpoint of a pod with one rank, named by its address.
   *
   * @param address {@code host:port}; an IPv6 host in brackets
   * @return the endpoint
   * @throws IllegalArgumentException if there is no host or no port
   */
  public static Endpoint of(String address) {
    HostAndPort parts = HostAndPort.fromString(address);
    if (!parts.hasPort()) {
      throw new IllegalArgumentException("endpoint '" + address + "' has no port; write host:port");
    }
    return new Endpoint(parts.toString(), parts.getHost(), parts.getPort(), 0);
  }

  /** Tells it from host and port, as Guava's HostAndPort does: only IPv6 has more than one colon. */
  private static boolean isIpv6(String host) {
    return host.indexOf(':') != host.lastIndexOf(':');
  }

  /** {@return {@code host:port}, the host in brackets if it is an IPv6 address} */
  public String address() {
    return HostAndPort.fromParts(host, port).toString();
  }
}
