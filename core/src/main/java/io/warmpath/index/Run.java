package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A stretch of one chain: consecutive block hashes, and who has which of them ({@link Cover}).
 *
 * <p>Blocks are named by their offset, which they keep as long as they are in a run of this number.
 * Written by one thread at a time. What a reader sees of a run stays true to one chain: a hash, once
 * readable, is never overwritten; a run whose tail went and that grows again gets another array.
 *
 * <pre>
 *   word   | written by     | read by  | why it is enough
 *   hashes | turn, plain,   | plain    | only below an end that was read before
 *          | once           |          |
 *   tail   | turn, plain    | plain    | a hint: one of another end equals no hash of the chain there
 *   end    | turn, release  | acquire  | who sees it sees the hashes below it
 *   cover  | turn, release  | acquire  | never changed but for ends of marks, see Cover
 *   only   | turn, release, | acquire, | not 0: it is the cover, which may not be readable yet;
 *          | after cover    | around   | 0 before and after: the cover that was read between is
 *          |                | cover    |
 * </pre>
 *
 * <p>A look-up that passes a whole run with one holder reads this object and nothing else of it.
 */
final class Run {

  /** Most blocks of a run, and the bits of an offset. */
  static final int MAX_BLOCKS = 1 << RunTable.OFFSET_BITS;

  /** Bytes of a run beside its arrays (64-bit JVM with compressed references). */
  static final int BYTES = 80;

  private static final VarHandle END;
  private static final VarHandle COVER;
  private static final VarHandle ONLY;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      END = lookup.findVarHandle(Run.class, "end", int.class);
      COVER = lookup.findVarHandle(Run.class, "cover", long[].class);
      ONLY = lookup.findVarHandle(Run.class, "only", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Entry i is the hash at offset {@code base + i}. */
  final long[] hashes;

  final int base;

  /** The hash at {@code base}. */
  private final long head;

  private long tail;

  private int end;

  private long[] cover;

  @SuppressWarnings("unused") // through ONLY
  private long only;

  /** Lowest offset that is in the {@link BlockMap}; touched only by the writer, as all below. */
  int first;

  /** End of the offsets whose hash was ever written. */
  int written;

  /** Blocks between first and end that nobody has. */
  int dead;

  /** Numbers of the runs touched just after and just before this one. */
  int newer;

  int older;

  /** The change that touched it last. */
  int touched;

  /** Takes the arrays as they are; the hash at {@code base} must be there. */
  Run(long[] hashes, int base, int end, long[] cover) {
    this.hashes = hashes;
    this.base = base;
    this.end = end;
    this.cover = cover;
    head = hashes[0];
    tail = end > base ? hash(end - 1) : 0;
    only = Cover.only(cover);
    first = base;
    written = end;
  }

  /** {@return whether the block at an offset is this one} */
  boolean is(int offset, long hash) {
    return offset == base
        ? hash == head && laEnd() > base
        : offset > base && offset < laEnd() && hashes[offset - base] == hash;
  }

  long hash(int offset) {
    return hashes[offset - base];
  }

  /**
   * Returns how many blocks from an offset on equal a chain's from {@code at} on, of which the first
   * does. Compares the last alone where it can: equal hashes stand at the end of equal prefixes.
   *
   * @return at least 1; 0 if the run has become shorter than that meanwhile
   */
  int common(int offset, long[] chain, int at, int length) {
    int end = laEnd();
    int most = Math.min(end - offset, length - at);
    if (most <= 1) {
      return Math.max(0, most);
    }
    if (most == end - offset && tail == chain[at + most - 1]) {
      return most;
    }
    int start = offset - base;
    if (hashes[start + most - 1] == chain[at + most - 1]) {
      return most;
    }
    // Most runs begin with what prompts share and end with what the first of them went on with, so
    // the end of the common part is looked for from the back, in steps that double, and then
    // halved.
    int high = most - 1;
    int low = high;
    for (int step = 1; low > 1 && hashes[start + low - 1] != chain[at + low - 1]; step *= 2) {
      high = low - 1;
      low = Math.max(1, high - step);
    }
    while (low < high) {
      int probe = (low + high + 1) >>> 1;
      if (hashes[start + probe - 1] == chain[at + probe - 1]) {
        low = probe;
      } else {
        high = probe - 1;
      }
    }
    return low;
  }

  /** {@return bytes it takes with its arrays} */
  long bytes() {
    return BYTES + arrayBytes(hashes) + arrayBytes(cover);
  }

  static long arrayBytes(long[] array) {
    return 16 + 8L * array.length;
  }

  int laEnd() {
    return (int) END.getAcquire(this);
  }

  int lpEnd() {
    return end;
  }

  void srEnd(int now) {
    tail = now > base ? hash(now - 1) : 0;
    END.setRelease(this, now);
  }

  long[] laCover() {
    return (long[]) COVER.getAcquire(this);
  }

  long[] lpCover() {
    return cover;
  }

  /** The cover is this from here on. */
  void srCover(long[] now) {
    COVER.setRelease(this, now);
    ONLY.setRelease(this, Cover.only(now));
  }

  /** {@return the only stretch of the cover, which is announced; 0 if there are others or none} */
  long laOnly() {
    return (long) ONLY.getAcquire(this);
  }
}
