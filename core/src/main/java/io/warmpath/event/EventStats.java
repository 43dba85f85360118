package io.warmpath.event;

/**
 * What became of the KV events that reached a pool.
 *
 * @param stored blocks put into the index
 * @param removed blocks taken out of it
 * @param cleared times an engine emptied its cache
 * @param resets times a source was forgotten because it restarted or events were lost
 * @param refreshed blocks that an engine reported once more because it reused them: no new copies
 * @param otherBlockSize blocks left out because their size is not the pool's; if this grows and
 *     nothing matches, the router and the engine are configured apart
 * @param unknownParents blocks kept apart because the block before them was never announced, or was
 *     evicted
 * @param unknownHashes removals and tier changes of blocks that were never announced
 * @param sparse blocks of which the engine did not say which of the tokens they cover; kept apart
 *     until another event names them
 * @param opaque blocks left out because an image or the like is part of their name, or of that of the
 *     block before them
 * @param notReusable blocks of caches that give no prefix by rules known here, announced or evicted
 * @param pending blocks kept apart now
 * @param adopted blocks that were kept apart and went into the index when what was missing came
 * @param abandoned blocks that were kept apart and given up, for want of room or with their source
 * @param handles engine hashes known now, those of dead blocks included
 * @param handleBytes memory taken by them, in bytes
 * @param handlesFull blocks left out because the map of engine hashes was full
 * @param ownDomains sources that got a map of engine hashes of their own, because theirs mean other
 *     blocks than those of the others
 * @param overflows times the index refused a change and the source was forgotten
 */
public record EventStats(
    long stored,
    long removed,
    long cleared,
    long resets,
    long refreshed,
    long otherBlockSize,
    long unknownParents,
    long unknownHashes,
    long sparse,
    long opaque,
    long notReusable,
    long pending,
    long adopted,
    long abandoned,
    long handles,
    long handleBytes,
    long handlesFull,
    long ownDomains,
    long overflows) {}
