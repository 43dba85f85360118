package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The runs by number, and the order in which they were touched. Written by one thread at a time; {@link
 * #la} and {@link #holds} are for all.
 *
 * <p>A <em>place</em> is the number of a run and an offset in it, as one long; never 0. A number may be
 * used again at once: whoever comes with an old place compares the hash there, and looks again.
 *
 * <pre>
 *   word      | written by    | read by | why it is enough
 *   run       | turn, release | acquire | who sees the run sees all of it
 *   chunks    | turn, release | acquire | chunks only come to it and stay where they are
 * </pre>
 */
final class RunTable {

  static final int OFFSET_BITS = 14;

  /** No run; numbers start at 1. */
  static final int NONE = 0;

  private static final int MAX_RUNS = 1 << 25;
  private static final int CHUNK_BITS = 10;
  private static final int CHUNK = 1 << CHUNK_BITS;

  private static final VarHandle RUN = MethodHandles.arrayElementVarHandle(Run[].class);
  private static final VarHandle CHUNKS;

  static {
    try {
      CHUNKS = MethodHandles.lookup().findVarHandle(RunTable.class, "chunks", Run[][].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable Run[][] chunks = new Run[1][CHUNK];

  /** Touched only by the writer, as all below. */
  private int end = 1;

  private int[] free = new int[16];
  private int freeCount;
  int newest;
  int oldest;

  static long place(int run, int offset) {
    return ((long) run << OFFSET_BITS) | offset;
  }

  static int run(long place) {
    return (int) (place >>> OFFSET_BITS);
  }

  static int offset(long place) {
    return (int) place & ((1 << OFFSET_BITS) - 1);
  }

  /** {@return the run of a number, or null; by any thread} */
  @Nullable
  Run la(int number) {
    Run[][] chunks = (Run[][]) CHUNKS.getAcquire(this);
    int chunk = number >>> CHUNK_BITS;
    return chunk < chunks.length ? (Run) RUN.getAcquire(chunks[chunk], number & (CHUNK - 1)) : null;
  }

  /** {@return whether a block is at a place; by any thread} */
  boolean holds(long place, long hash) {
    Run run = la(run(place));
    return run != null && run.is(offset(place), hash);
  }

  /** {@return a run that is there} */
  Run get(int number) {
    return Objects.requireNonNull(la(number));
  }

  /** {@return whether so many more runs may be added} */
  boolean hasRoom(int more) {
    return count() + more < MAX_RUNS;
  }

  /** {@return an end of the numbers ever used; by any thread} */
  int laEnd() {
    return ((Run[][]) CHUNKS.getAcquire(this)).length << CHUNK_BITS;
  }

  /** {@return the end of the numbers ever used} */
  int end() {
    return end;
  }

  int count() {
    return end - 1 - freeCount;
  }

  /** {@return bytes of the table itself} */
  long bytes() {
    return 4L * chunks.length * CHUNK + 4L * free.length;
  }

  /** Adds a run as the newest. {@return its number, or {@link #NONE} if there are too many} */
  int add(Run run) {
    int number = newNumber();
    if (number != NONE) {
      link(number, run, newest);
      sr(number, run);
    }
    return number;
  }

  /** Adds a run that was part of another, and was touched when that was; there must be room. */
  int addBeside(Run run, Run other) {
    int number = newNumber();
    run.touched = other.touched;
    link(number, run, other.older);
    sr(number, run);
    return number;
  }

  private int newNumber() {
    int number = freeCount > 0 ? free[--freeCount] : end < MAX_RUNS ? end++ : NONE;
    int chunk = number >>> CHUNK_BITS;
    if (chunk == chunks.length) {
      @Nullable Run[][] more = Arrays.copyOf(chunks, chunk + 1);
      more[chunk] = new Run[CHUNK];
      CHUNKS.setRelease(this, more);
    }
    return number;
  }

  /** Puts another run in the place of one, with the same blocks at the same offsets as far as it goes. */
  void replace(int number, Run old, Run fresh) {
    fresh.newer = old.newer;
    fresh.older = old.older;
    fresh.touched = old.touched;
    sr(number, fresh);
  }

  void remove(int number, Run run) {
    unlink(run);
    sr(number, null);
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = number;
  }

  /** Makes a run the newest. */
  void touch(int number) {
    if (newest != number) {
      Run run = get(number);
      unlink(run);
      link(number, run, newest);
    }
  }

  /** {@return the run that was touched longest ago, or {@link #NONE}} */
  int oldest() {
    return oldest;
  }

  /** Links a run as the next newer one of {@code older}, or as the oldest. */
  private void link(int number, Run run, int older) {
    int newer = older == NONE ? oldest : get(older).newer;
    run.older = older;
    run.newer = newer;
    if (older == NONE) {
      oldest = number;
    } else {
      get(older).newer = number;
    }
    if (newer == NONE) {
      newest = number;
    } else {
      get(newer).older = number;
    }
  }

  private void unlink(Run run) {
    if (run.newer != NONE) {
      get(run.newer).older = run.older;
    } else {
      newest = run.older;
    }
    if (run.older != NONE) {
      get(run.older).newer = run.newer;
    } else {
      oldest = run.newer;
    }
  }

  private void sr(int number, @Nullable Run run) {
    RUN.setRelease(chunks[number >>> CHUNK_BITS], number & (CHUNK - 1), run);
  }
}
