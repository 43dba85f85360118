package io.warmpath.index;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * The result of {@link KvBlockIndex#match}: how many leading blocks of a prompt each endpoint can
 * reuse, by tier.
 *
 * <p>Endpoints are named by their slot ({@link KvBlockIndex#slot}). The tiers extend each other as
 * engines load them: device memory counts as far as it reaches from the start, host memory from where
 * that ends, then the endpoint's own storage, then storage that all endpoints share. An endpoint that
 * has nothing of its own can still load what shared storage has; {@link #blocks(int)} says so for
 * every slot.
 *
 * <p>Make one per thread and reuse it: it allocates only when it meets more endpoints than before.
 * Not thread-safe.
 */
public final class PrefixMatch {

  /*
   * A slot's state is one long: the epoch in the upper half, then whether it was walked AGAIN, the tier
   * that its blocks end on (stage), and how many blocks its primary cache group has. A state of another
   * epoch means nothing, so that starting over costs nothing. slots[] lists those of this epoch. All
   * other slots have what shared storage has, and no more. Few endpoints need more than that, and only
   * they touch the other arrays: where the tiers above their stage ended, what the other cache groups
   * left of it, and since when it is true if they were walked again.
   */

  static final int NO_SLOT = -1;
  static final int TIERS = Tier.values().length;

  /** Beside a bit for each tier: some slot has everything that was looked at. */
  static final int OPEN = 1 << TIERS;

  private static final int INITIAL_SLOTS = 16;
  private static final int LOWER_TIERS = TIERS - 1;
  private static final long DEPTH = (1L << 29) - 1;
  private static final int STAGE_SHIFT = 29;
  private static final long STAGE = 3L << STAGE_SHIFT;
  private static final long AGAIN = 1L << 31;
  private static final int EPOCH_SHIFT = 32;

  private long[] states = new long[INITIAL_SLOTS];
  private int[] slots = new int[INITIAL_SLOTS];
  private int[] tierEnds = new int[INITIAL_SLOTS * LOWER_TIERS];
  private int[] reusable = new int[INITIAL_SLOTS];
  private long[] sinces = new long[INITIAL_SLOTS];
  private final int[] keptEnds = new int[TIERS];
  private long keptSince;
  private int size;
  private int epoch = 1;
  private int sharedDepth;
  private int sharedReusable;
  private long since;
  private long now;
  private boolean dated;
  private int length;
  private int longest;
  private boolean open;
  private boolean cut;

  /** Where the walk of the run index ended: a word of its {@link BlockMap}. */
  long hint;

  /** Blocks of the shared prefix in whose runs {@link #addThoseOfOtherGroups} has looked. */
  int searched;

  /** Creates an empty result. */
  public PrefixMatch() {}

  /**
   * Returns how many leading blocks an endpoint can reuse, from any tier.
   *
   * @param slot any integer
   * @return blocks, at least 0
   */
  public int blocks(int slot) {
    if (!has(slot)) {
      return sharedReusable;
    }
    return cut ? reusable[slot] : depth(slot);
  }

  /**
   * Returns how many of the {@link #blocks(int)} come from a tier.
   *
   * @param slot any integer
   * @param tier the tier
   * @return blocks, at least 0; the sum over the tiers is {@link #blocks(int)}
   */
  public int blocks(int slot, Tier tier) {
    if (!has(slot)) {
      return tier == Tier.SHARED ? sharedReusable : 0;
    }
    int all = blocks(slot);
    int t = tier.ordinal();
    int end = Math.min(all, tierEnd(slot, t));
    return t == 0 ? end : end - Math.min(all, tierEnd(slot, t - 1));
  }

  /** {@return the most blocks that any endpoint can reuse, at least 0} */
  public int longest() {
    return longest;
  }

  /**
   * {@return whether some endpoint has every block asked for so far, so that going on may pay; false
   * if none was asked for}
   */
  public boolean open() {
    return open;
  }

  /** {@return the end of the last call's chain} */
  int length() {
    return length;
  }

  /** Empties the result, of a walk that begins after this step of the writer. */
  void start(long since) {
    if (++epoch == 0) {
      Arrays.fill(states, 0);
      epoch = 1;
    }
    this.since = since;
    dated = false;
    size = 0;
    sharedDepth = 0;
    sharedReusable = 0;
    length = 0;
    longest = 0;
    open = false;
    cut = false;
    hint = 0;
    searched = 0;
  }

  boolean has(int slot) {
    return slot >= 0 && slot < states.length && (int) (states[slot] >>> EPOCH_SHIFT) == epoch;
  }

  /**
   * A slot has the blocks from {@code from} to {@code to} on a tier. That counts if it has all before
   * them, on this tier or faster ones, and ended in what is looked at, which begins at {@code at}.
   *
   * @return whether it has more blocks now
   */
  boolean extend(int slot, int tier, int from, int to, int at) {
    if (!has(slot)) {
      if (from > 0 || at > 0 || to <= 0) {
        return false;
      }
      add(slot, tier, to);
      return true;
    }
    long state = states[slot];
    int depth = (int) (state & DEPTH);
    int stage = (int) (state & STAGE) >>> STAGE_SHIFT;
    if (depth < at || depth < from || depth >= to || stage > tier) {
      return false;
    }
    if (stage < tier) {
      Arrays.fill(tierEnds, slot * LOWER_TIERS + stage, slot * LOWER_TIERS + tier, depth);
      state = (state & ~STAGE) | ((long) tier << STAGE_SHIFT);
    }
    states[slot] = state + (to - depth);
    return true;
  }

  /**
   * Credits what a cover has of a window on one tier.
   *
   * @param tier ordinal of the tier; faster ones have been credited
   * @param cover who has what
   * @param leases what it names
   * @param group the cache group that is walked
   * @param offset of the window in the run
   * @param blocks of the window
   * @param at where the window begins in the chain
   * @param clock for marks
   * @param only the one slot to credit, or {@link #NO_SLOT}
   * @return a bit for each other tier that has something in the window, and {@link #OPEN} if some slot
   *     has all of it now
   */
  int credit(
      int tier,
      long[] cover,
      Leases leases,
      int group,
      int offset,
      int blocks,
      int at,
      LongSupplier clock,
      int only) {
    long kind = Leases.kind(tier, group);
    int end = at + blocks;
    int shift = at - offset;
    int announcedEnd = Cover.announcedEnd(cover);
    int seen = 0;
    boolean again = true;
    while (again) {
      again = false;
      for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
        long stretch = cover[i];
        int from = Cover.from(stretch) + shift;
        int to = Math.min(end, Cover.to(stretch) + shift);
        if (to <= at || from >= end) {
          continue;
        }
        int lease = Cover.lease(stretch);
        long facts = leases.lo(lease);
        if ((facts & Leases.KIND) != kind) {
          seen |=
              facts != Leases.GONE && Leases.group(facts) == group ? 1 << Leases.tier(facts) : 0;
        } else if ((i < announcedEnd
                || leases.isBelieved(facts, lease, Cover.laEnd(cover, i), now(clock)))
            && credit(facts, from, to, at, only)) {
          seen |= to == end ? OPEN : 0;
          again |= i >= announcedEnd && announcedEnd > 1;
        }
      }
    }
    return seen;
  }

  /**
   * Credits the chain's blocks up to {@code to} to whoever the facts of a lease are.
   *
   * @param only the one slot to credit, or {@link #NO_SLOT}
   * @return whether somebody has more blocks now
   */
  boolean credit(long facts, int from, int to, int at, int only) {
    int slot = Leases.slot(facts);
    if (only == NO_SLOT) {
      return slot == Roster.SHARED_SLOT
          ? extendAll(from, to, at)
          : extend(slot, Leases.tier(facts), from, to, at);
    }
    return (slot == only || slot == Roster.SHARED_SLOT)
        && extend(only, Leases.tier(facts), from, to, at);
  }

  /** The same for storage that all share: whoever's own blocks end there goes on with it. */
  boolean extendAll(int from, int to, int at) {
    boolean longer = false;
    if (sharedDepth >= at && sharedDepth >= from && sharedDepth < to) {
      sharedDepth = to;
      longer = true;
    }
    for (int c = 0; c < size; c++) {
      longer |= extend(slots[c], Tier.SHARED.ordinal(), from, to, at);
    }
    return longer;
  }

  /**
   * Adds the slots, with what shared storage has, that are not here yet and have blocks of other cache
   * groups than the one that is walked.
   *
   * @param cover who has what of a run
   * @param leases what it names
   * @param group the cache group that is walked
   * @param from first offset looked at in the run
   * @param to the end of those
   */
  void addThoseOfOtherGroups(long[] cover, Leases leases, int group, int from, int to) {
    int announcedEnd = Cover.announcedEnd(cover);
    for (int i = 1; i < cover.length; i += Cover.step(i, announcedEnd)) {
      if (Cover.from(cover[i]) < to && Cover.to(cover[i]) > from) {
        long facts = leases.la(Cover.lease(cover[i]));
        int slot = Leases.slot(facts);
        if (facts != Leases.GONE
            && Leases.group(facts) != group
            && slot != Roster.SHARED_SLOT
            && !has(slot)) {
          extend(slot, Tier.SHARED.ordinal(), 0, sharedDepth, 0);
        }
      }
    }
  }

  /** Adds a slot that is not here yet, with blocks on one tier. */
  private void add(int slot, int tier, int blocks) {
    if (slot >= states.length) {
      grow(slot + 1);
    }
    if (tier > 0) {
      Arrays.fill(tierEnds, slot * LOWER_TIERS, slot * LOWER_TIERS + tier, 0);
    }
    states[slot] = ((long) epoch << EPOCH_SHIFT) | ((long) tier << STAGE_SHIFT) | blocks;
    slots[size++] = slot;
  }

  /** Takes all blocks from a slot that is here, for a walk that begins after this step. */
  void restart(int slot, long since) {
    states[slot] = ((long) epoch << EPOCH_SHIFT) | AGAIN;
    sinces[slot] = since;
  }

  /** {@return the step of the writer after which this slot's walk began} */
  long since(int slot) {
    return (states[slot] & AGAIN) == 0 ? since : sinces[slot];
  }

  /** {@return the step of the writer after which the walk of all began} */
  long since() {
    return since;
  }

  /** {@return the clock, as it was when this was first asked for since the start} */
  long now(LongSupplier clock) {
    if (!dated) {
      now = clock.getAsLong();
      dated = true;
    }
    return now;
  }

  /** Forgets what was kept; nothing was true at any time. */
  void keepNothing(int slot) {
    Arrays.fill(keptEnds, 0);
    keptSince = since(slot);
  }

  /** Keeps what a slot has, if it is the most so far. */
  void keep(int slot) {
    if (depth(slot) > keptEnds[TIERS - 1]) {
      for (int t = 0; t < TIERS; t++) {
        keptEnds[t] = tierEnd(slot, t);
      }
      keptSince = since(slot);
    }
  }

  /** Gives a slot what was kept, and what that was true since: going on with it will look again. */
  void restoreKept(int slot) {
    restart(slot, keptSince);
    for (int t = 0; t < TIERS; t++) {
      extend(slot, t, 0, keptEnds[t], 0);
    }
  }

  /** Takes from all slots what they have from storage that all share. */
  void dropShared() {
    sharedDepth = 0;
    for (int c = 0; c < size; c++) {
      int slot = slots[c];
      if (stage(slot) == Tier.SHARED.ordinal()) {
        states[slot] = (states[slot] & ~DEPTH) | tierEnd(slot, Tier.DISK.ordinal());
      }
    }
  }

  int size() {
    return size;
  }

  /** {@return slot number {@code c} of those that are here} */
  int slot(int c) {
    return slots[c];
  }

  int depth(int slot) {
    return (int) (states[slot] & DEPTH);
  }

  /** {@return the tier that the slot's blocks end on} */
  int stage(int slot) {
    return (int) (states[slot] & STAGE) >>> STAGE_SHIFT;
  }

  int sharedDepth() {
    return sharedDepth;
  }

  /** {@return where the blocks of a slot that come from a tier or faster ones end} */
  private int tierEnd(int slot, int tier) {
    return tier < stage(slot) ? tierEnds[slot * LOWER_TIERS + tier] : depth(slot);
  }

  /**
   * Ends a call for a model of one cache group, if nothing was lost on the way.
   *
   * @return whether no slot has lost a block since its walk began; else the call has not ended
   */
  boolean finish(int length, Steps steps) {
    if (sharedDepth > 0) {
      return false;
    }
    steps.afterReads();
    int deepest = 0;
    for (int c = 0; c < size; c++) {
      int slot = slots[c];
      if (steps.lo(slot) > since(slot)) {
        return false;
      }
      deepest = Math.max(deepest, depth(slot));
    }
    this.length = length;
    cut = false;
    sharedReusable = 0;
    longest = deepest;
    open = deepest == length && length > 0;
    return true;
  }

  /** Ends a call: says what is reusable, finds the longest, and whether going on may pay. */
  void finish(long[] chain, int length, GroupNeeds needs, long now, GroupNeeds.Look look) {
    this.length = length;
    cut = needs.cut();
    sharedReusable = cut ? needs.cut(NO_SLOT, chain, sharedDepth, now, look) : sharedDepth;
    longest = sharedReusable;
    int deepest = sharedDepth;
    for (int c = 0; c < size; c++) {
      int slot = slots[c];
      int depth = depth(slot);
      deepest = Math.max(deepest, depth);
      if (cut) {
        reusable[slot] = needs.cut(slot, chain, depth, now, look);
        depth = reusable[slot];
      }
      longest = Math.max(longest, depth);
    }
    open = deepest == length && length > 0;
  }

  /** Nothing of a slot is reusable, of this call; {@link #findLongest} must follow. */
  void distrust(int slot) {
    reusable[slot] = 0;
  }

  /** The same for what shared storage has. */
  void distrustShared() {
    sharedReusable = 0;
  }

  /** Finds the longest again of what was cut back. */
  void findLongest() {
    longest = sharedReusable;
    for (int c = 0; c < size; c++) {
      longest = Math.max(longest, reusable[slots[c]]);
    }
  }

  private void grow(int least) {
    int room = Math.max(least, states.length * 2);
    states = Arrays.copyOf(states, room);
    slots = Arrays.copyOf(slots, room);
    tierEnds = Arrays.copyOf(tierEnds, room * LOWER_TIERS);
    reusable = Arrays.copyOf(reusable, room);
    sinces = Arrays.copyOf(sinces, room);
  }
}
