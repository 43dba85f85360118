package io.warmpath.index;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What each KV cache group of a hybrid model must hold of a prefix for an engine to reuse it. Never
 * changed: {@link #with} makes another.
 *
 * <p>A full-attention group needs every block of the prefix. A sliding-window group needs only the
 * last ones that its window reaches, so a prefix is cut back to the longest that all groups can serve
 * (vLLM 0.33, {@code v1/core/kv_cache_coordinator.py}, does the same search).
 */
final class GroupNeeds {

  /** A model with one group, or one whose groups are not known. */
  static final GroupNeeds NONE = new GroupNeeds(new int[0], new int[0]);

  private final int[] groups;
  private final int[] needs;

  /** The group whose blocks are walked from the start: the first that needs everything, else 0. */
  final int primary;

  /** The primary group, then the others told of. */
  final int[] all;

  private GroupNeeds(int[] groups, int[] needs) {
    this.groups = groups;
    this.needs = needs;
    int first = 0;
    for (int i = groups.length - 1; i >= 0; i--) {
      if (needs[i] == KvBlockIndex.WHOLE_PREFIX) {
        first = groups[i];
      }
    }
    primary = first;
    all = IntStream.concat(
            IntStream.of(first), Arrays.stream(groups).filter(group -> group != primary))
        .toArray();
  }

  /** {@return what a group needs: everything, if it is the primary one or nobody told} */
  int of(int group) {
    int at = Arrays.binarySearch(groups, group);
    return at < 0 || group == primary ? KvBlockIndex.WHOLE_PREFIX : needs[at];
  }

  /** {@return these with the need of one group, which may be known already; sorted by group} */
  GroupNeeds with(int group, int need) {
    int at = Arrays.binarySearch(groups, group);
    if (at >= 0) {
      int[] changed = needs.clone();
      changed[at] = need;
      return new GroupNeeds(groups, changed);
    }
    int place = -at - 1;
    return new GroupNeeds(inserted(groups, place, group), inserted(needs, place, need));
  }

  private static int[] inserted(int[] array, int place, int value) {
    int[] longer = Arrays.copyOf(array, array.length + 1);
    System.arraycopy(array, place, longer, place + 1, array.length - place);
    longer[place] = value;
    return longer;
  }

  /** {@return whether this need is known already} */
  boolean has(int group, int need) {
    int at = Arrays.binarySearch(groups, group);
    return at >= 0 && needs[at] == need;
  }

  /** {@return whether a prefix may have to be cut back} */
  boolean cut() {
    return groups.length > 1 || (groups.length == 1 && groups[0] != primary);
  }

  /**
   * Cuts a prefix back to what all groups can serve.
   *
   * @param slot whose, or {@link PrefixMatch#NO_SLOT} for storage that all share
   * @param chain the prompt's blocks
   * @param length blocks of it that the primary group has
   * @param now the clock as it was when the look-up began
   * @param look where the other groups' blocks are looked up
   * @return blocks, at most {@code length}
   */
  int cut(int slot, long[] chain, int length, long now, Look look) {
    int left = length;
    boolean cut = true;
    while (cut) {
      cut = false;
      for (int i = 0; i < groups.length; i++) {
        if (groups[i] != primary) {
          int served = served(slot, groups[i], needs[i], chain, left, now, look);
          cut |= served < left;
          left = served;
        }
      }
    }
    return left;
  }

  /** {@return the longest prefix, up to {@code length}, whose last {@code need} blocks are there} */
  private static int served(
      int slot, int group, int need, long[] chain, int length, long now, Look look) {
    int end = length;
    int start = length;
    while (start > 0 && end - start < need) {
      int before = look.heldFrom(slot, group, chain, start, now);
      if (before == start) {
        start--;
        end = start;
      } else {
        start = before;
      }
    }
    return end;
  }

  /** Finds blocks of a group. */
  interface Look {

    /**
     * Looks backwards.
     *
     * @param slot an endpoint, or {@link PrefixMatch#NO_SLOT}
     * @param group its group, on any tier, and on storage that all share
     * @param chain the prompt's blocks
     * @param end end of the blocks asked for, at least 1
     * @param now the clock
     * @return a start, so that all blocks from there to {@code end} are held; {@code end} if the block
     *     before it is not
     */
    int heldFrom(int slot, int group, long[] chain, int end, long now);
  }
}
