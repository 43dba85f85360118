package io.warmpath.event;

/**
 * What became of the KV events that reached a pool.
 *
 * @param stored blocks put into the index
 * @param removed blocks taken out of it
 * @param cleared times an engine emptied its cache
 * @param resets times a source was forgotten because it restarted or events were lost
 * @param otherBlockSize blocks left out because their size is not the pool's; if this grows and
 *     nothing matches, the router and the engine are configured apart
 * @param unknownParents blocks left out because the block before them was never announced, or was
 *     evicted
 * @param unknownHashes removals and tier changes of blocks that were never announced
 * @param sparse blocks left out because the engine did not say which of the tokens they cover
 * @param opaque blocks left out because an image or the like is part of their name
 * @param notReusable blocks of caches that give no contiguous prefix, such as sliding windows
 * @param handlesFull blocks left out because the map of engine hashes was full
 * @param overflows times the index refused a change and the source was forgotten
 */
public record EventStats(
    long stored,
    long removed,
    long cleared,
    long resets,
    long otherBlockSize,
    long unknownParents,
    long unknownHashes,
    long sparse,
    long opaque,
    long notReusable,
    long handlesFull,
    long overflows) {}
