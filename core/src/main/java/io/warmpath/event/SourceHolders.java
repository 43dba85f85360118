package io.warmpath.event;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The holders that one source has named, and what it said of its cache groups.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class SourceHolders {

  static final int NONE = -1;

  /** As many as {@link HolderKey} allows. */
  private static final int GROUPS = 1 << 16;

  private final Endpoint endpoint;
  private final KvBlockIndex index;
  private final List<KnownHolder> holders = new ArrayList<>();

  /** By group: what the index was told that it needs, 0 if nothing; {@link #LEFT_OUT}. */
  private int[] needs = new int[4];

  private static final int LEFT_OUT = -1;

  private record KnownHolder(Tier tier, int group, int number) {}

  /** Creates the holders of a source that named none yet. */
  SourceHolders(Endpoint endpoint, KvBlockIndex index) {
    this.endpoint = endpoint;
    this.index = index;
  }

  /** {@return whether a group has a number that holders can have} */
  static boolean isGroup(int group) {
    return group >= 0 && group < GROUPS;
  }

  /** {@return the holder for a tier and a group, made if there is none} */
  int of(Tier tier, int group) {
    int number = known(tier, group);
    if (number == NONE) {
      number = index.holder(
          tier == Tier.SHARED ? HolderKey.shared(group) : new HolderKey(endpoint, tier, group));
      holders.add(new KnownHolder(tier, group, number));
    }
    return number;
  }

  /** {@return the holder for a tier and a group, {@link #NONE} if the source named none} */
  int known(Tier tier, int group) {
    for (int i = 0; i < holders.size(); i++) {
      KnownHolder known = holders.get(i);
      if (known.tier() == tier && known.group() == group) {
        return known.number();
      }
    }
    return NONE;
  }

  /** Blocks of a group are about to be stored: the index is told what it needs, once. */
  void need(int group, int needBlocks) {
    if (needOf(group) != needBlocks) {
      note(group, needBlocks);
      index.group(group, needBlocks);
    }
  }

  /** The blocks of a group are left out. */
  void leaveOut(int group) {
    if (isGroup(group)) {
      note(group, LEFT_OUT);
    }
  }

  /** {@return whether the blocks of a group are left out; events of removal do not tell its kind} */
  boolean isLeftOut(int group) {
    return !isGroup(group) || needOf(group) == LEFT_OUT;
  }

  private int needOf(int group) {
    return group < needs.length ? needs[group] : 0;
  }

  private void note(int group, int need) {
    if (group >= needs.length) {
      needs = Arrays.copyOf(needs, Math.max(group + 1, 2 * needs.length));
    }
    needs[group] = need;
  }

  /**
   * The source has nothing in device memory any more.
   *
   * <p>What routers expect and confirm is marked in all groups that limit a prefix, and in group 0 while
   * none is known, whether or not an event named them; it goes too. Those holders do not become known by
   * this: group 0 may be one that is left out.
   */
  void clearDevice() {
    clearUnnamed(0);
    for (int group : index.groups()) {
      if (group != 0) {
        clearUnnamed(group);
      }
    }
    for (KnownHolder known : holders) {
      if (known.tier() == Tier.GPU) {
        index.clear(known.number());
      }
    }
  }

  private void clearUnnamed(int group) {
    if (known(Tier.GPU, group) == NONE) {
      index.clear(index.holder(new HolderKey(endpoint, Tier.GPU, group)));
    }
  }

  /** The source has nothing any more. Storage that all share is not its own, and keeps what it has. */
  void clear() {
    clearDevice();
    for (KnownHolder known : holders) {
      if (known.tier() == Tier.CPU || known.tier() == Tier.DISK) {
        index.clear(known.number());
      }
    }
  }
}
