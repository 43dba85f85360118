package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KvBlockIndex} as one table from block hash to an immutable list of who has the block: a
 * change copies the list of that block and publishes the copy by one store.
 *
 * <p><b>Progress:</b> look-ups are wait-free in the number of blocks, with a bounded number of
 * retries for each endpoint. Changes are lock-free but for making and dropping endpoints and holders.
 * <b>Cost:</b> a look-up is one probe of the table for each block, plus its holders; a change copies
 * the holders of each block that more than one holder has. A change that finds the table full of old
 * places copies the table, in time proportional to the capacity.
 */
final class CopyOnWriteBlockIndex implements KvBlockIndex {

  /*
   * Layout. BlockTable: keys[], holdings[] by place. Holdings: leases, copies, ends of marks. A Lease
   * stands for a holder from one clear to the next, and names its Member, the endpoint, which has a
   * version. Nothing that a look-up can reach is reused, so a stale reference never means another
   * thing than it did; the collector does the rest.
   *
   * Words shared between threads. "Turn" is the thread that ChangeTurns lets write.
   *
   *   word           written by               read by              why it is enough
   *   -------------  -----------------------  -------------------  ------------------------------------
   *   holdings[i]    turn, release            acquire              the list is complete before it is seen
   *   keys[i]        turn, release, once,     acquire              who sees the hash sees its first list
   *                  after its holdings
   *   table          turn, release, filled    acquire              who sees the table sees all of it
   *   Lease.ended    turn, release, between   acquire              who sees it sees an odd or a later
   *                  two version steps                             version behind it, see below
   *   Member.version turn: +2 release after   acquire: before      see below
   *                  a removal; +1 around a   the first block and
   *                  clear; any: drop bit     after the last
   *   blocks         turn, release            acquire              a counter
   *
   * Why a depth was true at some instant. A look-up reads an endpoint's version, then the blocks in
   * order, then the version again. Let both reads give the same even number v. The turn publishes one
   * change after the other, and steps the version after each removal and before the next change. So of
   * the removals that the first read did not know of, the look-up can have met at most one, the last
   * change of all it met: had it met anything later, the second read would have given more than v.
   *  - It met none: all blocks it saw were there together when it saw the last one, and the block that
   *    ended the prefix was not there at that moment.
   *  - It met one, of block r: it did so by not finding r, which ended the prefix there; all blocks
   *    before r were there together, and r was not, right after that removal.
   *  - The last removal came after the look-up had passed its block: until the version steps nothing
   *    else changes, so the state just before it explains all that was seen.
   * A thread that is suspended between a removal and its step therefore holds up nobody. A clear takes
   * many blocks at one instant, which one later step cannot cover: it makes the version odd, ends the
   * lease, and makes the version even; an odd version is never valid. A drop is one step by itself.
   * Sweeping out what is invisible already needs no step; sweeping out a mark that has ended is a
   * removal. A table that was replaced stays as it was at that instant, which is an instant of the call.
   *
   * Stores only make prefixes longer, so they need no version: an endpoint that did not have the first
   * block when the call began had depth 0 then.
   *
   * The versions are checked every WINDOW blocks, so that an endpoint whose prefix ended early is not
   * disturbed by what happens while the others go on. An endpoint whose version has moved is walked
   * again by itself, MOST_TRIES times, then gets the longest prefix that was valid in one of the tries.
   */

  /** Blocks between two checks of the versions. */
  private static final int WINDOW = 64;

  /** Walks of one endpoint before its prefix may come out too short. */
  private static final int MOST_TRIES = 8;

  private static final int MOST_CAPACITY = 1 << 28;

  /** Half of what a long can hold, 146 years: ends stay comparable. */
  private static final long LONGEST_LIFE = Long.MAX_VALUE >> 1;

  private final int capacity;
  private final LongSupplier clock;
  private final Roster roster = new Roster();
  private final IndexCounters counters = new IndexCounters();
  private final IndexWriter writer;
  private final ChangeTurns turns;

  CopyOnWriteBlockIndex(int capacity, LongSupplier clock) {
    if (capacity < 1 || capacity > MOST_CAPACITY) {
      throw new IllegalArgumentException(
          "index: capacity must be in [1, 2^28] blocks, was " + capacity);
    }
    this.capacity = capacity;
    this.clock = clock;
    writer = new IndexWriter(capacity, clock, roster, counters);
    turns = new ChangeTurns(writer);
  }

  @Override
  public int slot(Endpoint endpoint) {
    return roster.slot(endpoint);
  }

  @Override
  public int holder(HolderKey key) {
    return roster.number(key);
  }

  @Override
  public boolean store(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    Objects.checkFromIndexSize(from, count, blocks.length);
    Holder known = roster.find(holder);
    if (known == null) {
      counters.orphans.add(count);
      return true;
    }
    if (turns.begin()) {
      try {
        writer.store(known, parent, hasParent, blocks, from, count);
      } finally {
        turns.end();
      }
      return true;
    }
    long[] copy = Arrays.copyOfRange(blocks, from, from + count);
    return counted(turns.offer(new Change.Store(known, parent, hasParent, copy)));
  }

  @Override
  public boolean remove(int holder, long[] blocks, int from, int count) {
    Objects.checkFromIndexSize(from, count, blocks.length);
    Holder known = roster.find(holder);
    if (known == null) {
      counters.removed.add(count);
      counters.unknownRemoved.add(count);
      return true;
    }
    if (turns.begin()) {
      try {
        writer.remove(known, blocks, from, count);
      } finally {
        turns.end();
      }
      return true;
    }
    long[] copy = Arrays.copyOfRange(blocks, from, from + count);
    return counted(turns.offer(new Change.Remove(known, copy)));
  }

  @Override
  public void clear(int holder) {
    Holder known = roster.find(holder);
    if (known != null) {
      turns.force(new Change.Clear(known));
    }
  }

  @Override
  public void drop(Endpoint endpoint) {
    Roster.Dropped dropped = roster.drop(endpoint);
    if (dropped != null) {
      turns.force(new Change.Retire(dropped));
    }
  }

  @Override
  public void expect(int holder, long[] chain, int length, long nowNanos, long lifeNanos) {
    if (lifeNanos < 0) {
      throw new IllegalArgumentException("life must be at least 0 ns, was " + lifeNanos);
    }
    mark(holder, chain, length, nowNanos + Math.min(lifeNanos, LONGEST_LIFE));
  }

  @Override
  public void confirm(int holder, long[] chain, int length, long nowNanos) {
    mark(holder, chain, length, nowNanos + CONFIRM_LIFE_NANOS);
  }

  private void mark(int holder, long[] chain, int length, long end) {
    Objects.checkFromIndexSize(0, length, chain.length);
    Holder known = roster.find(holder);
    if (known == null) {
      return;
    }
    if (turns.begin()) {
      try {
        writer.mark(known, chain, length, end);
      } finally {
        turns.end();
      }
      return;
    }
    counted(turns.offer(new Change.Mark(known, Arrays.copyOf(chain, length), end)));
  }

  private boolean counted(boolean queued) {
    if (!queued) {
      counters.overflows.increment();
    }
    return queued;
  }

  @Override
  public void match(long[] chain, int from, int length, PrefixMatch match) {
    Objects.checkFromToIndex(from, length, chain.length);
    if (from > 0 && from != match.length()) {
      throw new IllegalArgumentException(
          "match: from must be 0 or " + match.length() + ", where the match ended, was " + from);
    }
    long now = clock.getAsLong();
    BlockTable table = writer.laTable();
    if (from == 0) {
      match.reset();
      if (length > 0) {
        nominate(table.find(chain[0]), now, match);
      }
    }
    walk(table, chain, from, length, now, match);
    for (int c = 0; c < match.size(); c++) {
      int slot = match.slot(c);
      Member member = match.member(slot);
      if (member != null && match.isSuspended(slot)) {
        walkAgain(member, chain, length, now, match);
      }
    }
    match.finish(length);
  }

  /** Notes the version of each endpoint that has the first block, before that block is looked at. */
  private static void nominate(@Nullable Holdings first, long now, PrefixMatch match) {
    for (int i = 0; first != null && i < first.size(); i++) {
      if (first.isVisible(i, now)) {
        Member member = first.lease(i).member;
        long version = member.laVersion();
        if (!Member.isDropped(version)) {
          match.add(member, version);
        }
      }
    }
  }

  private static void walk(
      BlockTable table, long[] chain, int from, int length, long now, PrefixMatch match) {
    int unsettled = match.openSlots();
    int running = unsettled;
    int depth = from;
    while (running > 0 && depth < length) {
      int end = Math.min(length, depth + WINDOW);
      while (running > 0 && depth < end) {
        running = credit(table.find(chain[depth]), null, depth, now, match);
        depth++;
      }
      unsettled = settle(unsettled, depth, match);
    }
  }

  /** Credits block number {@code depth} to whom it is due, or to one endpoint only. {@return how many} */
  private static int credit(
      @Nullable Holdings holdings, @Nullable Member only, int depth, long now, PrefixMatch match) {
    int running = 0;
    for (int i = 0; holdings != null && i < holdings.size(); i++) {
      Lease lease = holdings.lease(i);
      if ((only == null || lease.member == only)
          && holdings.isVisible(i, now)
          && match.credit(lease.member, lease.tier, depth)) {
        running++;
      }
    }
    return running;
  }

  /**
   * Checks the versions of the first {@code unsettled} slots, and moves those behind the others whose
   * prefix has ended, or whose version has moved.
   *
   * @return how many go on
   */
  private static int settle(int unsettled, int depth, PrefixMatch match) {
    int left = unsettled;
    for (int c = left - 1; c >= 0; c--) {
      int slot = match.slot(c);
      Member member = match.member(slot);
      boolean valid = member != null && isUnmoved(member, match.version(slot));
      if (!valid) {
        match.suspend(slot);
      }
      if (!valid || match.blocks(slot) < depth) {
        match.swap(c, --left);
      }
    }
    return left;
  }

  private void walkAgain(Member member, long[] chain, int length, long now, PrefixMatch match) {
    int slot = member.slot;
    int gpu = 0;
    int cpu = 0;
    int disk = 0;
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      counters.retries.increment();
      long version = member.laVersion();
      match.set(slot, 0, 0, 0);
      match.version(slot, version);
      if (Member.isDropped(version)) {
        return;
      }
      BlockTable table = writer.laTable();
      int depth = 0;
      boolean ended = false;
      while (!ended && isUnmoved(member, version)) {
        if (depth > gpu + cpu + disk) {
          gpu = match.blocks(slot, Tier.GPU);
          cpu = match.blocks(slot, Tier.CPU);
          disk = match.blocks(slot, Tier.DISK);
        }
        int end = Math.min(length, depth + WINDOW);
        while (depth < end && credit(table.find(chain[depth]), member, depth, now, match) > 0) {
          depth++;
        }
        ended = depth < end || end == length;
      }
      if (ended && isUnmoved(member, version)) {
        return;
      }
    }
    counters.shortened.increment();
    match.set(slot, gpu, cpu, disk);
  }

  private static boolean isUnmoved(Member member, long version) {
    return Member.isSteady(version) && member.laVersion() == version;
  }

  @Override
  public IndexStats stats() {
    return counters.stats(writer.blocks(), capacity, roster.holders());
  }
}
