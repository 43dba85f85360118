package io.warmpath.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link KvBlockIndex#match}: how many leading blocks each endpoint has, by tier.
 *
 * <p>Endpoints are named by their slot ({@link KvBlockIndex#slot}). An endpoint <em>has</em> a block
 * if any of its tiers has it; the block counts for the fastest of these.
 *
 * <p>Make one per thread and reuse it: it allocates only when it meets more endpoints than before.
 * Not thread-safe.
 */
public final class PrefixMatch {

  /*
   * All arrays are by slot, but slots[], which lists the slots that have an entry in the others. The
   * first `open` of them have every block asked for so far. Beside the result there is what going on
   * with the same chain needs: who is behind each slot, and the version of it that the result is for.
   */

  private static final int TIERS = Tier.values().length;
  private static final int INITIAL_SLOTS = 16;
  private static final int SUSPENDED = -1;

  private int[] slots = new int[INITIAL_SLOTS];
  private int[] blocks = new int[INITIAL_SLOTS];
  private int[] tierBlocks = new int[INITIAL_SLOTS * TIERS];
  private int[] lastTier = new int[INITIAL_SLOTS];
  private @Nullable Member[] members = new Member[INITIAL_SLOTS];
  private long[] versions = new long[INITIAL_SLOTS];
  private int size;
  private int open;
  private int length;
  private int longest;

  /** Creates an empty result. */
  public PrefixMatch() {}

  /**
   * Returns how many leading blocks an endpoint has, on any tier, without a gap.
   *
   * @param slot any integer
   * @return blocks, at least 0; 0 for a slot that matched nothing
   */
  public int blocks(int slot) {
    return slot >= 0 && slot < blocks.length ? blocks[slot] : 0;
  }

  /**
   * Returns how many of the {@link #blocks(int)} come from a tier, the fastest that has each.
   *
   * @param slot any integer
   * @param tier the tier
   * @return blocks, at least 0; the sum over the tiers is {@link #blocks(int)}
   */
  public int blocks(int slot, Tier tier) {
    return slot >= 0 && slot < blocks.length ? tierBlocks[slot * TIERS + tier.ordinal()] : 0;
  }

  /** {@return the most blocks that any endpoint has, at least 0} */
  public int longest() {
    return longest;
  }

  /**
   * {@return whether some endpoint has every block asked for so far, so that going on may pay; false
   * if none was asked for}
   */
  public boolean open() {
    return open > 0;
  }

  /** {@return the end of the last call's chain} */
  int length() {
    return length;
  }

  void reset() {
    for (int c = 0; c < size; c++) {
      int slot = slots[c];
      set(slot, 0, 0, 0);
      members[slot] = null;
    }
    size = 0;
    open = 0;
    length = 0;
    longest = 0;
  }

  /** Adds a slot with no blocks yet, and says who is behind it; does nothing if it is there. */
  void add(Member member, long version) {
    int slot = member.slot;
    if (slot < members.length && members[slot] == member) {
      return;
    }
    add(slot);
    members[slot] = member;
    versions[slot] = version;
    open = size;
  }

  /** Sets the blocks of a slot that is not there yet, by tier. */
  void add(int slot, int gpu, int cpu, int disk) {
    add(slot);
    set(slot, gpu, cpu, disk);
  }

  /** Sets the blocks of a slot that is there, by tier. */
  void set(int slot, int gpu, int cpu, int disk) {
    blocks[slot] = gpu + cpu + disk;
    tierBlocks[slot * TIERS + Tier.GPU.ordinal()] = gpu;
    tierBlocks[slot * TIERS + Tier.CPU.ordinal()] = cpu;
    tierBlocks[slot * TIERS + Tier.DISK.ordinal()] = disk;
  }

  /**
   * Says that a tier of a member has block number {@code depth}. Counts if the member's slot is here
   * and has all blocks before; a second tier for the same block only makes it faster.
   *
   * @return whether the slot has a block more now
   */
  boolean credit(Member member, Tier tier, int depth) {
    int slot = member.slot;
    if (slot >= members.length || members[slot] != member) {
      return false;
    }
    int rank = tier.ordinal();
    if (blocks[slot] == depth) {
      blocks[slot] = depth + 1;
      lastTier[slot] = rank;
      tierBlocks[slot * TIERS + rank]++;
      return true;
    }
    if (blocks[slot] == depth + 1 && rank < lastTier[slot]) {
      tierBlocks[slot * TIERS + lastTier[slot]]--;
      tierBlocks[slot * TIERS + rank]++;
      lastTier[slot] = rank;
    }
    return false;
  }

  /** Takes a slot out of the walk: nothing is credited to it until its blocks are set again. */
  void suspend(int slot) {
    blocks[slot] = SUSPENDED;
    versions[slot] = SUSPENDED;
  }

  boolean isSuspended(int slot) {
    return versions[slot] == SUSPENDED;
  }

  int size() {
    return size;
  }

  int openSlots() {
    return open;
  }

  /** {@return slot number {@code c} of those that are here} */
  int slot(int c) {
    return slots[c];
  }

  @Nullable
  Member member(int slot) {
    return members[slot];
  }

  long version(int slot) {
    return versions[slot];
  }

  void version(int slot, long version) {
    versions[slot] = version;
  }

  void swap(int c, int d) {
    int slot = slots[c];
    slots[c] = slots[d];
    slots[d] = slot;
  }

  /** Ends a call: finds the longest, and puts those first that have all of it. */
  void finish(int length) {
    this.length = length;
    longest = 0;
    open = 0;
    for (int c = 0; c < size; c++) {
      int has = blocks[slots[c]];
      longest = Math.max(longest, has);
      if (has == length && length > 0) {
        swap(open++, c);
      }
    }
  }

  private void add(int slot) {
    if (slot >= blocks.length) {
      grow(slot + 1);
    }
    slots[size++] = slot;
  }

  private void grow(int least) {
    int room = Math.max(least, blocks.length * 2);
    slots = Arrays.copyOf(slots, room);
    blocks = Arrays.copyOf(blocks, room);
    tierBlocks = Arrays.copyOf(tierBlocks, room * TIERS);
    lastTier = Arrays.copyOf(lastTier, room);
    members = Arrays.copyOf(members, room);
    versions = Arrays.copyOf(versions, room);
  }
}
