package io.warmpath.index;

/**
 * Counters of a {@link KvBlockIndex} since it was built, and its size now.
 *
 * @param blocks distinct blocks held now, with those that a clear, a drop or the end of a mark took
 *     away but no change has swept yet
 * @param capacityBlocks most distinct blocks it holds
 * @param bytes memory taken by tables and blocks, in bytes; what belongs to endpoints and holders is
 *     left out
 * @param places places of the table from block to where it is kept; {@link #load()} of them are taken
 * @param runs stretches of consecutive blocks now; 0 in a flat index
 * @param holders holders in use now
 * @param stored blocks announced by {@link KvBlockIndex#store} for known holders, kept or not
 * @param removed blocks taken back by {@link KvBlockIndex#remove}
 * @param unknownRemoved of these, blocks the holder did not have
 * @param orphans blocks stored under a parent that their endpoint did not have, or for a holder that
 *     was not known
 * @param full blocks not kept because there was no room and nothing older to forget
 * @param evicted distinct blocks forgotten to make room for others; alert when this grows
 * @param outrun marks of approximate holders that went because the holder had more than its capacity
 * @param expired marks (one holder, one block) that ran out, counted when a change sweeps them
 * @param overflows changes refused because the queue of changes was full
 * @param retries look-ups that started over for an endpoint because it lost a block under their eyes
 * @param shortened look-ups that gave up and returned a validated, possibly too short prefix
 * @param growths parts of the table replaced by larger or cleaner ones
 * @param splits runs split to give back the memory of blocks that nobody has any more
 * @param branches runs split because another prompt went on differently there
 */
public record IndexStats(
    long blocks,
    long capacityBlocks,
    long bytes,
    long places,
    long runs,
    int holders,
    long stored,
    long removed,
    long unknownRemoved,
    long orphans,
    long full,
    long evicted,
    long outrun,
    long expired,
    long overflows,
    long retries,
    long shortened,
    long growths,
    long splits,
    long branches) {

  /** {@return the part of {@link #places} that is taken, in 0..1; 0 if there are none} */
  public double load() {
    return places == 0 ? 0 : (double) blocks / places;
  }
}
