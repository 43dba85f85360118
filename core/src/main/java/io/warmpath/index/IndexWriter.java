package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies changes to the table of a {@link CopyOnWriteBlockIndex}, where layout and memory order are
 * explained. Used by one thread at a time, between {@link #begin} and {@link #end}; only {@link
 * #laTable} and {@link #blocks} are for all.
 *
 * <p>What a clear, a drop or the clock has made invisible is swept out of the table a few places with
 * each change, round and round, so that no change takes long and no list of ends has to be kept.
 */
final class IndexWriter {

  private static final VarHandle TABLE;

  static {
    try {
      TABLE = MethodHandles.lookup().findVarHandle(IndexWriter.class, "table", BlockTable.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Places swept with a change while a clear or a drop is not swept yet: about 20 µs. */
  private static final int SWEPT_WHILE_GONE = 4096;

  /** Places swept with a change while there are marks. */
  private static final int SWEPT_WHILE_MARKED = 128;

  private final int capacity;
  private final LongSupplier clock;
  private final Roster roster;
  private final IndexCounters counters;
  private final AtomicInteger blocks = new AtomicInteger();
  private final Queue<Retired> retired = new ArrayDeque<>();

  @SuppressWarnings("unused") // through TABLE
  private BlockTable table = new BlockTable(0);

  private long now;
  private int live;
  private long marks;
  private int hand;
  private long swept;
  private long goneUntil;

  IndexWriter(int capacity, LongSupplier clock, Roster roster, IndexCounters counters) {
    this.capacity = capacity;
    this.clock = clock;
    this.roster = roster;
    this.counters = counters;
  }

  BlockTable laTable() {
    return (BlockTable) TABLE.getAcquire(this);
  }

  int blocks() {
    return blocks.getAcquire();
  }

  void begin() {
    now = clock.getAsLong();
  }

  void end() {
    blocks.setRelease(live);
  }

  void store(Holder holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    if (holder.member.isDropped()) {
      counters.orphans.add(count);
      return;
    }
    counters.stored.add(count);
    if (hasParent && !isKnown(holder.member, parent)) {
      counters.orphans.add(count);
    }
    for (int i = from; i < from + count; i++) {
      addCopy(holder.lease(), blocks[i]);
    }
    sweepSome();
  }

  void remove(Holder holder, long[] blocks, int from, int count) {
    counters.removed.add(count);
    for (int i = from; i < from + count; i++) {
      if (holder.member.isDropped() || !takeCopy(holder.lease(), blocks[i])) {
        counters.unknownRemoved.increment();
      }
    }
    sweepSome();
  }

  /** Marks blocks up to {@code end}, unless that is over already. */
  void mark(Holder holder, long[] chain, int length, long end) {
    if (now - end >= 0 || holder.member.isDropped()) {
      return;
    }
    long storable = end == Holdings.NO_MARK ? end + 1 : end;
    for (int i = 0; i < length; i++) {
      addMark(holder.lease(), chain[i], storable);
    }
    sweepSome();
  }

  void clear(Holder holder) {
    Lease old = holder.renew();
    holder.member.addHalfClear();
    old.srEnded();
    holder.member.addHalfClear();
    goneUntil = swept + lpTable().places();
    sweepSome();
  }

  void retire(Roster.Dropped dropped) {
    goneUntil = swept + lpTable().places();
    retired.add(new Retired(dropped, goneUntil));
    sweepSome();
  }

  private boolean isKnown(Member member, long block) {
    Holdings holdings = lpTable().find(block);
    return holdings != null && holdings.has(member, now);
  }

  private void addCopy(Lease lease, long block) {
    int place = lpTable().locate(block);
    Holdings old = place < 0 ? null : lpTable().laHoldings(place);
    if (old == null) {
      insert(block, lease.alone);
      return;
    }
    int i = old.indexOf(lease);
    publish(
        place,
        old,
        i < 0
            ? old.with(lease, 1, Holdings.NO_MARK)
            : old.with(lease, old.copies(i) + 1, old.end(i)));
  }

  private void addMark(Lease lease, long block, long end) {
    int place = lpTable().locate(block);
    Holdings old = place < 0 ? null : lpTable().laHoldings(place);
    if (old == null) {
      insert(block, Holdings.marked(lease, end));
      return;
    }
    int i = old.indexOf(lease);
    if (i < 0) {
      publish(place, old, old.with(lease, 0, end));
    } else if (old.end(i) == Holdings.NO_MARK || end - old.end(i) > 0) {
      publish(place, old, old.with(lease, old.copies(i), end));
    }
  }

  /** Takes one copy, and with the last one the mark. {@return whether there was a copy} */
  private boolean takeCopy(Lease lease, long block) {
    int place = lpTable().locate(block);
    Holdings old = place < 0 ? null : lpTable().laHoldings(place);
    int i = old == null ? -1 : old.indexOf(lease);
    if (old == null || i < 0) {
      return false;
    }
    int copies = old.copies(i);
    if (copies > 1) {
      publish(place, old, old.with(lease, copies - 1, old.end(i)));
    } else {
      publish(place, old, old.without(i));
      lease.member.addRemoval();
    }
    return copies > 0;
  }

  /** Adds a block that nobody has, if there is room. */
  private void insert(long block, Holdings first) {
    if (live >= capacity) {
      sweepSome();
    }
    if (live >= capacity) {
      counters.full.increment();
      return;
    }
    int place = lpTable().locate(block);
    if (place < 0 && lpTable().isFull()) {
      rebuild();
      place = lpTable().locate(block);
    }
    if (place < 0) {
      lpTable().bind(~place, block, first);
    } else {
      lpTable().srHoldings(place, first);
    }
    live++;
    marks += first.marks();
  }

  private void publish(int place, Holdings old, @Nullable Holdings now) {
    lpTable().srHoldings(place, now);
    marks -= old.marks();
    if (now == null) {
      live--;
    } else {
      marks += now.marks();
    }
  }

  /** Replaces the table by one that has only what is there; look-ups under way finish on the old one. */
  private void rebuild() {
    BlockTable old = lpTable();
    hand = 0;
    sweep(old.places());
    BlockTable fresh = new BlockTable(live + 1);
    for (int place = 0; place < old.places(); place++) {
      Holdings holdings = old.laHoldings(place);
      if (holdings != null) {
        long block = old.block(place);
        int to = fresh.locate(block);
        if (to < 0) {
          fresh.bind(~to, block, holdings);
        } else {
          fresh.srHoldings(to, holdings);
        }
      }
    }
    hand = 0;
    srTable(fresh);
  }

  private void sweepSome() {
    if (swept < goneUntil) {
      sweep((int) Math.min(SWEPT_WHILE_GONE, goneUntil - swept));
    } else if (marks > 0) {
      sweep(Math.min(SWEPT_WHILE_MARKED, lpTable().places()));
    }
  }

  private void sweep(int places) {
    int end = lpTable().places();
    for (int i = 0; i < places; i++) {
      sweepPlace(hand);
      hand = hand + 1 == end ? 0 : hand + 1;
    }
    swept += places;
    for (Retired next = retired.peek();
        next != null && next.until <= swept;
        next = retired.peek()) {
      roster.release(next.dropped);
      retired.remove();
    }
  }

  private void sweepPlace(int place) {
    Holdings left = lpTable().laHoldings(place);
    for (int i = left == null ? -1 : left.size() - 1; left != null && i >= 0; i--) {
      Lease lease = left.lease(i);
      if (lease.isGone()) {
        left = publishWithout(place, left, i);
      } else if (left.isExpired(i, now)) {
        counters.expired.increment();
        if (left.copies(i) > 0) {
          Holdings unmarked = left.with(lease, left.copies(i), Holdings.NO_MARK);
          publish(place, left, unmarked);
          left = unmarked;
        } else {
          left = publishWithout(place, left, i);
          lease.member.addRemoval();
        }
      }
    }
  }

  private @Nullable Holdings publishWithout(int place, Holdings old, int i) {
    Holdings rest = old.without(i);
    publish(place, old, rest);
    return rest;
  }

  /** Plain: only the thread that has the turn writes it, and getting the turn synchronises. */
  private BlockTable lpTable() {
    return table;
  }

  private void srTable(BlockTable fresh) {
    TABLE.setRelease(this, fresh);
  }

  /**
   * A dropped endpoint that may still be in the table.
   *
   * @param dropped the endpoint
   * @param until {@link #swept} at which it is not any more
   */
  private record Retired(Roster.Dropped dropped, long until) {}
}
