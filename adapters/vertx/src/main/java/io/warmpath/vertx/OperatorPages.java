package io.warmpath.vertx;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.warmpath.Router;
import io.warmpath.RouterStats;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.engine.StatsJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** What the proxy answers itself: the models, its health, its counters. */
final class OperatorPages {

  /** How long an endpoint may take to list its models: 2 s. */
  private static final long MODELS_MILLIS = 2000;

  private final Router router;
  private final HttpClient client;
  private final ProxyOptions options;
  private final ProxyCounters counters;

  OperatorPages(Router router, HttpClient client, ProxyOptions options, ProxyCounters counters) {
    this.router = router;
    this.client = client;
    this.options = options;
    this.counters = counters;
  }

  /** Asks all endpoints; the first one that names a model describes it. */
  void models(HttpServerRequest request) {
    List<Future<JsonArray>> lists = new ArrayList<>();
    Set<String> asked = new TreeSet<>();
    for (EndpointState state : router.endpoints().states()) {
      if (asked.add(state.endpoint().address())) {
        lists.add(models(request, state.endpoint()));
      }
    }
    Future.join(lists).onComplete(all -> merge(request.response(), lists));
  }

  private Future<JsonArray> models(HttpServerRequest request, Endpoint endpoint) {
    RequestOptions get = ProxyLoop.optionsFor(endpoint, HttpMethod.GET)
        .setURI("/v1/models")
        .setHeaders(EndToEndHeaders.ofRequest(request.headers()))
        .setIdleTimeout(MODELS_MILLIS);
    return Delivery.connect(client, get)
        .compose(sent -> sent.send()
            .compose(reply -> reply.statusCode() == 200
                ? reply.body()
                : Future.failedFuture(new DeliveryException("status " + reply.statusCode()))))
        .timeout(MODELS_MILLIS, TimeUnit.MILLISECONDS)
        .map(OperatorPages::data)
        .onFailure(cause -> counters.modelListFailures.increment());
  }

  private static JsonArray data(Buffer body) {
    try {
      return body.toJsonObject().getJsonArray("data", new JsonArray());
    } catch (DecodeException | ClassCastException e) {
      throw new DeliveryException("its list of models is not JSON of the form {\"data\": […]}");
    }
  }

  private static void merge(HttpServerResponse response, List<Future<JsonArray>> lists) {
    Map<String, JsonObject> models = new LinkedHashMap<>();
    boolean answered = false;
    for (Future<JsonArray> list : lists) {
      if (list.succeeded()) {
        answered = true;
        for (Object model : list.result()) {
          if (model instanceof JsonObject known && known.getValue("id") instanceof String id) {
            models.putIfAbsent(id, known);
          }
        }
      }
    }
    if (!answered) {
      Replies.error(response, 503, "no endpoint listed its models", null);
      return;
    }
    JsonArray data = new JsonArray(new ArrayList<>(models.values()));
    Replies.json(
        response, 200, new JsonObject().put("object", "list").put("data", data).encode());
  }

  void health(HttpServerResponse response) {
    RouterStats stats = router.stats();
    int endpoints = router.endpoints().states().size();
    Replies.json(
        response,
        endpoints > 0 ? 200 : 503,
        new JsonObject()
            .put("status", endpoints > 0 ? "ok" : "no endpoint is registered")
            .put("endpoints", endpoints)
            .put("inFlight", stats.inFlight())
            .put("blockSize", router.blockSize().tokens())
            .put("blocks", stats.index().blocks())
            .encode());
  }

  void stats(HttpServerResponse response) {
    Replies.json(
        response,
        200,
        StatsJson.page(
            "proxy", of(counters.stats()), router, options.engineStats().get()));
  }

  private static Map<String, Object> of(ProxyStats stats) {
    return new JsonObject()
        .put("requests", stats.requests())
        .put("badRequests", stats.badRequests())
        .put("unroutable", stats.unroutable())
        .put("undelivered", stats.undelivered())
        .put("silent", stats.silent())
        .put("truncated", stats.truncated())
        .put("cancelled", stats.cancelled())
        .put("stalled", stats.stalled())
        .put("internalErrors", stats.internalErrors())
        .put("modelListFailures", stats.modelListFailures())
        .put("scoreFailures", stats.scoreFailures())
        .getMap();
  }
}
