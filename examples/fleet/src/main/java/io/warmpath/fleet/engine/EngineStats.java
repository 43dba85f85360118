package io.warmpath.fleet.engine;

/**
 * The state of an engine at the start of its present step, and what it has counted since it started.
 *
 * @param running sequences in the batch
 * @param waiting sequences in the queue, those just arrived among them
 * @param kvCacheUsage share of blocks in use, 0..1; free blocks that are cached count as free
 * @param prefixQueries prompt tokens looked up in the prefix cache
 * @param prefixHits of them, found
 * @param preemptions sequences that lost their blocks
 * @param finished prompts answered
 * @param aborted prompts ended early
 * @param eventsDropped batches of KV events lost because 100,000 waited to be sent; each leaves a gap in the sequence
 * @param badReplayRequests requests for a replay of another form, which got no answer
 */
public record EngineStats(
    int running,
    int waiting,
    double kvCacheUsage,
    long prefixQueries,
    long prefixHits,
    long preemptions,
    long finished,
    long aborted,
    long eventsDropped,
    long badReplayRequests) {}
