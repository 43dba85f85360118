package io.warmpath.engine;

import com.google.common.net.HostAndPort;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.event.KvEventSink;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of one source come from and where they go.
 *
 * @param source the endpoint, with its rank
 * @param eventsAddress of its publisher, {@code tcp://host:port}
 * @param replayAddress of its replay socket, or null
 * @param sink receives the events
 */
record Subscription(
    Endpoint source, String eventsAddress, @Nullable String replayAddress, KvEventSink sink) {

  private static final String SCHEME = "tcp://";

  Subscription {
    check(source, "events", eventsAddress);
    if (replayAddress != null) {
      check(source, "replay", replayAddress);
    }
  }

  private static void check(Endpoint source, String what, String address) {
    try {
      HostAndPort parts = address.startsWith(SCHEME)
          ? HostAndPort.fromString(address.substring(SCHEME.length()))
          : HostAndPort.fromHost("");
      if (!parts.getHost().isBlank() && !parts.getHost().equals("*") && parts.getPort() > 0) {
        return;
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      // said below
    }
    throw new IllegalArgumentException("endpoint '" + source.pod() + "': " + what + " address '"
        + address + "' must be tcp://host:port, with the pod's own name or address");
  }

  @Override
  public String toString() {
    return source.pod() + " rank " + source.rank() + " at " + eventsAddress;
  }
}
