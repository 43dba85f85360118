package io.warmpath.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the numbers in a {@link Cover} mean: a lease stands for a holder from one clear to the next, so
 * that ending the lease takes all of its blocks away at once, wherever they are written down. Its
 * number is used again when no cover names it any more.
 *
 * <pre>
 *   word     | written by    | read by      | why it is enough
 *   facts    | turn, release | acquire, or  | a new lease is a step of its slot, see RunLookup; who
 *            |               | opaque in a  | comes from a cover sees at least the lease it names, and
 *            |               | look-up      | Steps.afterReads keeps the step from being read before
 *   horizon  | turn, release | acquire      | moved between BUSY and a step of its slot
 * </pre>
 */
final class Leases {

  /** No lease, or one that has ended. */
  static final long GONE = 0;

  private static final long LIVE = 1L << 63;
  private static final long AGED = 1L << 62;
  private static final int GROUP_SHIFT = 32;
  private static final int TIER_SHIFT = 48;

  /** The bits that say whether a lease is live, its tier and its group. */
  static final long KIND = LIVE | (3L << TIER_SHIFT) | (0xFFFFL << GROUP_SHIFT);

  private final ChunkedLongs facts = new ChunkedLongs();
  private final ChunkedLongs horizons = new ChunkedLongs();

  /** Touched only by the writer. */
  private int end = 1;

  private int[] free = new int[16];
  private int freeCount;

  /** {@return the number of a new lease} */
  int begin(int slot, HolderKey key, @Nullable MarkAges ages) {
    int lease = freeCount > 0 ? free[--freeCount] : end++;
    facts.ensure(lease);
    horizons.ensure(lease);
    if (ages != null) {
      horizons.sr(lease, ages.horizon());
    }
    facts.sr(lease, LIVE | (ages == null ? 0 : AGED) | whose(slot, key));
    return lease;
  }

  /** A lease becomes that of an approximate holder. */
  void renew(int lease, long horizon) {
    horizons.sr(lease, horizon);
    facts.sr(lease, la(lease) | AGED);
  }

  void end(int lease) {
    facts.sr(lease, GONE);
  }

  /** Lets the number of a lease that has ended be used again. */
  void release(int lease) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = lease;
  }

  /** {@return what a lease is, for the functions below; {@link #GONE} if it has ended} */
  long la(int lease) {
    return facts.la(lease);
  }

  /** {@return the same as {@link #la}, for a look-up that calls {@link Steps#afterReads} later} */
  long lo(int lease) {
    return facts.lo(lease);
  }

  boolean isGone(int lease) {
    return la(lease) == GONE;
  }

  void srHorizon(int lease, long horizon) {
    horizons.sr(lease, horizon);
  }

  /** {@return whether a mark of a lease with this end is to be believed} */
  boolean isBelieved(int lease, long end, long now) {
    return isBelieved(la(lease), lease, end, now);
  }

  /** The same, for who has the facts at hand. */
  boolean isBelieved(long facts, int lease, long end, long now) {
    return end - now > 0 && ((facts & AGED) == 0 || end - horizons.la(lease) > 0);
  }

  /** {@return what the facts of a live lease of this tier and group are, in the bits of {@link #KIND}} */
  static long kind(int tier, int group) {
    return LIVE | ((long) tier << TIER_SHIFT) | ((long) group << GROUP_SHIFT);
  }

  /** {@return slot, tier and group alone, equal for all leases of a holder} */
  static long whose(long facts) {
    return facts & ~(LIVE | AGED);
  }

  static long whose(int slot, HolderKey key) {
    return ((long) key.tier().ordinal() << TIER_SHIFT) | ((long) key.group() << GROUP_SHIFT) | slot;
  }

  static int slot(long facts) {
    return (int) facts;
  }

  static int group(long facts) {
    return (int) (facts >>> GROUP_SHIFT) & 0xFFFF;
  }

  static int tier(long facts) {
    return (int) (facts >>> TIER_SHIFT) & 3;
  }
}
