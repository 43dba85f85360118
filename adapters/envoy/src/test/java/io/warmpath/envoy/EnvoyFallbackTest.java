package io.warmpath.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.FakeEngine;
import io.warmpath.response.ResponseEnd;
import java.net.http.HttpResponse;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Endpoints that cannot be reached, through a real Envoy. */
@Timeout(120)
class EnvoyFallbackTest {

  private static final String WHOLE = "{\"choices\":[{\"message\":{\"content\":\"b\"}}]}";

  @Test
  void aDeadEndpointIsFollowedByTheNext() throws Exception {
    try (FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.withFallbacks(FakeEngine.REFUSING, second.address())) {
      HttpResponse<String> response = picker.chat();

      assertEquals(WHOLE, response.body());
      assertEquals(
          second.address(), response.headers().firstValue("x-warmpath-endpoint").orElse(""));
      assertEquals(
          FakeEngine.REFUSING + "," + second.address(),
          second.requests.get(0).headers().get("x-gateway-destination-endpoint"));
      assertEquals(ResponseEnd.COMPLETE, picker.nextEnd());
      assertEquals(1, picker.router.stats().retried());
      assertEquals(1, picker.router.endpoints().states().get(0).failures());
      assertEquals(0, picker.server.stats().servedElsewhere());
    }
  }

  @Test
  void anEndpointThatAnswers503IsFollowedByTheNext() throws Exception {
    try (FakeEngine first = new FakeEngine((request, to) -> to.json(503, "{\"busy\":1}"));
        FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.withFallbacks(first.address(), second.address())) {
      assertEquals(WHOLE, picker.chat().body());
      assertEquals(1, first.requests.size());
      assertEquals(1, picker.router.stats().retried());
    }
  }

  @Test
  void aBodyOf300KilobytesIsSentAgainWhole() throws Exception {
    String content = String.join("", Collections.nCopies(300 * 64, "0123456789abcdef"));
    String chat =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}";
    try (FakeEngine first = new FakeEngine((request, to) -> to.json(503, "{\"busy\":1}"));
        FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.withFallbacks(first.address(), second.address())) {
      assertEquals(
          WHOLE, picker.send(picker.post(RunningPicker.CHAT_PATH, chat)).body());
      assertEquals(chat, second.requests.get(0).text());
    }
  }

  @Test
  void whenAllRefuseTheClientGetsEnvoysAnswerAndAllAreAvoided() throws Exception {
    try (RunningPicker picker =
        RunningPicker.withFallbacks(FakeEngine.REFUSING, FakeEngine.ALSO_REFUSING)) {
      assertEquals(503, picker.chat().statusCode());
      assertEquals(ResponseEnd.FAILED, picker.nextEnd());
      assertEquals(1, picker.server.stats().undelivered());
      assertEquals(1, picker.router.stats().exhausted());
    }
  }

  @Test
  void aLoneEndpointThatRefusesIsAvoidedNextTime() throws Exception {
    try (FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.before(FakeEngine.REFUSING, second.address())) {
      assertEquals(503, picker.chat().statusCode());
      assertEquals(ResponseEnd.FAILED, picker.nextEnd());
      assertEquals(1, picker.server.stats().undelivered());

      assertEquals(WHOLE, picker.chat().body());
    }
  }

  @Test
  void metadataNameTheEndpointsAsTheHeaderDoes() throws Exception {
    try (FakeEngine first = new FakeEngine((request, to) -> to.json(200, "{}"));
        FakeEngine second = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.withFallbacks(
            yaml -> yaml.replace(
                "- header: x-gateway-destination-endpoint",
                "- metadata: { key: envoy.lb, path: [ { key: x-gateway-destination-endpoint } ] }"),
            first.address(),
            second.address())) {
      picker.router.endpoints().remove(Endpoint.of(first.address()));

      assertEquals(WHOLE, picker.chat().body());
      assertEquals(WHOLE, picker.chat().body());
      assertEquals(0, first.requests.size());
      assertEquals(0, picker.server.stats().servedElsewhere());
    }
  }

  @Test
  void anEndpointThatEnvoyDoesNotKnowIsSeenToBeServedElsewhere() throws Exception {
    try (FakeEngine known = new FakeEngine((request, to) -> to.json(200, WHOLE));
        RunningPicker picker = RunningPicker.withFallbacks(known.address())) {
      picker
          .router
          .endpoints()
          .states()
          .forEach(s -> picker.router.endpoints().remove(s.endpoint()));
      picker.router.endpoints().add(Endpoint.of(FakeEngine.REFUSING));

      HttpResponse<String> response = picker.chat();

      // Envoy's own configuration decides then; the two other engines of it refuse.
      assertTrue(response.statusCode() == 200 || response.statusCode() == 503, response.body());
      picker.nextEnd();
      assertEquals(1, picker.server.stats().servedElsewhere());
    }
  }
}
