package io.warmpath.envoy;

import com.google.common.net.InetAddresses;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.EndpointSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Endpoints from a file of llm-d's {@code file-discovery} plugin, YAML or JSON:
 *
 * <pre>{@code
 * endpoints:
 *   - name: vllm-0                 # required, unique within its namespace
 *     namespace: default           # optional
 *     address: 10.0.0.1            # required, an IP address
 *     port: "8000"                 # required
 *     labels:                      # optional; these two are Warmpath's own
 *       warmpath.io/kv-events-port: "5557"
 *       warmpath.io/kv-replay-port: "5657"
 * }</pre>
 *
 * <p>The two labels say where the engine at the same address publishes its KV events and replays them.
 * Other labels are accepted and not looked at yet. Where llm-d's picker takes unknown fields for
 * comments, they are errors here, because most of them are misspelt.
 *
 * <p>Source: {@code pkg/epp/framework/plugins/datalayer/discovery/file} of llm-d-router, commit 25eaa393.
 */
public final class EndpointsFile {

  /** Where the engine publishes its KV events. */
  public static final String KV_EVENTS_PORT = "warmpath.io/kv-events-port";

  /** Where the engine replays its KV events. */
  public static final String KV_REPLAY_PORT = "warmpath.io/kv-replay-port";

  /** Longest file: 1 MiB, as in llm-d's picker. */
  public static final int MAX_BYTES = 1 << 20;

  private static final String DEFAULT_NAMESPACE = "default";
  private static final Set<String> FIELDS =
      Set.of("name", "namespace", "address", "port", "metricsHost", "labels");

  private final List<EndpointSpec> endpoints = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> addresses = new HashSet<>();

  private EndpointsFile() {}

  /**
   * Reads a file.
   *
   * @param file the file
   * @return its endpoints in their order, pods named {@code name}, or {@code namespace/name} outside of
   *     the namespace {@code default}
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is too long, no YAML, or an entry is wrong; the message has
   *     the path to the field and what is allowed
   */
  public static List<EndpointSpec> read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(file + " is longer than 1 MiB");
    }
    try {
      return parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  static List<EndpointSpec> parse(String text) {
    Object document;
    try {
      document = new Load(LoadSettings.builder().setLabel("it").build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("not YAML: " + e.getMessage(), e);
    }
    Map<?, ?> top = document instanceof Map<?, ?> map ? map : Map.of();
    Object list = top.get("endpoints");
    if (!(list instanceof List<?> entries) || top.size() != 1) {
      throw new IllegalArgumentException("must have the one field 'endpoints', a list such as"
          + " [{name: vllm-0, address: 10.0.0.1, port: \"8000\"}]");
    }
    EndpointsFile file = new EndpointsFile();
    for (int i = 0; i < entries.size(); i++) {
      file.add("endpoints[" + i + "]", entries.get(i));
    }
    return List.copyOf(file.endpoints);
  }

  private void add(String path, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> entry)) {
      throw new IllegalArgumentException(path + " must have the fields name, address and port");
    }
    for (Object field : entry.keySet()) {
      if (!FIELDS.contains(String.valueOf(field))) {
        throw new IllegalArgumentException(path + "." + field
            + " is not known; there are name, namespace, address, port and labels");
      }
    }
    String name = required(path, entry, "name");
    String namespace = optional(entry, "namespace", DEFAULT_NAMESPACE);
    String pod = namespace.equals(DEFAULT_NAMESPACE) ? name : namespace + "/" + name;
    String host = required(path, entry, "address");
    if (!InetAddresses.isInetAddress(host)) {
      throw new IllegalArgumentException(
          path + ".address must be an IP address such as 10.0.0.1, was '" + host + "'");
    }
    int port = port(path + ".port", required(path, entry, "port"));
    Endpoint endpoint = new Endpoint(pod, host, port, 0);
    String metrics = optional(entry, "metricsHost", endpoint.address());
    if (!metrics.equals(endpoint.address())) {
      throw new IllegalArgumentException(
          path + ".metricsHost: metrics are read where requests go, at " + endpoint.address()
              + "; remove the field");
    }
    if (!names.add(pod)) {
      throw new IllegalArgumentException(path + ".name '" + pod + "' is there twice");
    }
    if (!addresses.add(endpoint.address())) {
      throw new IllegalArgumentException(
          path + ": " + endpoint.address() + " is there twice; give each engine once");
    }
    Map<?, ?> labels = labels(path + ".labels", entry.get("labels"));
    endpoints.add(new EndpointSpec(
        endpoint,
        tcp(path, endpoint, labels, KV_EVENTS_PORT),
        tcp(path, endpoint, labels, KV_REPLAY_PORT)));
  }

  private static String required(String path, Map<?, ?> entry, String field) {
    String value = optional(entry, field, "");
    if (value.isBlank()) {
      throw new IllegalArgumentException(path + "." + field + " is missing");
    }
    return value;
  }

  private static String optional(Map<?, ?> entry, String field, String otherwise) {
    Object value = entry.get(field);
    return value == null ? otherwise : String.valueOf(value);
  }

  private static Map<?, ?> labels(String path, @Nullable Object value) {
    if (value == null) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> labels) {
      return labels;
    }
    throw new IllegalArgumentException(path + " must be names with values, such as {role: decode}");
  }

  private static int port(String path, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        path + " must be a number in [1, 65535], was '" + text + "'");
  }

  private static @Nullable URI tcp(String path, Endpoint endpoint, Map<?, ?> labels, String label) {
    Object value = labels.get(label);
    if (value == null) {
      return null;
    }
    int port = port(path + ".labels['" + label + "']", String.valueOf(value));
    Endpoint events = new Endpoint(endpoint.pod(), endpoint.host(), port, endpoint.rank());
    return URI.create("tcp://" + events.address());
  }
}
