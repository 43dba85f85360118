package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * A {@link KvBlockIndex} that keeps chains as runs: arrays of consecutive block hashes, with the
 * stretches of them that each holder has, and one map from block hash to run and offset for all.
 *
 * <p><b>Progress:</b> look-ups are lock-free, and wait-free while the blocks they look at stay where
 * they are; each endpoint is walked again at most eight times, and with several cache groups at most
 * eight times as often. Changes are lock-free but for making and dropping endpoints and holders.
 * <b>Cost:</b> a look-up is a probe of the map, a comparison and a pass over its holders for each run
 * on the way, whatever the number of blocks; a change is the same, plus an access to the map for each
 * block that comes or goes for all.
 */
final class RunBlockIndex implements KvBlockIndex {

  /*
   * Parts. BlockMap: hash -> place. RunTable: number -> Run. Run: hashes, and a Cover: who has what.
   * Leases: what the holders in a cover are. Steps: which endpoint lost blocks when. RunLookup reads them,
   * and says why what it finds is true. RunWriter applies changes, ChangeTurns says who may. Each class has
   * the table of its shared words.
   */

  private static final VarHandle NEEDS;

  static {
    try {
      NEEDS = MethodHandles.lookup().findVarHandle(RunBlockIndex.class, "needs", GroupNeeds.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LongSupplier clock;
  private final IndexCounters counters = new IndexCounters();
  private final Steps steps = new Steps();
  private final Roster roster = new Roster(steps);
  final Leases leases = new Leases();
  final RunTable runs = new RunTable();
  final BlockMap map = new BlockMap(runs, counters);
  final RunWriter writer;
  private final RunLookup lookup;
  private final ChangeTurns turns;

  @SuppressWarnings("unused") // through NEEDS
  private GroupNeeds needs = GroupNeeds.NONE;

  RunBlockIndex(int capacityBlocks, long capacityBytes, LongSupplier clock) {
    this.clock = clock;
    writer = new RunWriter(
        capacityBlocks, capacityBytes, clock, counters, runs, map, leases, steps, roster);
    turns = new ChangeTurns(writer);
    lookup = new RunLookup(clock, counters, runs, map, leases, steps);
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
  public void group(int group, int needBlocks) {
    IndexArguments.group(group, needBlocks);
    GroupNeeds before = laNeeds();
    while (!before.has(group, needBlocks)
        && !NEEDS.compareAndSet(this, before, before.with(group, needBlocks))) {
      before = laNeeds();
    }
  }

  @Override
  public int[] groups() {
    return laNeeds().all;
  }

  @Override
  public int needBlocks(int group) {
    return laNeeds().of(group);
  }

  @Override
  public void approximate(int holder, int capacityBlocks, long lifeNanos) {
    IndexArguments.approximate(capacityBlocks, lifeNanos);
    Holder known = roster.find(holder);
    if (known != null) {
      turns.force(new Change.Approximate(known, capacityBlocks, IndexArguments.life(lifeNanos)));
    }
  }

  @Override
  public void exact(int holder) {
    Holder known = roster.find(holder);
    if (known != null) {
      turns.force(new Change.Exact(known));
    }
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
    mark(holder, chain, length, nowNanos, IndexArguments.life(lifeNanos));
  }

  @Override
  public void confirm(int holder, long[] chain, int length, long nowNanos) {
    mark(holder, chain, length, nowNanos, CONFIRM_LIFE_NANOS);
  }

  private void mark(int holder, long[] chain, int length, long nowNanos, long life) {
    Objects.checkFromIndexSize(0, length, chain.length);
    Holder known = roster.find(holder);
    if (known == null) {
      return;
    }
    if (turns.begin()) {
      try {
        writer.mark(known, chain, length, nowNanos, life);
      } finally {
        turns.end();
      }
      return;
    }
    counted(turns.offer(new Change.Mark(known, Arrays.copyOf(chain, length), nowNanos, life)));
  }

  private boolean counted(boolean queued) {
    if (!queued) {
      counters.overflows.increment();
    }
    return queued;
  }

  @Override
  public void match(long[] chain, int from, int length, PrefixMatch match) {
    IndexArguments.range(chain, from, length, match);
    lookup.match(chain, from, length, laNeeds(), match);
  }

  // What is here.

  @Override
  public boolean contains(long block) {
    long place = map.find(block);
    Run run = place == BlockMap.NOWHERE ? null : runs.la(RunTable.run(place));
    int offset = RunTable.offset(place);
    return run != null && (!run.is(offset, block) || Cover.isHeld(run.laCover(), offset));
  }

  @Override
  public long blocks(int holder) {
    Holder known = roster.find(holder);
    if (known == null) {
      return 0;
    }
    long[] sum = {0};
    visit((key, blocks, from, count) -> sum[0] += key.equals(known.key) ? count : 0);
    return sum[0];
  }

  @Override
  public void visit(BlockVisitor visitor) {
    long now = clock.getAsLong();
    Map<Long, HolderKey> keys = new HashMap<>();
    for (Holder holder : roster.all()) {
      keys.put(Leases.whose(holder.slot, holder.key), holder.key);
    }
    int end = runs.laEnd();
    for (int number = 1; number < end; number++) {
      Run run = runs.la(number);
      if (run != null) {
        visit(run, run.laCover(), now, keys, visitor);
      }
    }
  }

  private void visit(
      Run run, long[] cover, long now, Map<Long, HolderKey> keys, BlockVisitor visitor) {
    int announcedEnd = Cover.announcedEnd(cover);
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      int lease = Cover.lease(cover[i]);
      long facts = leases.la(lease);
      HolderKey key = facts == Leases.GONE ? null : keys.get(Leases.whose(facts));
      if (key != null && !steps.isDropped(Leases.slot(facts))) {
        int from = Cover.from(cover[i]);
        int to = Cover.to(cover[i]);
        if (i < announcedEnd) {
          visitor.stretch(key, run.hashes, from - run.base, to - from);
        } else if (leases.isBelieved(facts, lease, Cover.laEnd(cover, i), now)) {
          visitUnannounced(run, cover, lease, key, from, to, visitor);
        }
      }
    }
  }

  /** Shows what a lease believes and has not announced as well. */
  private static void visitUnannounced(
      Run run, long[] cover, int lease, HolderKey key, int from, int to, BlockVisitor visitor) {
    int at = from;
    for (int i = 1; i < Cover.announcedEnd(cover); i++) {
      if (Cover.lease(cover[i]) == lease && Cover.to(cover[i]) > at) {
        int next = Math.min(to, Cover.from(cover[i]));
        if (next > at) {
          visitor.stretch(key, run.hashes, at - run.base, next - at);
        }
        at = Math.max(at, Cover.to(cover[i]));
      }
    }
    if (at < to) {
      visitor.stretch(key, run.hashes, at - run.base, to - at);
    }
  }

  @Override
  public IndexStats stats() {
    return counters.stats(
        writer.blocks(),
        writer.capacityBlocks(),
        writer.bytes(),
        writer.places(),
        writer.runs(),
        roster.holders());
  }

  private GroupNeeds laNeeds() {
    return (GroupNeeds) NEEDS.getAcquire(this);
  }
}
