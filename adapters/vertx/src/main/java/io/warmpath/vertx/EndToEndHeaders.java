package io.warmpath.vertx;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.warmpath.DestinationHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers pass the proxy: all but those of one connection (RFC 9110, section 7.6.1). */
final class EndToEndHeaders {

  private static final String CONNECTION = "connection";

  private static final Set<String> HOP_BY_HOP = Set.of(
      CONNECTION,
      "keep-alive",
      "proxy-connection",
      "proxy-authenticate",
      "proxy-authorization",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade");

  /**
   * Set anew for each endpoint, or not meant for it: answers must come uncompressed, because they are
   * read on their way, and who computes the prompt is not for clients to say.
   */
  private static final Set<String> OURS = Set.of(
      "host",
      "content-length",
      "expect",
      "accept-encoding",
      DestinationHeaders.DESTINATION,
      DestinationHeaders.PREFILLER);

  private EndToEndHeaders() {}

  /** Returns a copy of a client's headers, for an endpoint. */
  static MultiMap ofRequest(MultiMap from) {
    MultiMap to = HttpHeaders.headers();
    copy(from, to, OURS);
    return to;
  }

  /** Copies an endpoint's headers for a client. */
  static void ofResponse(MultiMap from, MultiMap to) {
    copy(from, to, Set.of());
  }

  private static void copy(MultiMap from, MultiMap to, Set<String> not) {
    Set<String> named = named(from.getAll(CONNECTION));
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!HOP_BY_HOP.contains(name) && !not.contains(name) && !named.contains(name)) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  /** Headers that {@code Connection} declares to be of one connection. */
  private static Set<String> named(List<String> connection) {
    if (connection.isEmpty()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String value : connection) {
      for (String name : value.split(",", -1)) {
        names.add(name.trim().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }
}
