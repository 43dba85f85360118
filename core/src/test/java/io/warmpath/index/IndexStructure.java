package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/** What must be true of the parts of a {@link RunBlockIndex} after each change. */
final class IndexStructure {

  private final RunBlockIndex index;
  private long blocks;
  private long dead;
  private long bytes;
  private long marks;
  private int count;

  private IndexStructure(RunBlockIndex index) {
    this.index = index;
  }

  /** Checks it; no change may be under way. */
  static void check(RunBlockIndex index) {
    new IndexStructure(index).check();
  }

  /** Changes nothing but goes round all runs, so that what was cleared, dropped or ended is gone. */
  static void sweep(RunBlockIndex index, int holder) {
    for (int i = 0; i <= 2 * index.runs.end(); i++) {
      index.remove(holder, new long[0], 0, 0);
    }
  }

  /** Checks that nothing is left that nobody has; after {@link #sweep}. */
  static void checkSwept(RunBlockIndex index, long now) {
    for (int number = 1; number < index.runs.end(); number++) {
      Run run = index.runs.la(number);
      if (run != null) {
        long[] cover = run.lpCover();
        int announcedEnd = Cover.announcedEnd(cover);
        for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
          int lease = Cover.lease(cover[i]);
          assertFalse(index.leases.isGone(lease), () -> "lease " + lease + " is gone");
          assertTrue(
              i < announcedEnd || index.leases.isBelieved(lease, cover[i + 1], now),
              "a mark that ended is there");
        }
      }
    }
  }

  /** {@return whether there is nothing but what the last change touched} */
  static boolean isOfOneChange(RunBlockIndex index) {
    int newest = index.runs.newest;
    boolean same = true;
    for (int number = newest; number != RunTable.NONE; number = index.runs.get(number).older) {
      same &= index.runs.get(number).touched == index.runs.get(newest).touched;
    }
    return same;
  }

  private void check() {
    for (int number = 1; number < index.runs.end(); number++) {
      Run run = index.runs.la(number);
      if (run != null) {
        checkRun(number, run);
      }
    }
    assertEquals(blocks, index.map.size(), "size of the map");
    assertEquals(count, index.runs.count(), "count of runs");
    assertEquals(dead, index.writer.dead, "dead blocks");
    assertEquals(marks, index.writer.marks, "marks");
    assertEquals(bytes, index.writer.runBytes, "bytes of the runs");
    assertEquals(blocks - dead, index.writer.blocks(), "blocks published");
    assertEquals(
        bytes + index.runs.bytes() + 8 * index.map.entries(),
        index.writer.bytes(),
        "bytes published");
    checkMap();
    checkTouched();
  }

  private void checkRun(int number, Run run) {
    int end = run.lpEnd();
    assertTrue(run.base <= run.first && run.first < end, () -> "an empty run " + number);
    assertTrue(end <= run.base + run.hashes.length, "room of a run");
    assertTrue(end <= run.written && end <= Run.MAX_BLOCKS, "end of a run");
    for (int offset = run.first; offset < end; offset++) {
      assertEquals(
          RunTable.place(number, offset), index.map.find(run.hash(offset)), "place of a block");
    }
    checkCover(run, run.lpCover());
    count++;
    blocks += end - run.first;
    dead += run.dead;
    bytes += run.bytes();
  }

  private void checkCover(Run run, long[] cover) {
    int announcedEnd = Cover.announcedEnd(cover);
    boolean[] held = new boolean[run.lpEnd()];
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      long stretch = cover[i];
      int from = Cover.from(stretch);
      int to = Cover.to(stretch);
      int lease = Cover.lease(stretch);
      assertTrue(run.first <= from && from < to && to <= run.lpEnd(), "a stretch in its run");
      for (int offset = from; offset < to; offset++) {
        held[offset] = true;
      }
      int before = i - (i < announcedEnd ? 1 : 2);
      if (before >= (i < announcedEnd ? 1 : announcedEnd) && Cover.lease(cover[before]) == lease) {
        int gap = from - Cover.to(cover[before]);
        assertTrue(gap > 0 || (gap == 0 && i >= announcedEnd), "stretches apart, in order");
      } else if (before >= (i < announcedEnd ? 1 : announcedEnd)) {
        assertTrue(Cover.lease(cover[before]) < lease, "leases in order");
      }
      if (!index.leases.isGone(lease)) {
        Holder holder = index.writer.holders[lease];
        assertNotNull(holder);
        assertEquals(lease, holder.lease, "the lease of a holder");
      }
      marks += i < announcedEnd ? 0 : 1;
    }
    int unheld = 0;
    for (int offset = run.first; offset < run.lpEnd(); offset++) {
      unheld += held[offset] ? 0 : 1;
    }
    assertEquals(unheld, run.dead, "dead blocks of a run");
    assertTrue(held[run.first] && held[run.lpEnd() - 1], "both ends of a run are held");
    assertTrue(unheld * 2 <= run.lpEnd() - run.first, "a run is split when most of it is dead");
    int length = run.lpEnd() - run.first;
    assertTrue(run.hashes.length <= 4 * length + 16, "a run gives back what it does not use");
  }

  private void checkMap() {
    long live = 0;
    for (long[] table : index.map.tables) {
      int taken = 0;
      for (long entry : table) {
        live += entry > BlockMap.TAG ? 1 : 0;
        taken += entry != 0 ? 1 : 0;
      }
      assertTrue(taken * 4L <= table.length * 3L, "room in a segment");
    }
    assertEquals(index.map.size(), live, "entries of the map");
  }

  private void checkTouched() {
    Set<Integer> seen = new HashSet<>();
    Queue<Integer> next = new ArrayDeque<>();
    int older = RunTable.NONE;
    if (index.runs.oldest() != RunTable.NONE) {
      next.add(index.runs.oldest());
    }
    while (!next.isEmpty()) {
      int number = next.remove();
      Run run = index.runs.get(number);
      assertTrue(seen.add(number), "a circle of runs");
      assertEquals(older, run.older, "the run touched before");
      older = number;
      if (run.newer != RunTable.NONE) {
        next.add(run.newer);
      }
    }
    assertEquals(index.runs.newest, older, "the run touched last");
    assertEquals(count, seen.size(), "runs in the order of touch");
  }
}
