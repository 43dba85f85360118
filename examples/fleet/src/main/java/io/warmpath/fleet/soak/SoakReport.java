package io.warmpath.fleet.soak;

import io.warmpath.RouterStats;
import io.warmpath.index.IndexStats;
import io.warmpath.vertx.ProxyStats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a soak has seen and what it has left.
 *
 * @param plan how it was run
 * @param tally what clients and chaos counted
 * @param router its counters when all clients had gone
 * @param proxy likewise
 * @param loadLeft requests and tokens that still counted at endpoints then
 * @param recovered whether a call was served after all that
 * @param emptied the index after all pods were dropped
 * @param heap how the heap grew
 * @param leftovers threads and sockets left after all was closed, empty for none
 */
record SoakReport(
    SoakPlan plan,
    Tally tally,
    RouterStats router,
    ProxyStats proxy,
    long loadLeft,
    boolean recovered,
    IndexStats emptied,
    HeapTrack.Growth heap,
    String leftovers) {

  SoakReport with(IndexStats emptied) {
    return new SoakReport(
        plan, tally, router, proxy, loadLeft, recovered, emptied, heap, leftovers);
  }

  SoakReport with(String leftovers) {
    return new SoakReport(
        plan, tally, router, proxy, loadLeft, recovered, emptied, heap, leftovers);
  }

  /** What must have happened for the soak to have shown anything. */
  private Map<String, Long> wanted() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("operations", tally.operations.sum());
    counts.put("completed", tally.completed.sum());
    counts.put("clients that left inside their body", tally.leftInBody.sum());
    counts.put("clients that left before the head", tally.leftBeforeHead.sum());
    counts.put("clients that left mid-stream", tally.leftMidStream.sum());
    counts.put("clients that stopped reading", tally.stoppedReading.sum());
    counts.put("of these, cut off by the proxy", proxy.stalled());
    counts.put("truncated (pod killed after a byte)", tally.truncated.sum());
    counts.put("refused (no pod lived all the while)", tally.refused.sum());
    counts.put("retries", router.retried());
    counts.put("evictions (blocks)", router.events().removed());
    counts.put("pods killed and revived", tally.kills.sum());
    counts.put("engines restarted", tally.restarts.sum());
    counts.put("restarts and losses seen", router.events().resets());
    counts.put("drops", tally.drops.sum());
    counts.put("blackouts", tally.blackouts.sum());
    return counts;
  }

  /** What must not have happened. */
  private Map<String, Long> unwanted() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("failures that a live pod could have served", tally.servable.sum());
    counts.put("cut off although the pod lived", tally.cutWithoutCause.sum());
    counts.put("wrong answers, broken clients", tally.wrong.sum());
    counts.put("neither answered nor hung up on", tally.hung.sum());
    counts.put("internal errors", proxy.internalErrors());
    counts.put("prompt failures", router.promptFailures());
    counts.put("plugin and observer failures", pluginFailures());
    counts.put("in flight at the end", (long) router.inFlight());
    counts.put("load left at endpoints", loadLeft);
    counts.put("routed but neither ended nor in flight", router.routed() - ended());
    counts.put("blocks in the emptied index", emptied.blocks());
    counts.put("holders in the emptied index", (long) emptied.holders());
    return counts;
  }

  private long pluginFailures() {
    return router.observerFailures()
        + router.scheduler().failures().values().stream()
            .mapToLong(Long::longValue)
            .sum();
  }

  private long ended() {
    return router.completed()
        + router.rejected()
        + router.failed()
        + router.truncated()
        + router.silent()
        + router.cancelled()
        + router.inFlight();
  }

  /** {@return what has not happened yet, though it must have for the soak to show anything} */
  List<String> unseen() {
    return wanted().entrySet().stream()
        .filter(seen -> seen.getValue() <= 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** {@return what is wrong, in words; empty if the soak has passed} */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    unseen().forEach(what -> faults.add("nothing was seen of: " + what));
    unwanted().forEach((what, count) -> {
      if (count != 0) {
        faults.add(what + ": " + count);
      }
    });
    if (!recovered) {
      faults.add("no pod answered after the last one was brought back");
    }
    if (!heap.isFlat()) {
      faults.add("the heap grew: " + heap);
    }
    if (!leftovers.isEmpty()) {
      faults.add("left open: " + leftovers);
    }
    faults.addAll(tally.notes());
    return faults;
  }

  /** {@return all figures, a line each, and the verdict} */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(
        Locale.ROOT,
        "Soak of %d s: %d pods, %d clients, seed %d",
        plan.length().toSeconds(),
        plan.pods(),
        plan.clients(),
        plan.seed()));
    wanted().forEach((what, count) -> lines.add(line(what, count)));
    unwanted().forEach((what, count) -> lines.add(line(what, count)));
    lines.add("heap after collections: " + heap);
    lines.add("threads and sockets left: " + (leftovers.isEmpty() ? "none" : leftovers));
    List<String> faults = faults();
    lines.add(faults.isEmpty() ? "Passed." : "FAILED:");
    faults.forEach(fault -> lines.add("  " + fault));
    return lines;
  }

  private static String line(String what, long count) {
    return String.format(Locale.ROOT, "  %-44s %,12d", what, count);
  }
}
