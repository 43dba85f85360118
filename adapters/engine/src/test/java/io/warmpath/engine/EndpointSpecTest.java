package io.warmpath.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointSpecTest {

  @Test
  void aUrlAloneIsEnough() {
    EndpointSpec spec = EndpointSpec.parse("http://127.0.0.1:8101");

    assertEquals("127.0.0.1:8101", spec.endpoint().address());
    assertNull(spec.kvEvents());
    assertNull(spec.replay());
  }

  @Test
  void allPartsAreRead() {
    EndpointSpec spec = EndpointSpec.parse(
        "http://127.0.0.1:8101/,kv-events=tcp://127.0.0.1:5601,replay=tcp://127.0.0.1:5701");

    assertEquals(URI.create("tcp://127.0.0.1:5601"), spec.kvEvents());
    assertEquals(URI.create("tcp://127.0.0.1:5701"), spec.replay());
  }

  @Test
  void anAddressOfVersion6KeepsItsBrackets() {
    assertEquals(
        "[::1]:8000", EndpointSpec.parse("http://[::1]:8000").endpoint().address());
  }

  @Test
  void thePortOfHttpIs80() {
    assertEquals("vllm:80", EndpointSpec.parse("http://vllm").endpoint().address());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                                          | is not http://HOST:PORT",
        "127.0.0.1:8101                                              | 127.0.0.1:8101",
        "https://h:1                                                 | is not http://HOST:PORT",
        "http://h:1/v1                                               | must end after the port",
        "http://h:1?a=b                                              | must end after the port",
        "http://h:1,events=tcp://h:2                                 | neither kv-events",
        "http://h:1,kv-events=http://h:2                             | is not tcp://HOST:PORT",
        "http://h:1,kv-events=tcp://h                                | is not tcp://HOST:PORT",
        "http://h:1,kv-events=tcp://*:5557                           | kv-events=tcp://*:5557",
        "http://*:8000                                               | * is where an engine listens",
        "http://h:1,kv-events=tcp://*:5557                           | * is where an engine listens",
        "http://vllm_0:8000                                          | cannot have an underscore",
        "http://h:1,kv-events=                                       | kv-events= is not",
        "http://h:1,replay=tcp://h:3                                 | needs kv-events",
        "http://h:1,kv-events=tcp://h:2,kv-events=tcp://h:2          | is there twice",
        "http://h:1,                                                 | neither kv-events",
        "http://h h:1                                                | is no address",
        "http://h:99999                                              | 99999"
      })
  void anErrorNamesTheValueThePartAndTheForm(String text, String reason) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> EndpointSpec.parse(text));

    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("endpoint '" + text + "': "), message);
    assertTrue(message.contains(reason), message);
    assertTrue(message.endsWith("[,replay=tcp://HOST:PORT]]"), message);
  }
}
