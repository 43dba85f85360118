package io.warmpath;

import io.warmpath.event.EventStats;
import io.warmpath.index.IndexStats;
import io.warmpath.schedule.SchedulerStats;

/**
 * Counters of a {@link Router} since it was built. Each routed request that has ended is one of
 * {@code completed}, {@code rejected}, {@code failed}, {@code truncated}, {@code silent} and {@code
 * cancelled}, as {@link io.warmpath.response.ResponseEnd} says.
 *
 * @param routed requests that got an endpoint
 * @param unroutable requests that got none
 * @param inFlight requests routed and not ended; 0 when nothing is going on
 * @param approximate requests matched by their bytes, because no tokenizer or template was given, no block
 *     size was known yet, a message holds what cannot be rendered here, or for the two reasons next
 * @param promptFailures requests matched by their bytes, because their template or tokenizer failed, or
 *     the executor took no more
 * @param tokenizedTooLate requests matched by their bytes, because tokenizing took longer than a request
 *     may wait
 * @param refused requests that their chat template refused, so that they went nowhere
 * @param offloaded requests prepared on the executor or by a remote tokenizer
 * @param retried deliveries that failed and went to a fallback
 * @param exhausted deliveries that failed and had no fallback left
 * @param completed requests whose answer came whole
 * @param rejected requests answered 400 to 499 by their endpoint
 * @param failed requests answered 500 or more by their endpoint, or by an {@code error} inside a
 *     stream of status 200
 * @param truncated requests whose answer broke off, or that no endpoint answered
 * @param silent requests given up because their endpoint said nothing for too long
 * @param cancelled requests whose client went away
 * @param observerFailures calls of a {@link RouterObserver} that threw
 * @param scheduler the scheduler's counters
 * @param index the index's counters
 * @param events what became of the engines' KV events
 */
public record RouterStats(
    long routed,
    long unroutable,
    int inFlight,
    long approximate,
    long promptFailures,
    long tokenizedTooLate,
    long refused,
    long offloaded,
    long retried,
    long exhausted,
    long completed,
    long rejected,
    long failed,
    long truncated,
    long silent,
    long cancelled,
    long observerFailures,
    SchedulerStats scheduler,
    IndexStats index,
    EventStats events) {}
