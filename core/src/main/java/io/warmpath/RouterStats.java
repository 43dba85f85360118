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
 * @param unroutable requests that got none, or that the executor refused
 * @param inFlight requests routed and not ended; 0 when nothing is going on
 * @param untokenized requests routed by load alone, because no tokenizer or template was given, no
 *     block size was known yet, or a message holds an image or the like
 * @param promptFailures requests routed by load alone, because their template or tokenizer failed
 * @param offloaded requests prepared on the executor
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
    long untokenized,
    long promptFailures,
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
