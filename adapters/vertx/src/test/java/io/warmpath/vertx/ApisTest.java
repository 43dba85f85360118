package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.RouterBuilder;
import io.warmpath.engine.ApisContract;
import io.warmpath.engine.FakeEngine;
import io.warmpath.engine.RunningHost;
import io.warmpath.response.ResponseEnd;
import java.net.http.HttpResponse;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through the proxy. */
class ApisTest extends ApisContract {

  @Override
  protected RunningHost host(UnaryOperator<RouterBuilder> routing, String... addresses)
      throws Exception {
    return RunningProxy.routing(routing, addresses);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"error\",\"code\":\"server_error\",\"message\":\"x\"}",
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}",
        "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\"}}"
      })
  void anErrorEventPassesAsItIsAndIsCounted(String event) throws Exception {
    String text = "data: " + event + "\n\n";
    try (FakeEngine engine = new FakeEngine((asked, to) -> {
          to.streamHead();
          to.chunk(text);
          to.streamEnd();
        });
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      HttpResponse<String> response =
          proxy.send(proxy.post("/v1/responses", "{\"model\":\"m\",\"input\":\"q\"}"));

      assertEquals(text, response.body());
      assertEquals(ResponseEnd.FAILED, proxy.nextEnd());
      assertEquals(1, proxy.router.stats().failed());
    }
  }

  @Test
  void whatBelongsToOneResponseIsNotRouted() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      HttpResponse<String> response = proxy.get("/v1/responses/resp_1");

      assertEquals(404, response.statusCode());
      assertTrue(response.body().contains("POST /v1/responses"), response.body());
    }
  }
}
