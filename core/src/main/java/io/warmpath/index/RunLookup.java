package io.warmpath.index;

import java.util.function.LongSupplier;

/**
 * The look-ups of a {@link RunBlockIndex}.
 *
 * <p><b>Threads:</b> any number, each with a match of its own, while one applies changes. Writes nothing
 * that is shared.
 */
final class RunLookup implements GroupNeeds.Look {

  /*
   * Why a depth was true at some instant. Changes are applied one after the other, and each is a series
   * of publications, one store each: a cover, the end of a mark, the facts of a lease. A publication
   * either gives blocks to holders or takes blocks from them. Stores to the map, the table of runs or the
   * end of a run change nothing that is visible: who has a block, and whether it is found. RunWriter sees
   * to that: a block is in the map and its run readable before the first cover names it; when it moves to
   * another run it is found in both until the map has the new place; it leaves the map after the last
   * cover that named it.
   *
   * After each publication that took from a slot the writer notes a step for that slot and then, as the
   * last one, for all (Steps), before the next publication. A look-up reads the last step of all, `since`,
   * first; then runs in the order of the chain, each cover once; then, behind a fence, the last step of each
   * slot that it credited. Let that be at most `since`. Then of the losses of this slot after `since` the look-up met
   * at most one, the last publication of all it met: had it met anything later, it would have seen the
   * step. So until just before that publication the slot's blocks only grew:
   *  - It met no loss: every block that it saw was still there at the last read; and at the read where the
   *    prefix ended, the block after it was not there, nor found. At that read the depth was true.
   *  - It met one, of the block at the end of the prefix: right after that publication the depth was true.
   *  - The loss came for blocks that the look-up had passed: just before it the depth was true.
   * A thread that is suspended between a publication and its step therefore holds up nobody. This is for
   * publications that take one block. Where one takes more, the look-up may have passed some of them and
   * met the loss at others, if it read the run twice: as when a call goes on.
   *
   * So does a clear, or the limit of an approximate holder: it takes many blocks at one instant but is met
   * at many reads. In all these cases the slot is BUSY from before the publication until the step is noted,
   * and BUSY is later than every `since`. A drop is noted by itself and is for ever. A lease's number may be used again while a look-up still holds an
   * old cover: the new lease notes a step of its slot before its facts are published, so the look-up
   * takes back what it credited to it by mistake. A cover is read as a whole, so what tiers and marks of
   * one endpoint say of a run is said of one instant.
   *
   * With several cache groups, a prefix is cut back after the walk to what the other groups serve, and the
   * test is made once more behind that, of shared storage too, which may have their blocks: what the cut
   * met was there, or just went, as above. What comes and goes behind it can only make it too short. A
   * slot may have blocks of other groups alone, where shared storage has the first group's; the walk does
   * not meet it. It is added before the cut with what shared storage has of the prefix, which is
   * everybody's at the instant that the walk found. Its own blocks are read after since, as those of a slot
   * that was walked, and it passes the same test; if it was added by mistake, the cut leaves it what
   * a slot gets that is not here.
   *
   * A slot that fails the test is walked again alone, MOST_TRIES times, and then gets the longest prefix
   * that was valid when one of the walks got there. If blocks were lost behind each of MOST_TRIES cuts, it
   * gets none.
   */

  /** Walks of one endpoint before its prefix may come out too short. */
  private static final int MOST_TRIES = 8;

  private static final int ALL = PrefixMatch.NO_SLOT;
  private static final int SHARED_SLOT = Roster.SHARED_SLOT;
  private static final int GPU = Tier.GPU.ordinal();
  private static final int SHARED = Tier.SHARED.ordinal();

  private final LongSupplier clock;
  private final IndexCounters counters;
  private final RunTable runs;
  private final BlockMap map;
  private final Leases leases;
  private final Steps steps;

  RunLookup(
      LongSupplier clock,
      IndexCounters counters,
      RunTable runs,
      BlockMap map,
      Leases leases,
      Steps steps) {
    this.clock = clock;
    this.counters = counters;
    this.runs = runs;
    this.map = map;
    this.leases = leases;
    this.steps = steps;
  }

  /** As {@link KvBlockIndex#match}, for what the cache groups need right now. */
  void match(long[] chain, int from, int length, GroupNeeds needs, PrefixMatch match) {
    long since = steps.la();
    if (from == 0) {
      match.start(since);
    }
    if (from == 0 || match.open()) {
      walk(chain, from, length, needs.primary, since, ALL, match);
    }
    if (!needs.cut() && match.finish(length, steps)) {
      return;
    }
    int tries = 0;
    do {
      settle(chain, length, needs, match);
      match.finish(chain, length, needs, match.now(clock), this);
    } while (needs.cut() && !isSettled(match) && ++tries < MOST_TRIES);
    if (tries == MOST_TRIES) {
      giveUp(match);
    }
  }

  /**
   * Credits the blocks of a chain to the slots that have them, run by run, until no slot goes on.
   *
   * @param only the one slot to credit, from the start and step by step as far as it is valid, or ALL
   */
  private void walk(
      long[] chain, int from, int length, int primary, long since, int only, PrefixMatch match) {
    long place = from == 0 ? BlockMap.NOWHERE : match.hint;
    int at = from;
    boolean open = true;
    while (open && at < length) {
      Run run = runs.la(RunTable.run(place));
      if (run == null || !run.is(RunTable.offset(place), chain[at])) {
        place = map.find(chain[at]);
        if (place == BlockMap.NOWHERE) {
          return;
        }
        run = runs.la(RunTable.run(place));
      }
      int offset = RunTable.offset(place);
      int blocks =
          run != null && run.is(offset, chain[at]) ? run.common(offset, chain, at, length) : 0;
      if (run != null && blocks > 0) {
        open = credit(run, offset, blocks, at, primary, only, match);
        at += blocks;
        place = offset + blocks < Run.MAX_BLOCKS ? place + blocks : BlockMap.NOWHERE;
        if (only == ALL) {
          match.hint = place;
        } else if (isSteady(only, since, match)) {
          match.keep(only);
        } else {
          return;
        }
      }
    }
  }

  /** {@return whether some slot has all of the blocks at hand, so that going on may pay} */
  private boolean credit(
      Run run, int offset, int blocks, int at, int primary, int only, PrefixMatch match) {
    long single = run.laOnly();
    while (single == 0) {
      long[] cover = run.laCover();
      single = run.laOnly();
      if (single == 0) {
        return creditAll(cover, offset, blocks, at, primary, only, match);
      }
    }
    long facts = leases.lo(Cover.lease(single));
    if (facts == Leases.GONE || Leases.group(facts) != primary) {
      return false;
    }
    int from = at + Cover.from(single) - offset;
    int to = Math.min(at + blocks, at + Cover.to(single) - offset);
    return match.credit(facts, from, to, at, only) && to == at + blocks;
  }

  private boolean creditAll(
      long[] cover, int offset, int blocks, int at, int primary, int only, PrefixMatch match) {
    int seen = match.credit(GPU, cover, leases, primary, offset, blocks, at, clock, only);
    for (int tier = GPU + 1; tier <= SHARED; tier++) {
      if ((seen & 1 << tier) != 0) {
        seen |= match.credit(tier, cover, leases, primary, offset, blocks, at, clock, only);
      }
    }
    return (seen & PrefixMatch.OPEN) != 0;
  }

  /** Walks those again that lost blocks meanwhile. */
  private void settle(long[] chain, int length, GroupNeeds needs, PrefixMatch match) {
    int primary = needs.primary;
    boolean cut = needs.cut();
    for (int tries = 0; tries <= MOST_TRIES && !isSharedSteady(match, cut); tries++) {
      if (tries == MOST_TRIES) {
        counters.shortened.increment();
        match.dropShared();
      } else {
        counters.retries.increment();
        match.start(steps.laWith(SHARED_SLOT));
        walk(chain, 0, length, primary, match.since(), ALL, match);
      }
    }
    if (cut) {
      addThoseOfOtherGroups(chain, primary, match);
    }
    for (int c = 0; c < match.size(); c++) {
      int slot = match.slot(c);
      if (!isSteady(slot, match, cut)) {
        walkAgain(slot, chain, length, primary, match);
      }
    }
  }

  /** Adds the slots that have blocks of other groups in the runs that the shared prefix passes. */
  private void addThoseOfOtherGroups(long[] chain, int primary, PrefixMatch match) {
    int end = match.sharedDepth();
    int at = match.searched;
    while (at < end) {
      long place = map.find(chain[at]);
      if (place == BlockMap.NOWHERE) {
        return;
      }
      Run run = runs.la(RunTable.run(place));
      int offset = RunTable.offset(place);
      int blocks =
          run != null && run.is(offset, chain[at]) ? run.common(offset, chain, at, end) : 0;
      if (run != null && blocks > 0) {
        match.addThoseOfOtherGroups(run.laCover(), leases, primary, offset, offset + blocks);
        at += blocks;
      }
    }
    match.searched = end;
  }

  private void walkAgain(int slot, long[] chain, int length, int primary, PrefixMatch match) {
    match.keepNothing(slot);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      counters.retries.increment();
      long since = Math.max(steps.laWith(slot), steps.laWith(SHARED_SLOT));
      match.restart(slot, since);
      if (steps.isDropped(slot)) {
        return;
      }
      walk(chain, 0, length, primary, since, slot, match);
      if (isSteady(slot, since, match)) {
        return;
      }
    }
    counters.shortened.increment();
    match.restoreKept(slot);
  }

  /** Whether a slot has lost nothing that was credited to it since then. */
  private boolean isSteady(int slot, long since, PrefixMatch match) {
    steps.afterReads();
    return steps.la(slot) <= since
        && (match.stage(slot) != SHARED || steps.la(SHARED_SLOT) <= since);
  }

  /** The same for what is cut back: blocks of other groups may have been in shared storage. */
  private boolean isSteady(int slot, PrefixMatch match, boolean cut) {
    long since = match.since(slot);
    return isSteady(slot, since, match) && (!cut || steps.la(SHARED_SLOT) <= since);
  }

  private boolean isSharedSteady(PrefixMatch match, boolean cut) {
    steps.afterReads();
    boolean used = match.sharedDepth() > 0 || (cut && match.size() > 0);
    return !used || steps.la(SHARED_SLOT) <= match.since();
  }

  /** Whether nothing was lost meanwhile of what was cut back. */
  private boolean isSettled(PrefixMatch match) {
    for (int c = 0; c < match.size(); c++) {
      if (!isSettled(match.slot(c), match)) {
        return false;
      }
    }
    return isSharedSteady(match, false);
  }

  private boolean isSettled(int slot, PrefixMatch match) {
    return match.depth(slot) == 0 || isSteady(slot, match, true);
  }

  /** Leaves nothing of what was cut back where blocks were lost each time. */
  private void giveUp(PrefixMatch match) {
    counters.shortened.increment();
    for (int c = 0; c < match.size(); c++) {
      if (!isSettled(match.slot(c), match)) {
        match.distrust(match.slot(c));
      }
    }
    if (!isSharedSteady(match, false)) {
      match.distrustShared();
    }
    match.findLongest();
  }

  @Override
  public int heldFrom(int slot, int group, long[] chain, int end, long now) {
    long block = chain[end - 1];
    Run run = null;
    int offset = 0;
    while (run == null || !run.is(offset, block)) { // again if it has just moved
      long place = map.find(block);
      if (place == BlockMap.NOWHERE) {
        return end;
      }
      run = runs.la(RunTable.run(place));
      offset = RunTable.offset(place);
    }
    long[] cover = run.laCover();
    int announcedEnd = Cover.announcedEnd(cover);
    int start = end;
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      int lease = Cover.lease(cover[i]);
      long facts = leases.la(lease);
      int itsSlot = Leases.slot(facts);
      if (Cover.has(cover[i], offset)
          && facts != Leases.GONE
          && Leases.group(facts) == group
          && (itsSlot == slot || itsSlot == SHARED_SLOT)
          && (i < announcedEnd || leases.isBelieved(facts, lease, Cover.laEnd(cover, i), now))) {
        start = Math.min(start, Math.max(0, end - 1 - (offset - Cover.from(cover[i]))));
      }
    }
    return start;
  }
}
