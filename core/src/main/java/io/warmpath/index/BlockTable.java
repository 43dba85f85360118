package io.warmpath.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * An open-addressing table from block hash to {@link Holdings}, written by one thread at a time and
 * read by any number.
 *
 * <p>Linear probing. A place, once bound to a hash, stays bound; its holdings may become null and be
 * set again. So a probe may stop at the first unbound place, and no place ever changes its meaning.
 * The writer replaces the whole table before it is too full to find an unbound place soon.
 *
 * <p>Hash 0 marks an unbound place; the block of hash 0 has a place of its own behind the others.
 */
final class BlockTable {

  static final int MIN_PLACES = 64;
  private static final int MAX_PLACES = 1 << 30;

  private static final VarHandle KEY = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle HOLDINGS = MethodHandles.arrayElementVarHandle(Holdings[].class);
  private static final long UNBOUND = 0L;

  /** 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4): engines' own hashes may be uneven. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final long[] keys;
  private final @Nullable Holdings[] holdings;
  private final int mask;
  private final int shift;
  private final int mostBound;

  /** Touched only by the writer. */
  private int bound;

  /**
   * Creates an empty table.
   *
   * @param blocks live blocks it is for; it has room for as many again, less a third, before {@link
   *     #isFull()}
   */
  BlockTable(int blocks) {
    long wanted = Math.max(MIN_PLACES, blocks * 8L / 3);
    int places = (int) Math.min(MAX_PLACES, Long.highestOneBit(wanted - 1) << 1);
    keys = new long[places];
    holdings = new Holdings[places + 1];
    mask = places - 1;
    shift = Long.numberOfLeadingZeros(mask);
    mostBound = (int) (places * 5L / 8);
  }

  /** {@return the number of places, that of hash 0 with them} */
  int places() {
    return holdings.length;
  }

  /** {@return who has a block, or null} */
  @Nullable
  Holdings find(long block) {
    if (block == UNBOUND) {
      return laHoldings(mask + 1);
    }
    for (int place = home(block); ; place = place + 1 & mask) {
      long key = laKey(place);
      if (key == block) {
        return laHoldings(place);
      }
      if (key == UNBOUND) {
        return null;
      }
    }
  }

  /** {@return the place bound to a block, or the bit complement of the one to bind; for the writer} */
  int locate(long block) {
    if (block == UNBOUND) {
      return mask + 1;
    }
    for (int place = home(block); ; place = place + 1 & mask) {
      long key = keys[place];
      if (key == block) {
        return place;
      }
      if (key == UNBOUND) {
        return ~place;
      }
    }
  }

  /** Binds an unbound place; for the writer. */
  void bind(int place, long block, Holdings first) {
    srHoldings(place, first);
    srKey(place, block);
    bound++;
  }

  /** {@return whether no further place should be bound} */
  boolean isFull() {
    return bound >= mostBound;
  }

  /** {@return the block that a place with holdings is bound to} */
  long block(int place) {
    return place > mask ? UNBOUND : keys[place];
  }

  @Nullable
  Holdings laHoldings(int place) {
    return (Holdings) HOLDINGS.getAcquire(holdings, place);
  }

  void srHoldings(int place, @Nullable Holdings now) {
    HOLDINGS.setRelease(holdings, place, now);
  }

  private long laKey(int place) {
    return (long) KEY.getAcquire(keys, place);
  }

  private void srKey(int place, long key) {
    KEY.setRelease(keys, place, key);
  }

  /** {@return the place where the search for a block begins} */
  int home(long block) {
    return (int) ((block * SPREAD) >>> shift);
  }
}
