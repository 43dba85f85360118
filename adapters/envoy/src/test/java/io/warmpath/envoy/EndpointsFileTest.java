package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.EndpointSpec;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsFileTest {

  @Test
  void llmdsOwnSampleIsRead() {
    List<EndpointSpec> endpoints = EndpointsFile.parse("""
        endpoints:
          - name: vllm-0
            address: "10.0.0.1"
            port: "8000"
          - name: vllm-1
            namespace: other
            address: "10.0.0.2"
            port: "8000"
            labels:
              llm-d.ai/role: decode
        """);

    assertEquals(
        List.of(
            new Endpoint("vllm-0", "10.0.0.1", 8000, 0),
            new Endpoint("other/vllm-1", "10.0.0.2", 8000, 0)),
        endpoints.stream().map(EndpointSpec::endpoint).toList());
    assertNull(endpoints.get(0).kvEvents());
  }

  @Test
  void jsonIsYamlToo() {
    assertEquals(
        "[::1]:8000",
        EndpointsFile.parse(
                "{\"endpoints\":[{\"name\":\"a\",\"address\":\"::1\",\"port\":8000,\"metricsHost\":\"[::1]:8000\"}]}")
            .get(0)
            .endpoint()
            .address());
  }

  @Test
  void labelsSayWhereEventsAre() {
    EndpointSpec spec = EndpointsFile.parse("""
        endpoints:
          - name: a
            address: 127.0.0.1
            port: "8101"
            labels: { warmpath.io/kv-events-port: "5601", warmpath.io/kv-replay-port: 5701 }
        """).get(0);

    assertEquals(URI.create("tcp://127.0.0.1:5601"), spec.kvEvents());
    assertEquals(URI.create("tcp://127.0.0.1:5701"), spec.replay());
  }

  @Test
  void theShippedFileIsRead() throws Exception {
    assertEquals(
        3, EndpointsFile.read(Path.of("../../examples/envoy/endpoints.yaml")).size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: [                                                  | not YAML",
        "''                                                    | must have the one field 'endpoints'",
        "{endpoints: [], more: 1}                              | must have the one field 'endpoints'",
        "endpoints: {a: b}                                     | must have the one field 'endpoints'",
        "endpoints: [7]                                        | endpoints[0] must have the fields",
        "endpoints: [{address: 10.0.0.1, port: 1}]             | endpoints[0].name is missing",
        "endpoints: [{name: a, port: 1}]                       | endpoints[0].address is missing",
        "endpoints: [{name: a, address: 10.0.0.1}]             | endpoints[0].port is missing",
        "endpoints: [{name: a, address: vllm, port: 1}]        | endpoints[0].address must be an IP",
        "endpoints: [{name: a, address: 10.0.0.1, port: 0}]    | endpoints[0].port must be a number in",
        "endpoints: [{name: a, address: 10.0.0.1, port: x}]    | was 'x'",
        "endpoints: [{name: a, address: 10.0.0.1, prot: 1}]    | endpoints[0].prot is not known",
        "endpoints: [{name: a, address: 10.0.0.1, port: 1, labels: x}] | endpoints[0].labels must be",
        "endpoints: [{name: a, address: 10.0.0.1, port: 1, metricsHost: 'h:2'}] | .metricsHost: metrics",
        "endpoints: [{name: a, address: 10.0.0.1, port: 1}, {name: a, address: 10.0.0.2, port: 1}] | endpoints[1].name 'a' is there twice",
        "endpoints: [{name: a, address: 10.0.0.1, port: 1}, {name: b, address: 10.0.0.1, port: 1}] | endpoints[1]: 10.0.0.1:1 is there twice",
        "endpoints: [{name: a, address: 10.0.0.1, port: 1, labels: {warmpath.io/kv-events-port: x}}] | labels['warmpath.io/kv-events-port']",
        "endpoints: [{name: a, address: 10.0.0.1, port: 1, labels: {warmpath.io/kv-replay-port: 2}}] | needs kv-events",
      })
  void anErrorNamesTheFieldAndWhatIsAllowed(String text, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> EndpointsFile.parse(text));

    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  @Test
  void aFileOfMoreThanAMebibyteIsRefused(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(
        folder.resolve("endpoints.yaml"), "# " + "x".repeat(EndpointsFile.MAX_BYTES));

    Exception e = assertThrows(IllegalArgumentException.class, () -> EndpointsFile.read(file));

    assertEquals(file + " is longer than 1 MiB", e.getMessage());
  }
}
