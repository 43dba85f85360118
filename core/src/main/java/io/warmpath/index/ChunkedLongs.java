package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * An array of up to 2 Mi longs that grows without moving any: 0 where nothing was set.
 *
 * <p><b>Threads:</b> {@link #ensure} by one at a time, all else by any.
 */
final class ChunkedLongs {

  private static final int CHUNK_BITS = 10;
  private static final int CHUNK = 1 << CHUNK_BITS;

  private static final int MAX_CHUNKS = 1 << 11;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** A chunk is made before the number of its first entry is published, with release. */
  private final long[][] chunks = new long[MAX_CHUNKS][];

  ChunkedLongs() {
    chunks[0] = new long[CHUNK];
  }

  /** Makes room for an entry; must come before its first use, and be seen by its first reader. */
  void ensure(int i) {
    int chunk = i >>> CHUNK_BITS;
    if (chunks[chunk] == null) {
      chunks[chunk] = new long[CHUNK];
    }
  }

  long la(int i) {
    return (long) WORD.getAcquire(chunks[i >>> CHUNK_BITS], i & (CHUNK - 1));
  }

  long lo(int i) {
    return (long) WORD.getOpaque(chunks[i >>> CHUNK_BITS], i & (CHUNK - 1));
  }

  void sr(int i, long value) {
    WORD.setRelease(chunks[i >>> CHUNK_BITS], i & (CHUNK - 1), value);
  }

  boolean cas(int i, long from, long to) {
    return WORD.compareAndSet(chunks[i >>> CHUNK_BITS], i & (CHUNK - 1), from, to);
  }
}
