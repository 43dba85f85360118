package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProxyOptionsTest {

  private static void refused(String message, ProxyOptions.Builder builder) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, builder::build).getMessage());
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    refused("port must be in [0, 65535], was 65536", ProxyOptions.builder().port(65_536));
    refused("maxBodyBytes must be at least 1, was 0", ProxyOptions.builder().maxBodyBytes(0));
    refused("eventLoops must be at least 1, was 0", ProxyOptions.builder().eventLoops(0));
    refused(
        "connectionsPerEndpoint must be at least 1, was -1",
        ProxyOptions.builder().connectionsPerEndpoint(-1));
    refused(
        "idleTimeout must be from 1 ms to 2147483647 ms, was PT0S",
        ProxyOptions.builder().idleTimeout(Duration.ZERO));
    refused(
        "host must not be blank; 0.0.0.0 listens everywhere",
        ProxyOptions.builder().host(" "));
  }

  @Test
  void bothSidesSendSmallPacketsAtOnce() {
    ProxyOptions options = ProxyOptions.builder().build();

    assertTrue(ProxyLoop.serverOptions().isTcpNoDelay());
    assertTrue(ProxyLoop.clientOptions(options).isTcpNoDelay());
  }

  @Test
  void bothSidesSpeakHttp1() {
    assertFalse(ProxyLoop.serverOptions().isHttp2ClearTextEnabled());
    assertTrue(ProxyLoop.clientOptions(ProxyOptions.builder().build()).isKeepAlive());
  }
}
