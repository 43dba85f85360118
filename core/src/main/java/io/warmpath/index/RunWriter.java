package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes to the runs of a {@link RunBlockIndex}; {@link RunLookup} says what their order is for.
 * Used by one thread at a time, between {@link #begin} and {@link #end}.
 *
 * <p>What a clear, a drop or the clock has made invisible is swept out of the runs a few with each
 * change, round and round, so that no change takes long.
 */
final class RunWriter {

  private static final VarHandle BLOCKS;
  private static final VarHandle BYTES;
  private static final VarHandle PLACES;
  private static final VarHandle RUNS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      BLOCKS = lookup.findVarHandle(RunWriter.class, "publishedBlocks", long.class);
      BYTES = lookup.findVarHandle(RunWriter.class, "publishedBytes", long.class);
      PLACES = lookup.findVarHandle(RunWriter.class, "publishedPlaces", long.class);
      RUNS = lookup.findVarHandle(RunWriter.class, "publishedRuns", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final long NOWHERE = BlockMap.NOWHERE;

  /** Blocks that a sweep takes out of the map, after which it leaves the rest to the next change. */
  private static final int ENOUGH_UNMAPPED = 1024;

  /** Runs swept with a change while there are marks. */
  private static final int SWEPT_WHILE_MARKED = 1;

  /** Blocks whose homes are touched before they are put, so that the misses overlap. */
  private static final int TOUCHED_AT_ONCE = 32;

  private final int capacityBlocks;
  private final long capacityBytes;
  private final LongSupplier clock;
  private final IndexCounters counters;
  private final RunTable runs;
  private final BlockMap map;
  private final Leases leases;
  private final Steps steps;
  private final Roster roster;
  private final CoverEditor editor = new CoverEditor();
  private final Queue<Gone> gone = new ArrayDeque<>();

  /** Entry i has lease i. */
  @Nullable
  Holder[] holders = new Holder[16];

  /** Runs swept with a change while a clear or a drop is not swept yet; fewer to test it. */
  int sweptWhileGone = 64;

  private int[] path = new int[16];
  private int pathLength;
  private int appended;
  private int change;
  private long now;
  long runBytes;
  long dead;
  long marks;
  int hand = 1;
  private long round;

  @SuppressWarnings("unused") // through BLOCKS
  private long publishedBlocks;

  @SuppressWarnings("unused") // through BYTES
  private long publishedBytes;

  @SuppressWarnings("unused") // through PLACES
  private long publishedPlaces;

  @SuppressWarnings("unused") // through RUNS
  private long publishedRuns;

  /**
   * What was cleared or dropped and may still be in a cover.
   *
   * @param lease the lease that ended, or {@link Holder#NO_LEASE}
   * @param dropped the endpoint that was dropped, or null
   * @param round the round of sweeping in which it ended
   * @param hand where the sweep was; when it comes here in the next round, nothing names it any more
   */
  private record Gone(int lease, Roster.@Nullable Dropped dropped, long round, int hand) {}

  RunWriter(
      int capacityBlocks,
      long capacityBytes,
      LongSupplier clock,
      IndexCounters counters,
      RunTable runs,
      BlockMap map,
      Leases leases,
      Steps steps,
      Roster roster) {
    this.capacityBlocks = (int) Math.min(capacityBlocks, BlockMap.blocksIn(capacityBytes / 2));
    this.capacityBytes = capacityBytes;
    this.clock = clock;
    this.counters = counters;
    this.runs = runs;
    this.map = map;
    this.leases = leases;
    this.steps = steps;
    this.roster = roster;
    publish();
  }

  /** {@return most distinct blocks, by the limit on bytes too} */
  int capacityBlocks() {
    return capacityBlocks;
  }

  /** {@return distinct blocks; by any thread} */
  long blocks() {
    return (long) BLOCKS.getAcquire(this);
  }

  /** {@return bytes taken; by any thread} */
  long bytes() {
    return (long) BYTES.getAcquire(this);
  }

  /** {@return places of the map; by any thread} */
  long places() {
    return (long) PLACES.getAcquire(this);
  }

  /** {@return runs; by any thread} */
  long runs() {
    return (long) RUNS.getAcquire(this);
  }

  void begin() {
    now = clock.getAsLong();
  }

  void end() {
    publish();
  }

  private void publish() {
    BLOCKS.setRelease(this, map.size() - dead);
    BYTES.setRelease(this, lpBytes());
    PLACES.setRelease(this, map.entries());
    RUNS.setRelease(this, (long) runs.count());
  }

  void store(Holder holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    if (isGone(holder)) {
      counters.orphans.add(count);
      return;
    }
    change++;
    counters.stored.add(count);
    long before = hasParent ? map.find(parent) : NOWHERE;
    if (hasParent && !has(holder.slot, before)) {
      counters.orphans.add(count);
    }
    put(holder, before, parent, blocks, from, from + count, false, 0);
    sweepSome();
  }

  void mark(Holder holder, long[] chain, int length, long nowNanos, long life) {
    if (isGone(holder)) {
      return;
    }
    MarkAges ages = holder.ages;
    long end = ages == null ? nowNanos + life : ages.end(nowNanos);
    if (now - end >= 0) {
      return;
    }
    change++;
    put(holder, NOWHERE, 0, chain, 0, length, true, end);
    if (ages != null && ages.isOver()) {
      steps.busy(holder.slot);
      counters.outrun.add(ages.forgetOldest(now));
      leases.srHorizon(holder.lease, ages.horizon());
      steps.addLoss(holder.slot);
    }
    sweepSome();
  }

  void remove(Holder holder, long[] blocks, int from, int count) {
    counters.removed.add(count);
    if (isGone(holder) || holder.lease == Holder.NO_LEASE) {
      counters.unknownRemoved.add(count);
      return;
    }
    change++;
    int i = from;
    while (i < from + count) {
      long place = holder.hint;
      if (place == NOWHERE || !isMapped(place, blocks[i])) {
        place = map.find(blocks[i]);
      }
      if (place == NOWHERE) {
        counters.unknownRemoved.increment();
        i++;
      } else {
        i += removeFrom(place, holder, blocks, i, from + count);
      }
    }
    sweepSome();
  }

  void clear(Holder holder) {
    int lease = holder.lease;
    if (lease != Holder.NO_LEASE) {
      steps.busy(holder.slot);
      leases.end(lease);
      steps.addLoss(holder.slot);
      forget(holder);
      gone.add(new Gone(lease, null, round, hand));
    }
  }

  void retire(Roster.Dropped dropped) {
    for (Holder holder : dropped.holders()) {
      holder.retired = true;
      if (holder.lease != Holder.NO_LEASE) {
        leases.end(holder.lease);
        gone.add(new Gone(holder.lease, null, round, hand));
        forget(holder);
      }
    }
    gone.add(new Gone(Holder.NO_LEASE, dropped, round, hand));
  }

  void approximate(Holder holder, int capacity, long life) {
    holder.ages = MarkAges.after(holder.ages, capacity, life, now);
    if (holder.lease != Holder.NO_LEASE) {
      steps.busy(holder.slot);
      leases.renew(holder.lease, holder.ages.horizon());
      steps.addLoss(holder.slot);
    }
  }

  /** The lease that is ended is the only one that was begun as an approximate one. */
  void exact(Holder holder) {
    clear(holder);
    holder.ages = null;
  }

  private boolean isGone(Holder holder) {
    return holder.retired || steps.isDropped(holder.slot);
  }

  /** The holder starts from nothing. */
  private void forget(Holder holder) {
    holder.lease = Holder.NO_LEASE;
    holder.hint = NOWHERE;
    holder.copies.clear();
    MarkAges ages = holder.ages;
    if (ages != null) {
      holder.ages = new MarkAges(ages.capacityBlocks, ages.lifeNanos, now);
    }
  }

  private int lease(Holder holder) {
    if (holder.lease == Holder.NO_LEASE) {
      steps.addLoss(holder.slot);
      int lease = leases.begin(holder.slot, holder.key, holder.ages);
      if (lease >= holders.length) {
        holders = Arrays.copyOf(holders, lease * 2);
      }
      holders[lease] = holder;
      holder.lease = lease;
    }
    return holder.lease;
  }

  /**
   * Whether the map says that a block is at a place: in its run, and not before the first there, where
   * readers may still see what the run once had.
   */
  private boolean isMapped(long place, long block) {
    return runs.holds(place, block)
        && RunTable.offset(place) >= runs.get(RunTable.run(place)).first;
  }

  /** Whether a slot has the block at a place. */
  private boolean has(int slot, long place) {
    Run run = place == NOWHERE ? null : runs.la(RunTable.run(place));
    if (run == null) {
      return false;
    }
    long[] cover = run.lpCover();
    int announcedEnd = Cover.announcedEnd(cover);
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      int lease = Cover.lease(cover[i]);
      if (Cover.has(cover[i], RunTable.offset(place))
          && !leases.isGone(lease)
          && Leases.slot(leases.la(lease)) == slot
          && (i < announcedEnd || leases.isBelieved(lease, cover[i + 1], now))) {
        return true;
      }
    }
    return false;
  }

  // Blocks come.

  /** Gives a holder blocks, which follow {@code parent}, if that is at a place {@code before} them. */
  private void put(
      Holder holder,
      long before,
      long parent,
      long[] blocks,
      int from,
      int to,
      boolean mark,
      long end) {
    int lease = lease(holder);
    pathLength = 0;
    if (before != NOWHERE) {
      addToPath(RunTable.run(before));
    }
    long last = before;
    int i = from;
    while (i < to) {
      long place = placeAfter(last, blocks[i]);
      int count = 0;
      if (place != NOWHERE) {
        count = runs.get(RunTable.run(place)).common(RunTable.offset(place), blocks, i, to);
      } else {
        int room = room(to - i);
        if (room > 0) {
          last = endOfRun(placeOf(last, i == from ? parent : blocks[i - 1]));
          place = append(last, blocks, i, i + room);
          count = appended;
        }
      }
      if (count == 0) {
        counters.full.increment();
        last = NOWHERE;
        i++;
      } else {
        cover(place, count, holder, lease, mark, end);
        addToPath(RunTable.run(place));
        last = place + count - 1;
        i += count;
      }
    }
    for (int p = pathLength - 1; p >= 0; p--) {
      if (runs.la(path[p]) != null) {
        runs.touch(path[p]);
      }
    }
    room(0);
  }

  /** {@return where a block is that may follow another, or NOWHERE} */
  private long placeAfter(long last, long block) {
    long next = last + 1;
    boolean follows = last != NOWHERE && RunTable.offset(next) != 0 && runs.holds(next, block);
    return follows ? next : map.find(block);
  }

  /**
   * Splits the run of a block behind it, where prompts begin to differ: so that what they share is a run
   * of its own, which look-ups pass as a whole, and which stays when what followed is forgotten.
   *
   * @return where the block is now
   */
  private long endOfRun(long last) {
    if (last == NOWHERE) {
      return NOWHERE;
    }
    int number = RunTable.run(last);
    Run run = runs.get(number);
    int at = RunTable.offset(last) + 1;
    if (at == run.lpEnd() || !runs.hasRoom(2)) {
      return last;
    }
    long block = run.hash(at - 1);
    if (at - run.first < run.lpEnd() - at) {
      moveToNewRun(number, run, run.first, at);
      keep(number, run, at, run.lpEnd());
    } else {
      moveToNewRun(number, run, at, run.lpEnd());
      keep(number, run, run.first, at);
    }
    counters.branches.increment();
    return map.find(block);
  }

  /** {@return where a block is that was at a place; making room may have moved it, or taken it} */
  private long placeOf(long place, long block) {
    return place == NOWHERE || isMapped(place, block) ? place : map.find(block);
  }

  private void addToPath(int number) {
    if (pathLength > 0 && path[pathLength - 1] == number) {
      return;
    }
    if (pathLength == path.length) {
      path = Arrays.copyOf(path, pathLength * 2);
    }
    path[pathLength++] = number;
    runs.get(number).touched = change;
  }

  private void cover(long place, int count, Holder holder, int lease, boolean mark, long end) {
    int number = RunTable.run(place);
    int offset = RunTable.offset(place);
    Run run = runs.get(number);
    long[] cover = run.lpCover();
    if (mark) {
      publish(run, editor.believe(cover, lease, offset, offset + count, end, holder.ages));
    } else {
      countCopies(run, cover, holder, lease, offset, offset + count);
      publish(run, editor.add(cover, lease, offset, offset + count));
    }
    if (run.dead > 0) {
      recountDead(run);
    }
  }

  private static void countCopies(
      Run run, long[] cover, Holder holder, int lease, int from, int to) {
    int announcedEnd = Cover.announcedEnd(cover);
    for (int i = 1; i < announcedEnd; i++) {
      if (Cover.lease(cover[i]) == lease) {
        int high = Math.min(to, Cover.to(cover[i]));
        for (int o = Math.max(from, Cover.from(cover[i])); o < high; o++) {
          holder.copies.add(run.hash(o));
        }
      }
    }
  }

  /**
   * Adds blocks that are nowhere, up to the first that is somewhere: behind the last if that is the end
   * of its run, else in a new one. Sets {@link #appended}. {@return where the first of them is}
   */
  private long append(long last, long[] blocks, int from, int to) {
    int number = last == NOWHERE ? RunTable.NONE : RunTable.run(last);
    Run run = number == RunTable.NONE ? null : runs.get(number);
    int start = 0;
    int count = Math.min(to - from, Run.MAX_BLOCKS);
    appended = 0;
    if (run != null && run.lpEnd() == RunTable.offset(last) + 1 && run.lpEnd() < Run.MAX_BLOCKS) {
      start = run.lpEnd();
      count = Math.min(to - from, Run.MAX_BLOCKS - start);
      run = withRoom(number, run, count);
      System.arraycopy(blocks, from, run.hashes, start - run.base, count);
    } else {
      run = new Run(Arrays.copyOfRange(blocks, from, from + count), 0, 0, Cover.EMPTY);
      number = runs.add(run);
      if (number == RunTable.NONE) {
        return NOWHERE;
      }
      run.touched = change;
      runBytes += run.bytes();
    }
    run.written = start + count;
    run.srEnd(start + count);
    while (appended < count) {
      int untouched = Math.min(count, appended + TOUCHED_AT_ONCE);
      map.touch(blocks, from + appended, from + untouched);
      while (appended < untouched) {
        long place = RunTable.place(number, start + appended);
        if (map.putIfAbsent(blocks[from + appended], place) != NOWHERE) {
          run.srEnd(start + appended);
          giveBackRoom(number, run);
          return RunTable.place(number, start);
        }
        appended++;
      }
    }
    return RunTable.place(number, start);
  }

  /** {@return the run, or another in its place, with room for more blocks at its end} */
  private Run withRoom(int number, Run run, int count) {
    int length = run.lpEnd() - run.first;
    int needed = run.lpEnd() + count - run.base;
    if (run.written == run.lpEnd() && needed <= run.hashes.length) {
      return run;
    }
    int room =
        Math.min(Run.MAX_BLOCKS - run.first, Math.max(length + count, length + length / 4 + 4));
    return replace(number, run, run.first, room);
  }

  /** Puts a run in the place of another, with the same blocks from {@code base} on. */
  private Run replace(int number, Run old, int base, int room) {
    long[] hashes = Arrays.copyOfRange(old.hashes, base - old.base, base - old.base + room);
    Run fresh = new Run(hashes, base, old.lpEnd(), old.lpCover());
    fresh.dead = old.dead;
    runBytes += fresh.bytes() - old.bytes();
    runs.replace(number, old, fresh);
    return fresh;
  }

  // Room.

  /** Forgets what was touched longest ago until there is room. {@return how many blocks there is for} */
  private int room(int wanted) {
    boolean more = true;
    while (more && (map.size() + wanted > capacityBlocks || lpBytes() > capacityBytes)) {
      if (!gone.isEmpty()) {
        sweep(sweptWhileGone);
      } else {
        more = evictOldest();
      }
    }
    long room = lpBytes() > capacityBytes ? 0 : capacityBlocks - map.size();
    return (int) Math.max(0, Math.min(wanted, room));
  }

  /** {@return whether there was a run that this change has not touched} */
  private boolean evictOldest() {
    int number = runs.oldest();
    while (number != RunTable.NONE && runs.get(number).touched == change) {
      number = runs.get(number).newer;
    }
    if (number == RunTable.NONE) {
      return false;
    }
    Run run = runs.get(number);
    long[] cover = run.lpCover();
    counters.evicted.add(run.lpEnd() - run.first - run.dead);
    int announcedEnd = Cover.announcedEnd(cover);
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      Holder holder = holders[Cover.lease(cover[i])];
      if (holder != null && holder.lease == Cover.lease(cover[i])) {
        steps.busy(holder.slot);
      }
    }
    publish(run, Cover.EMPTY);
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      Holder holder = holders[Cover.lease(cover[i])];
      if (holder != null && holder.lease == Cover.lease(cover[i])) {
        steps.addLoss(holder.slot);
        forgetCopies(holder, run, Cover.from(cover[i]), Cover.to(cover[i]));
        MarkAges ages = holder.ages;
        if (i >= announcedEnd && ages != null) {
          ages.remove(cover[i + 1], Cover.to(cover[i]) - Cover.from(cover[i]));
        }
      }
    }
    tidy(number, run);
    return true;
  }

  private static void forgetCopies(Holder holder, Run run, int from, int to) {
    for (int o = from; o < to && !holder.copies.isEmpty(); o++) {
      holder.copies.forget(run.hash(o));
    }
  }

  // Blocks go.

  /**
   * Takes one copy of the block at a place, and of those after it in {@code blocks} as long as they are
   * neighbours, backwards or forwards. {@return how many}
   */
  private int removeFrom(long place, Holder holder, long[] blocks, int from, int to) {
    int number = RunTable.run(place);
    Run run = runs.get(number);
    int low = RunTable.offset(place);
    int high = low + 1;
    int i = from + 1;
    boolean counted = !holder.copies.isEmpty();
    while (!counted && i < to && low > run.first && run.hash(low - 1) == blocks[i]) {
      low--;
      i++;
    }
    while (!counted
        && i < to
        && low == RunTable.offset(place)
        && high < run.lpEnd()
        && run.hash(high) == blocks[i]) {
      high++;
      i++;
    }
    holder.hint = low > run.first ? RunTable.place(number, low - 1) : NOWHERE;
    if (!counted || !holder.copies.take(run.hash(low))) {
      take(number, holder, low, high);
    }
    return i - from;
  }

  /** Takes the last copies of a range, and the marks. */
  private void take(int number, Holder holder, int from, int to) {
    if (from < to) {
      Run run = runs.get(number);
      long[] cover = run.lpCover();
      long[] left = editor.remove(cover, holder.lease, from, to, holder.ages);
      counters.unknownRemoved.add(to - from - editor.taken());
      if (left != cover) {
        if (to - from > 1) {
          steps.busy(holder.slot);
        }
        publish(run, left);
        steps.addLoss(holder.slot);
        if (!isHeld(left, from, to)) {
          tidy(number, run);
        }
      }
    }
  }

  /** Whether somebody has all of a range, as one stretch. */
  private static boolean isHeld(long[] cover, int from, int to) {
    int announcedEnd = Cover.announcedEnd(cover);
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      if (Cover.from(cover[i]) <= from && Cover.to(cover[i]) >= to) {
        return true;
      }
    }
    return false;
  }

  /** Gives back what a run has that nobody has any more. */
  private void tidy(int number, Run run) {
    long[] cover = run.lpCover();
    int lowest = Cover.isEmpty(cover) ? run.lpEnd() : Cover.lowest(cover);
    int highest = Cover.isEmpty(cover) ? run.lpEnd() : Cover.highest(cover);
    int oldEnd = run.lpEnd();
    unmap(number, run, highest, oldEnd);
    unmap(number, run, run.first, lowest);
    run.first = lowest;
    if (Cover.isEmpty(cover)) {
      dead -= run.dead;
      runBytes -= run.bytes();
      runs.remove(number, run);
      return;
    }
    run.srEnd(highest);
    recountDead(run);
    int length = highest - lowest;
    if (run.dead * 2 > length && runs.hasRoom(length)) {
      split(number, run);
    } else {
      giveBackRoom(number, run);
    }
  }

  private void giveBackRoom(int number, Run run) {
    int length = run.lpEnd() - run.first;
    if (run.hashes.length > 4 * length + 16) {
      replace(number, run, run.first, length);
    }
  }

  private void unmap(int number, Run run, int from, int to) {
    for (int o = from; o < to; o++) {
      map.remove(run.hash(o), RunTable.place(number, o));
    }
  }

  private void recountDead(Run run) {
    int now = Cover.dead(run.lpCover(), run.first, run.lpEnd());
    dead += now - run.dead;
    run.dead = now;
  }

  /**
   * Splits a run into the stretches that somebody has. The longest stays where it is, the others get
   * runs of their own: first the new runs are there as well, then their blocks are found there, and
   * then the old run goes without them, so that no block is missing at any time.
   */
  private void split(int number, Run run) {
    long[] cover = run.lpCover();
    int end = run.lpEnd();
    int keptFrom = run.first;
    int keptTo = run.first;
    for (int from = run.first; from < end; from = Cover.gapEnd(cover, from, end)) {
      int to = Cover.heldEnd(cover, from);
      if (to - from > keptTo - keptFrom) {
        keptFrom = from;
        keptTo = to;
      }
      from = to;
    }
    int at = run.first;
    while (at < end) {
      int to = Cover.heldEnd(cover, at);
      if (at != keptFrom) {
        moveToNewRun(number, run, at, to);
      }
      at = Cover.gapEnd(cover, to, end);
      unmap(number, run, to, at);
    }
    keep(number, run, keptFrom, keptTo);
    counters.splits.increment();
  }

  /** Leaves nothing of a run but a range; the rest is somewhere else, or nowhere. */
  private void keep(int number, Run run, int from, int to) {
    long[] hashes = Arrays.copyOfRange(run.hashes, from - run.base, to - run.base);
    Run kept = new Run(hashes, from, to, editor.slice(run.lpCover(), leases, from, to, 0));
    dead -= run.dead;
    runBytes += kept.bytes() - run.bytes();
    marks += marksOf(kept.lpCover()) - marksOf(run.lpCover());
    runs.replace(number, run, kept);
    tidy(number, kept);
  }

  private void moveToNewRun(int number, Run run, int from, int to) {
    long[] cover = editor.slice(run.lpCover(), leases, from, to, from);
    long[] hashes = Arrays.copyOfRange(run.hashes, from - run.base, to - run.base);
    Run made = new Run(hashes, 0, to - from, cover);
    int fresh = runs.addBeside(made, run);
    runBytes += made.bytes();
    marks += marksOf(cover);
    for (int o = from; o < to; o++) {
      map.move(run.hash(o), RunTable.place(number, o), RunTable.place(fresh, o - from));
    }
    tidy(fresh, made);
  }

  private void publish(Run run, long[] cover) {
    long[] before = run.lpCover();
    if (cover != before) {
      marks += marksOf(cover) - marksOf(before);
      runBytes += Run.arrayBytes(cover) - Run.arrayBytes(before);
      run.srCover(cover);
    }
  }

  private static int marksOf(long[] cover) {
    return (cover.length - Cover.announcedEnd(cover)) / 2;
  }

  private long lpBytes() {
    return 8 * map.entries() + runs.bytes() + runBytes;
  }

  // Sweeping.

  private void sweepSome() {
    if (!gone.isEmpty()) {
      sweep(sweptWhileGone);
    } else if (marks > 0) {
      sweep(SWEPT_WHILE_MARKED);
    }
  }

  private void sweep(int count) {
    long enough = map.size() - ENOUGH_UNMAPPED;
    for (int i = 0; i < count && map.size() > enough; i++) {
      if (hand >= runs.end()) {
        hand = 1;
        round++;
      }
      Run run = runs.la(hand);
      if (run != null) {
        sweep(hand, run);
      }
      hand++;
    }
    for (Gone next = gone.peek(); next != null && isSwept(next); next = gone.peek()) {
      if (next.lease != Holder.NO_LEASE) {
        leases.release(next.lease);
      }
      if (next.dropped != null) {
        roster.release(next.dropped);
      }
      gone.remove();
    }
  }

  /** Whether all runs that were there when it ended have been swept since; more may have come. */
  private boolean isSwept(Gone ended) {
    return round > ended.round + 1 || (round == ended.round + 1 && hand >= ended.hand);
  }

  private void sweep(int number, Run run) {
    long[] cover = run.lpCover();
    long[] left = editor.sweep(cover, leases, now);
    if (left != cover) {
      counters.expired.add(editor.taken());
      int announcedEnd = Cover.announcedEnd(cover);
      for (int i = announcedEnd; i < cover.length; i += 2) {
        if (isExpired(cover, i)) {
          steps.busy(Leases.slot(leases.la(Cover.lease(cover[i]))));
        }
      }
      publish(run, left);
      for (int i = announcedEnd; i < cover.length; i += 2) {
        if (isExpired(cover, i)) {
          steps.addLoss(Leases.slot(leases.la(Cover.lease(cover[i]))));
        }
      }
      tidy(number, run);
    }
  }

  /** Whether a mark has ended whose holder is still there. */
  private boolean isExpired(long[] cover, int i) {
    return !leases.isGone(Cover.lease(cover[i])) && cover[i + 1] - now <= 0;
  }
}
