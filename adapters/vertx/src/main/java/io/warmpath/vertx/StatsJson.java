package io.warmpath.vertx;

import io.vertx.core.json.JsonObject;
import io.warmpath.RouterStats;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.engine.KvEventStats;
import io.warmpath.engine.ScrapeStats;
import io.warmpath.event.EventStats;
import io.warmpath.index.IndexStats;
import io.warmpath.schedule.SchedulerStats;
import java.util.Map;

/** Counters as JSON: the records' own names. */
final class StatsJson {

  private StatsJson() {}

  static JsonObject of(ProxyStats stats) {
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
        .put("scoreFailures", stats.scoreFailures());
  }

  static JsonObject of(RouterStats stats) {
    return new JsonObject()
        .put("routed", stats.routed())
        .put("unroutable", stats.unroutable())
        .put("inFlight", stats.inFlight())
        .put("untokenized", stats.untokenized())
        .put("promptFailures", stats.promptFailures())
        .put("offloaded", stats.offloaded())
        .put("retried", stats.retried())
        .put("exhausted", stats.exhausted())
        .put("observerFailures", stats.observerFailures())
        .put("scheduler", of(stats.scheduler()))
        .put("index", of(stats.index()))
        .put("events", of(stats.events()));
  }

  static JsonObject of(EndpointState state) {
    EndpointMetrics metrics = state.metrics();
    return new JsonObject()
        .put("address", state.endpoint().address())
        .put("rank", state.endpoint().rank())
        .put("requests", state.load().requests())
        .put("promptTokens", state.load().promptTokens())
        .put("prefillTokens", state.load().prefillTokens())
        .put("failures", state.failures())
        .put("waiting", metrics.waiting())
        .put("running", metrics.running())
        .put("kvUsage", metrics.kvUsage())
        .put("totalBlocks", metrics.totalBlocks());
  }

  private static JsonObject of(SchedulerStats stats) {
    return new JsonObject()
        .put("cycles", stats.cycles())
        .put("noEndpoint", stats.noEndpoint())
        .put("failures", of(stats.failures()))
        .put("outOfRange", of(stats.outOfRange()));
  }

  private static JsonObject of(Map<String, Long> counts) {
    JsonObject json = new JsonObject();
    counts.forEach(json::put);
    return json;
  }

  private static JsonObject of(IndexStats stats) {
    return new JsonObject()
        .put("blocks", stats.blocks())
        .put("capacityBlocks", stats.capacityBlocks())
        .put("holders", stats.holders())
        .put("stored", stats.stored())
        .put("removed", stats.removed())
        .put("unknownRemoved", stats.unknownRemoved())
        .put("orphans", stats.orphans())
        .put("full", stats.full())
        .put("expired", stats.expired())
        .put("overflows", stats.overflows())
        .put("retries", stats.retries())
        .put("shortened", stats.shortened());
  }

  private static JsonObject of(EventStats stats) {
    return new JsonObject()
        .put("stored", stats.stored())
        .put("removed", stats.removed())
        .put("cleared", stats.cleared())
        .put("resets", stats.resets())
        .put("otherBlockSize", stats.otherBlockSize())
        .put("unknownParents", stats.unknownParents())
        .put("unknownHashes", stats.unknownHashes())
        .put("sparse", stats.sparse())
        .put("opaque", stats.opaque())
        .put("notReusable", stats.notReusable())
        .put("handlesFull", stats.handlesFull())
        .put("overflows", stats.overflows());
  }

  static JsonObject of(KvEventStats stats) {
    JsonObject skipped = new JsonObject();
    stats.skipped().forEach((reason, count) -> skipped.put(reason.name(), count));
    return new JsonObject()
        .put("connections", stats.connections())
        .put("messages", stats.messages())
        .put("malformedMessages", stats.malformedMessages())
        .put("batches", stats.batches())
        .put("rejectedBatches", stats.rejectedBatches())
        .put("trailingBytes", stats.trailingBytes())
        .put("rankMismatches", stats.rankMismatches())
        .put("stored", stats.stored())
        .put("removed", stats.removed())
        .put("cleared", stats.cleared())
        .put("skipped", skipped)
        .put("duplicates", stats.duplicates())
        .put("gaps", stats.gaps())
        .put("lateJoins", stats.lateJoins())
        .put("replays", stats.replays())
        .put("failedReplays", stats.failedReplays())
        .put("replayedBatches", stats.replayedBatches())
        .put("restarts", stats.restarts())
        .put("overflows", stats.overflows())
        .put("resets", stats.resets())
        .put("sinkFailures", stats.sinkFailures());
  }

  static JsonObject of(ScrapeStats stats) {
    return new JsonObject()
        .put("scrapes", stats.scrapes())
        .put("failures", stats.failures())
        .put("invalidValues", stats.invalidValues())
        .put("malformedLines", stats.malformedLines());
  }
}
