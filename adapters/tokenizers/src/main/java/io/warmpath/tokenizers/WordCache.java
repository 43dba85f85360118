package io.warmpath.tokenizers;

import io.warmpath.token.TokenBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The words met lately and their ids, in one array of {@code long}: a look-up touches one line of
 * memory and no object.
 *
 * <p>A fixed number of lines of equal length; a word has two neighbouring lines to choose from and
 * replaces what is there. Line: a header, the word's chars, four a {@code long}, its ids, two a
 * {@code long}. Header: version (48 bits, odd while the line is written), chars (8), ids (8). An
 * empty line has the header 0; no word has 0 chars.
 *
 * <p><b>Threads:</b> any number, without locks. Each line is a sequence lock [1] whose readers do
 * not try again: a line that changes while it is read is a miss, which costs one more merge and
 * nothing else. A writer that finds another at its line gives up.
 *
 * <table>
 * <caption>Shared words</caption>
 * <tr><th>word</th><th>written by (mode)</th><th>read by (mode)</th><th>why that is enough</th></tr>
 * <tr><td>header</td><td>{@code put}: CAS from even to odd, at the end store-release of the next
 * even</td><td>{@code find}: load-acquire before, opaque behind the payload; {@code put}: opaque</td>
 * <td>Equal even headers around the reads, with an acquire fence before the second: no writer began
 * between them, since a reader that saw a word of a write would see its odd header or a later one.
 * A version does not come back: 2^47 writes of one line while one reader stands still.</td></tr>
 * <tr><td>payload</td><td>{@code put}: opaque, behind a release fence after the odd header</td>
 * <td>{@code find}: opaque</td><td>what was torn is thrown away with the second header</td></tr>
 * </table>
 *
 * <p>[1] Boehm, Can Seqlocks Get Along With Programming Language Memory Models?, MSPC 2012.
 */
final class WordCache {

  /** The ids of a word that is not here; see {@link #find}. */
  static final int NOT_FOUND = -1;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int CHARS_SHIFT = 8;
  private static final int VERSION_SHIFT = 16;
  private static final int BYTE = 0xFF;
  private static final long WRITING = 1L << VERSION_SHIFT;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private final long[] lines;
  private final int lineShift;
  private final int mask;

  /**
   * @param lineCount how many words at most, a power of two
   * @param longs length of a line, a power of two
   */
  WordCache(int lineCount, int longs) {
    this.lines = new long[lineCount * longs];
    this.lineShift = Integer.numberOfTrailingZeros(longs);
    this.mask = lineCount - 1;
  }

  /** {@return how many {@code long}s a word of so many chars fills} */
  static int keyLength(int chars) {
    return (chars + 3) >>> 2;
  }

  /**
   * Packs a word.
   *
   * @param key receives its chars, four a {@code long}
   * @return a hash of the word, for the two other methods
   */
  static long pack(char[] text, int from, int to, long[] key) {
    long hash = (long) to - from;
    int at = from;
    int packed = 0;
    for (; at + 4 <= to; at += 4) {
      long four = text[at]
          | (long) text[at + 1] << 16
          | (long) text[at + 2] << 32
          | (long) text[at + 3] << 48;
      key[packed++] = four;
      hash = (hash ^ four) * MIX;
      hash ^= hash >>> 32;
    }
    if (at < to) {
      long rest = text[at];
      if (at + 1 < to) {
        rest |= (long) text[at + 1] << 16;
      }
      if (at + 2 < to) {
        rest |= (long) text[at + 2] << 32;
      }
      key[packed] = rest;
      hash = (hash ^ rest) * MIX;
      hash ^= hash >>> 32;
    }
    return (hash * MIX) >>> 32;
  }

  /**
   * Appends the ids of a word if they are known.
   *
   * @param hash from {@link #pack}, like {@code key}
   * @param ids scratch for the ids of a line, at least twice the length of a line
   * @return whether they were known
   */
  boolean append(long hash, long[] key, int chars, int[] ids, TokenBuffer out) {
    int line = (int) hash & mask;
    int count = find(line << lineShift, key, chars, ids);
    if (count == NOT_FOUND) {
      count = find((line ^ 1) << lineShift, key, chars, ids);
      if (count == NOT_FOUND) {
        return false;
      }
    }
    if (count == 1) {
      out.add(ids[0]);
    } else {
      out.add(ids, 0, count);
    }
    return true;
  }

  private int find(int at, long[] key, int chars, int[] ids) {
    long header = la(at);
    if ((header >>> CHARS_SHIFT & (BYTE | WRITING >>> CHARS_SHIFT)) != chars) {
      return NOT_FOUND;
    }
    int length = keyLength(chars);
    int from = at + 1;
    for (int i = 0; i < length; i++) {
      if (lo(from + i) != key[i]) {
        return NOT_FOUND;
      }
    }
    from += length;
    int count = (int) header & BYTE;
    for (int i = 0; i < count; i += 2) {
      long two = lo(from++);
      ids[i] = (int) two;
      ids[i + 1] = (int) (two >>> 32);
    }
    VarHandle.acquireFence();
    return lo(at) == header ? count : NOT_FOUND;
  }

  /**
   * Keeps a word, if it fits in a line and nobody writes there; the one in its first place moves to
   * the second.
   *
   * @param ids its ids from {@code first} to {@code end}
   */
  void put(long hash, long[] key, int chars, int[] ids, int first, int end) {
    int count = end - first;
    int length = keyLength(chars);
    if (1 + length + ((count + 1) >>> 1) > 1 << lineShift) {
      return;
    }
    int line = (int) hash & mask;
    move(line << lineShift, (line ^ 1) << lineShift);
    int at = line << lineShift;
    long header = lo(at);
    if (!casWriting(at, header)) {
      return;
    }
    VarHandle.releaseFence();
    int to = at + 1;
    for (int i = 0; i < length; i++) {
      so(to++, key[i]);
    }
    for (int i = first; i < end; i += 2) {
      long second = i + 1 < end ? ids[i + 1] : 0;
      so(to++, (second << 32) | (ids[i] & 0xFFFF_FFFFL));
    }
    sr(at, next(header) | (long) chars << CHARS_SHIFT | count);
  }

  /** Copies a line to its neighbour, if nobody writes to either. */
  private void move(int from, int target) {
    long header = la(from);
    long before = lo(target);
    if ((header & BYTE << CHARS_SHIFT) == 0
        || (header & WRITING) != 0
        || !casWriting(target, before)) {
      return;
    }
    VarHandle.releaseFence();
    int longs = 1 << lineShift;
    for (int i = 1; i < longs; i++) {
      so(target + i, lo(from + i));
    }
    VarHandle.acquireFence();
    long counts = lo(from) == header ? header & ((1 << VERSION_SHIFT) - 1) : 0;
    sr(target, next(before) | counts);
  }

  /** {@return the even version behind that of {@code header}, with no counts} */
  private static long next(long header) {
    return ((header >>> VERSION_SHIFT) + 2) << VERSION_SHIFT;
  }

  private boolean casWriting(int at, long header) {
    return (header & WRITING) == 0 && LONGS.compareAndSet(lines, at, header, header | WRITING);
  }

  private long la(int at) {
    return (long) LONGS.getAcquire(lines, at);
  }

  private long lo(int at) {
    return (long) LONGS.getOpaque(lines, at);
  }

  private void so(int at, long value) {
    LONGS.setOpaque(lines, at, value);
  }

  private void sr(int at, long value) {
    LONGS.setRelease(lines, at, value);
  }
}
