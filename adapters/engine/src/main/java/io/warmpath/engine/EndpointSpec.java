package io.warmpath.engine;

import io.warmpath.endpoint.Endpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where one engine is, and where it tells what it has cached.
 *
 * @param endpoint where its requests go
 * @param kvEvents {@code tcp://HOST:PORT} where its KV events are published, or null: then only what
 *     passes through the router is known of its cache
 * @param replay {@code tcp://HOST:PORT} of its replay socket, or null
 */
public record EndpointSpec(
    Endpoint endpoint, @Nullable URI kvEvents, @Nullable URI replay) {

  private static final String FORM =
      "write http://HOST:PORT[,kv-events=tcp://HOST:PORT[,replay=tcp://HOST:PORT]]";

  private static final int HTTP_PORT = 80;

  /** Checks the addresses. */
  public EndpointSpec {
    checkTcp("kv-events", kvEvents);
    checkTcp("replay", replay);
    if (replay != null && kvEvents == null) {
      throw new IllegalArgumentException("replay=" + replay + " needs kv-events=tcp://HOST:PORT");
    }
  }

  private static boolean isPort(int port, boolean mayBeAbsent) {
    return (port >= 1 && port <= 65_535) || (mayBeAbsent && port == -1);
  }

  private static void checkTcp(String name, @Nullable URI address) {
    if (address != null
        && !("tcp".equals(address.getScheme())
            && address.getHost() != null
            && isPort(address.getPort(), false)
            && address.getRawPath().isEmpty())) {
      throw new IllegalArgumentException(
          name + "=" + address + " is not tcp://HOST:PORT" + hint(address));
    }
  }

  /** What is wrong with hosts that engines and containers have, but URIs do not. */
  private static String hint(URI address) {
    String authority = String.valueOf(address.getRawAuthority());
    if (address.getHost() == null && authority.startsWith("*")) {
      return " (* is where an engine listens; name its host)";
    }
    return address.getHost() == null && authority.indexOf('_') >= 0
        ? " (a host name cannot have an underscore; use another name or the IP address)"
        : "";
  }

  /**
   * Reads {@code http://HOST:PORT[,kv-events=tcp://HOST:PORT[,replay=tcp://HOST:PORT]]}; the URL has
   * no path, and port 80 if none is given. The endpoint's pod is named by its address.
   *
   * @param text such as {@code http://10.0.0.7:8000,kv-events=tcp://10.0.0.7:5557}
   * @return the addresses
   * @throws IllegalArgumentException if it has another form; the message says which part and what to
   *     write
   */
  public static EndpointSpec parse(String text) {
    String[] parts = text.split(",", -1);
    URI kvEvents = null;
    URI replay = null;
    try {
      for (int i = 1; i < parts.length; i++) {
        String part = parts[i].trim();
        if (part.startsWith("kv-events=") && kvEvents == null) {
          kvEvents = new URI(part.substring("kv-events=".length()));
        } else if (part.startsWith("replay=") && replay == null) {
          replay = new URI(part.substring("replay=".length()));
        } else {
          throw new IllegalArgumentException(
              "'" + part + "' is neither kv-events=… nor replay=…, or is there twice");
        }
      }
      return new EndpointSpec(endpoint(new URI(parts[0].trim())), kvEvents, replay);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "endpoint '" + text + "': '" + e.getInput() + "' is no address (" + e.getReason() + "); "
              + FORM,
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "endpoint '" + text + "': " + e.getMessage() + "; " + FORM, e);
    }
  }

  private static Endpoint endpoint(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") || url.getHost() == null || !isPort(url.getPort(), true)) {
      throw new IllegalArgumentException("'" + url + "' is not http://HOST:PORT" + hint(url));
    }
    boolean hasPath = url.getRawPath() != null && url.getRawPath().length() > 1;
    if (hasPath || url.getRawQuery() != null || url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "'" + url + "' must end after the port; the paths of requests are kept as they come");
    }
    int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
    return Endpoint.of(url.getHost() + ":" + port);
  }
}
