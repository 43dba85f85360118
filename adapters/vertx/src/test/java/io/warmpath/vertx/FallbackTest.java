package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.engine.FakeEngine;
import io.warmpath.response.ResponseEnd;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class FallbackTest {

  private static final String WHOLE = "{\"choices\":[{\"message\":{\"content\":\"b\"}}]}";

  @Test
  void aRefusedConnectionGoesToTheNextEndpoint() throws Exception {
    try (FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING, second.address())) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(WHOLE, response.body());
      assertEquals(
          second.address(), response.headers().firstValue("x-warmpath-endpoint").orElse(""));
      assertEquals(1, proxy.router.stats().retried());
    }
  }

  @Test
  void anAddressThatVertxRejectsGoesToTheNextEndpoint() throws Exception {
    try (FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before("[fe80::1%nowhere]:8000", second.address())) {
      assertEquals(WHOLE, proxy.chat().body());
    }
  }

  @Test
  void aStatusOf503GoesToTheNextEndpoint() throws Exception {
    try (FakeEngine first = new FakeEngine((request, to) -> to.json(503, "{\"busy\":1}"));
        FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(first.address(), second.address())) {
      assertEquals(WHOLE, proxy.chat().body());
      assertEquals(1, first.requests.size());
    }
  }

  @Test
  void theLast503IsTheAnswer() throws Exception {
    try (FakeEngine first = new FakeEngine((request, to) -> to.json(503, "{\"busy\":1}"));
        FakeEngine second = new FakeEngine((request, to) -> to.json(503, "{\"busy\":2}"));
        RunningProxy proxy = RunningProxy.before(first.address(), second.address())) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(503, response.statusCode());
      assertEquals("{\"busy\":2}", response.body());
      assertEquals(ResponseEnd.FAILED, proxy.nextEnd());
    }
  }

  @Test
  void aConnectionLostBeforeTheHeadGoesToTheNextEndpoint() throws Exception {
    try (FakeEngine first = new FakeEngine((request, to) -> to.reset());
        FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(first.address(), second.address())) {
      assertEquals(WHOLE, proxy.chat().body());
    }
  }

  @Test
  void aConnectionLostBetweenHeadAndBodyGoesToTheNextEndpoint() throws Exception {
    try (FakeEngine first = new FakeEngine((request, to) -> {
          to.streamHead();
          to.reset();
        });
        FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(first.address(), second.address())) {
      assertEquals(WHOLE, proxy.chat().body());
    }
  }

  @Test
  void nothingIsTriedAgainOnceAByteWasPassed() throws Exception {
    try (FakeEngine first = new FakeEngine((request, to) -> {
          to.streamHead();
          to.chunk("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
          to.reset();
        });
        FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningProxy proxy = RunningProxy.before(first.address(), second.address())) {
      assertThrows(IOException.class, proxy::chat);

      assertEquals(ResponseEnd.TRUNCATED, proxy.nextEnd());
      assertEquals(0, second.requests.size());
      assertEquals(1, proxy.server.stats().truncated());
    }
  }

  @Test
  void whenAllRefuseTheAnswerIs502() throws Exception {
    String last = FakeEngine.ALSO_REFUSING;
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING, last)) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(502, response.statusCode());
      assertTrue(response.body().startsWith("{\"error\":{\"message\":"), response.body());
      assertTrue(response.body().contains(last), response.body());
      assertEquals(1, proxy.server.stats().undelivered());
    }
  }

  @Test
  void withoutEndpointsTheAnswerIs503() throws Exception {
    try (RunningProxy proxy = RunningProxy.before()) {
      HttpResponse<String> response = proxy.chat();

      assertEquals(503, response.statusCode());
      assertTrue(response.body().contains("no endpoint is registered"), response.body());
      assertEquals(1, proxy.server.stats().unroutable());
    }
  }
}
