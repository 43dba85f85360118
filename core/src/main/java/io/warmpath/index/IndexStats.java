package io.warmpath.index;

/**
 * Counters of a {@link KvBlockIndex} since it was built.
 *
 * @param blocks distinct blocks held now, with those that a clear, a drop or the end of a mark took
 *     away but no change has swept yet
 * @param capacityBlocks most distinct blocks it holds
 * @param holders holders in use now
 * @param stored blocks announced by {@link KvBlockIndex#store} for known holders, kept or not
 * @param removed blocks taken back by {@link KvBlockIndex#remove}
 * @param unknownRemoved of these, blocks the holder did not have
 * @param orphans blocks stored under a parent that their endpoint did not have, or for a holder that
 *     was not known
 * @param full blocks not kept because the index was full; alert when this grows
 * @param expired marks (one holder, one block) that ran out, counted when a change sweeps them
 * @param overflows changes refused because the queue of changes was full
 * @param retries look-ups that started over because a block left under their eyes
 * @param shortened look-ups that gave up and returned a validated, possibly too short prefix
 */
public record IndexStats(
    long blocks,
    long capacityBlocks,
    int holders,
    long stored,
    long removed,
    long unknownRemoved,
    long orphans,
    long full,
    long expired,
    long overflows,
    long retries,
    long shortened) {}
