package io.warmpath.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.warmpath.Router;
import io.warmpath.RouterStats;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.event.EventStats;
import io.warmpath.index.IndexStats;
import io.warmpath.request.JsonValues;
import io.warmpath.schedule.SchedulerStats;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The counters of a host as a JSON page, under the names of their records' components. */
public final class StatsJson {

  private static final JsonFactory JSON = new JsonFactory();

  private StatsJson() {}

  /**
   * Prints {@code {"<host>": {…}, "diagnosis": ["…"], "router": {…}, "endpoints": [{…}], "engine":
   * {…}}}.
   *
   * @param host what the host calls itself, such as {@code proxy}
   * @param counters the host's own, by name; JSON values
   * @param router its router, which tells of itself and of its endpoints
   * @param engine what {@link PoolWiring#stats()} gave, or other JSON values
   * @return the page
   */
  public static String page(
      String host, Map<String, ?> counters, Router router, Map<String, ?> engine) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      JsonValues.write(
          json,
          new Values()
              .put(host, counters)
              .put("diagnosis", router.diagnosis())
              .put("router", of(router.stats()))
              .put(
                  "endpoints",
                  router.endpoints().states().stream().map(StatsJson::of).toList())
              .put("engine", engine)
              .map());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Map<String, Object> of(RouterStats stats) {
    return new Values()
        .put("routed", stats.routed())
        .put("unroutable", stats.unroutable())
        .put("inFlight", stats.inFlight())
        .put("approximate", stats.approximate())
        .put("promptFailures", stats.promptFailures())
        .put("tokenizedTooLate", stats.tokenizedTooLate())
        .put("refused", stats.refused())
        .put("offloaded", stats.offloaded())
        .put("retried", stats.retried())
        .put("exhausted", stats.exhausted())
        .put("completed", stats.completed())
        .put("rejected", stats.rejected())
        .put("failed", stats.failed())
        .put("truncated", stats.truncated())
        .put("silent", stats.silent())
        .put("cancelled", stats.cancelled())
        .put("observerFailures", stats.observerFailures())
        .put("scheduler", of(stats.scheduler()))
        .put("index", of(stats.index()))
        .put("events", of(stats.events()))
        .map();
  }

  private static Map<String, Object> of(EndpointState state) {
    EndpointMetrics metrics = state.metrics();
    return new Values()
        .put("address", state.endpoint().address())
        .put("rank", state.endpoint().rank())
        .put("requests", state.load().requests())
        .put("promptTokens", state.load().promptTokens())
        .put("prefillTokens", state.load().prefillTokens())
        .put("failures", state.failures())
        .put("waiting", metrics.waiting())
        .put("running", metrics.running())
        .put("kvUsage", metrics.kvUsage())
        .put("totalBlocks", metrics.totalBlocks())
        .map();
  }

  private static Map<String, Object> of(SchedulerStats stats) {
    return new Values()
        .put("cycles", stats.cycles())
        .put("noEndpoint", stats.noEndpoint())
        .put("failures", of(stats.failures()))
        .put("outOfRange", of(stats.outOfRange()))
        .map();
  }

  private static Map<String, Object> of(Map<String, Long> counts) {
    return Collections.unmodifiableMap(counts);
  }

  private static Map<String, Object> of(IndexStats stats) {
    return new Values()
        .put("blocks", stats.blocks())
        .put("capacityBlocks", stats.capacityBlocks())
        .put("bytes", stats.bytes())
        .put("places", stats.places())
        .put("runs", stats.runs())
        .put("holders", stats.holders())
        .put("stored", stats.stored())
        .put("removed", stats.removed())
        .put("unknownRemoved", stats.unknownRemoved())
        .put("orphans", stats.orphans())
        .put("full", stats.full())
        .put("evicted", stats.evicted())
        .put("outrun", stats.outrun())
        .put("expired", stats.expired())
        .put("overflows", stats.overflows())
        .put("retries", stats.retries())
        .put("shortened", stats.shortened())
        .put("growths", stats.growths())
        .put("splits", stats.splits())
        .put("branches", stats.branches())
        .map();
  }

  private static Map<String, Object> of(EventStats stats) {
    return new Values()
        .put("stored", stats.stored())
        .put("removed", stats.removed())
        .put("cleared", stats.cleared())
        .put("resets", stats.resets())
        .put("refreshed", stats.refreshed())
        .put("otherBlockSize", stats.otherBlockSize())
        .put("unknownParents", stats.unknownParents())
        .put("unknownHashes", stats.unknownHashes())
        .put("sparse", stats.sparse())
        .put("opaque", stats.opaque())
        .put("notReusable", stats.notReusable())
        .put("pending", stats.pending())
        .put("adopted", stats.adopted())
        .put("abandoned", stats.abandoned())
        .put("handles", stats.handles())
        .put("handleBytes", stats.handleBytes())
        .put("handlesFull", stats.handlesFull())
        .put("ownDomains", stats.ownDomains())
        .put("overflows", stats.overflows())
        .map();
  }

  static Map<String, Object> of(KvEventStats stats) {
    Map<String, Object> skipped = new LinkedHashMap<>();
    stats.skipped().forEach((reason, count) -> skipped.put(reason.name(), count));
    return new Values()
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
        .put("sinkFailures", stats.sinkFailures())
        .map();
  }

  static Map<String, Object> of(ScrapeStats stats) {
    return new Values()
        .put("scrapes", stats.scrapes())
        .put("failures", stats.failures())
        .put("invalidValues", stats.invalidValues())
        .put("malformedLines", stats.malformedLines())
        .map();
  }

  /** Members in the order they are put. */
  private static final class Values {
    private final Map<String, Object> members = new LinkedHashMap<>();

    Values put(String name, Object value) {
      members.put(name, value);
      return this;
    }

    Map<String, Object> map() {
      return Collections.unmodifiableMap(members);
    }
  }
}
