package io.warmpath.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import io.warmpath.engine.FakeEngine;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorPagesTest {

  private static FakeEngine listing(String body) throws Exception {
    return new FakeEngine((request, to) -> to.json(200, body));
  }

  private static String models(String... entries) {
    return "{\"object\":\"list\",\"data\":[" + String.join(",", entries) + "]}";
  }

  private static String model(String id, String owner) {
    return "{\"id\":\"" + id + "\",\"owned_by\":\"" + owner + "\"}";
  }

  @Test
  void modelsAreTheUnionAndTheFirstDescriptionCounts() throws Exception {
    try (FakeEngine first = listing(models(model("base", "one")));
        FakeEngine second = listing(models(model("adapter", "two"), model("base", "two")));
        RunningProxy proxy = RunningProxy.before(first.address(), second.address())) {
      HttpResponse<String> response = proxy.get("/v1/models");

      assertEquals(200, response.statusCode());
      assertEquals(models(model("base", "one"), model("adapter", "two")), response.body());
    }
  }

  @Test
  void anEndpointThatIsDownOrTalksNonsenseIsLeftOut() throws Exception {
    try (FakeEngine nonsense = listing("[]");
        FakeEngine list = listing("{\"data\": 7}");
        FakeEngine good = listing(models(model("base", "one")));
        RunningProxy proxy = RunningProxy.before(
            FakeEngine.REFUSING, nonsense.address(), list.address(), good.address())) {
      assertEquals(models(model("base", "one")), proxy.get("/v1/models").body());
      assertEquals(3, proxy.server.stats().modelListFailures());
    }
  }

  @Test
  void anEndpointWithAnAddressThatVertxRejectsIsLeftOut() throws Exception {
    try (FakeEngine good = listing(models(model("base", "one")));
        RunningProxy proxy = RunningProxy.before("[fe80::1%nowhere]:8000", good.address())) {
      assertEquals(models(model("base", "one")), proxy.get("/v1/models").body());
    }
  }

  @Test
  void anEndpointThatDoesNotAnswerIsLeftOut() throws Exception {
    try (FakeEngine silent = new FakeEngine((request, to) -> to.awaitClose());
        FakeEngine good = listing(models(model("base", "one")));
        RunningProxy proxy = RunningProxy.before(silent.address(), good.address())) {
      assertEquals(models(model("base", "one")), proxy.get("/v1/models").body());
    }
  }

  @Test
  void withoutAnyListTheAnswerIs503() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      assertEquals(503, proxy.get("/v1/models").statusCode());
    }
    try (RunningProxy proxy = RunningProxy.before()) {
      assertEquals(503, proxy.get("/v1/models").statusCode());
    }
  }

  @Test
  void theClientsCredentialsAreUsedToListModels() throws Exception {
    try (FakeEngine engine = listing(models(model("base", "one")));
        RunningProxy proxy = RunningProxy.before(engine.address())) {
      proxy.send(
          HttpRequest.newBuilder(proxy.uri("/v1/models")).header("Authorization", "Bearer k"));

      assertEquals("Bearer k", engine.requests.get(0).headers().get("authorization"));
    }
  }

  @Test
  void aProxyWithAnEndpointIsHealthy() throws Exception {
    try (RunningProxy proxy = RunningProxy.before(FakeEngine.REFUSING)) {
      HttpResponse<String> response = proxy.get("/health");

      assertEquals(200, response.statusCode());
      JsonObject health = new JsonObject(response.body());
      assertEquals(1, health.getInteger("endpoints"));
      assertEquals(0, health.getInteger("inFlight"));
      assertEquals(16, health.getInteger("blockSize"));
    }
  }

  @Test
  void aProxyWithoutEndpointsIsNot() throws Exception {
    try (RunningProxy proxy = RunningProxy.before()) {
      assertEquals(503, proxy.get("/health").statusCode());
    }
  }

  @Test
  void statsShowAllCounters() throws Exception {
    try (FakeEngine engine = listing("{}");
        RunningProxy proxy = RunningProxy.with(
            options -> options.engineStats(() -> Map.of("kvEvents", Map.of("gaps", 3L))),
            engine.address())) {
      proxy.chat();
      proxy.nextEnd();
      HttpResponse<String> response = proxy.get("/stats");

      JsonObject stats = new JsonObject(response.body());
      assertEquals(1, stats.getJsonObject("proxy").getLong("requests"));
      assertEquals(1, stats.getJsonObject("router").getLong("routed"));
      assertEquals(1, stats.getJsonObject("router").getJsonObject("scheduler").getLong("cycles"));
      assertEquals(
          engine.address(), stats.getJsonArray("endpoints").getJsonObject(0).getString("address"));
      assertEquals(3, stats.getJsonObject("engine").getJsonObject("kvEvents").getLong("gaps"));
    }
  }

  @Test
  void statsNameEveryComponentOfTheirRecords() throws Exception {
    try (RunningProxy proxy = RunningProxy.before()) {
      JsonObject stats = new JsonObject(proxy.get("/stats").body());

      assertNames(proxy.server.stats().toString(), stats.getJsonObject("proxy"));
      JsonObject router = stats.getJsonObject("router");
      assertNames(proxy.router.stats().index().toString(), router.getJsonObject("index"));
      assertNames(proxy.router.stats().events().toString(), router.getJsonObject("events"));
      assertNames(proxy.router.stats().scheduler().toString(), router.getJsonObject("scheduler"));
    }
  }

  /** A record's text is {@code Name[first=1, second=2]}. */
  private static void assertNames(String text, JsonObject json) {
    String inside = text.substring(text.indexOf('[') + 1, text.length() - 1);
    List<String> names = List.of(inside.replaceAll("=[^,\\]]*", "").split(", "));

    assertEquals(names, List.copyOf(json.fieldNames()));
  }
}
