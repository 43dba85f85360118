package io.warmpath.schedule;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Counters of a {@link Scheduler} since it was built.
 *
 * @param cycles cycles run
 * @param noEndpoint of these, cycles in which the primary profile found no endpoint
 * @param failures by plugin name, calls that threw and were skipped
 * @param outOfRange by scorer name, scores that were clamped or were NaN
 */
public record SchedulerStats(
    long cycles, long noEndpoint, Map<String, Long> failures, Map<String, Long> outOfRange) {

  /** Copies the maps. */
  public SchedulerStats {
    failures = ImmutableMap.copyOf(failures);
    outOfRange = ImmutableMap.copyOf(outOfRange);
  }
}
