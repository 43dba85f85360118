package io.warmpath.event;

import io.warmpath.index.Tier;
import java.util.Arrays;

/**
 * Blocks of one source that cannot be named yet: their tokens are known and the block before them is
 * not, or the other way about, their place in a prompt is not known but their engine hash is.
 *
 * <p><b>Bounded</b> by blocks and by tokens: beyond, the oldest go. <b>Threads:</b> one at a time.
 * <b>Cost:</b> a chain of a hash table for each call; primitive arrays, which grow with the blocks.
 */
final class PendingBlocks {

  /** Most blocks that wait: 16 Ki, some 0.9 MiB. */
  static final int MAX_BLOCKS = 1 << 14;

  /** Most tokens of blocks that wait: 1 Mi, 4 MiB. */
  static final int MAX_TOKENS = 1 << 20;

  /** No block. */
  static final int NONE = -1;

  private static final int FIRST_BLOCKS = 64;
  private static final Tier[] TIERS = Tier.values();

  /*
   * A block is a number below size's high-water mark; these arrays are by block. Two hash tables with
   * chaining find blocks by their own hash and by that of the block before them; a list through all
   * of them keeps their age. Free blocks are chained through hashNext.
   */
  private long[] hashes = new long[0];
  private long[] parents = new long[0];
  private int[] groups = new int[0];
  private int[] needs = new int[0];
  private byte[] tiers = new byte[0];
  private boolean[] named = new boolean[0];
  private int[] hashNext = new int[0];
  private int[] hashBefore = new int[0];
  private int[] parentNext = new int[0];
  private int[] parentBefore = new int[0];
  private int[] older = new int[0];
  private int[] newer = new int[0];
  private int[] tokens = new int[0];
  private int[] hashHeads = new int[0];
  private int[] parentHeads = new int[0];
  private int oldest = NONE;
  private int newest = NONE;
  private int free = NONE;
  private int size;
  private int blockSize;

  /** {@return blocks that wait} */
  int size() {
    return size;
  }

  /** {@return most blocks of this many tokens that can wait} */
  static int most(int blockSize) {
    return Math.max(1, Math.min(MAX_BLOCKS, MAX_TOKENS / blockSize));
  }

  /**
   * Adds a block whose tokens are known and that follows one which is not.
   *
   * @param hash its engine hash
   * @param parent engine hash of the block before it
   * @param source holds its tokens
   * @param from the first of them
   * @param blockSize how many; the same in every call
   * @param tier where it is
   * @param group its cache group
   * @param needBlocks what the index is to be told of the group, 0 for nothing
   * @return blocks that went for it
   */
  int add(
      long hash,
      long parent,
      int[] source,
      int from,
      int blockSize,
      Tier tier,
      int group,
      int needBlocks) {
    int gone = makeRoom(blockSize);
    int block = take(hash, tier, group, needBlocks);
    named[block] = false;
    parents[block] = parent;
    System.arraycopy(source, from, tokens, block * blockSize, blockSize);
    chain(parentHeads, parentNext, parentBefore, bucket(parent), block);
    return gone;
  }

  /**
   * Adds a block of which only the engine hash is known.
   *
   * @return blocks that went for it
   */
  int addNamed(long hash, int blockSize, Tier tier, int group, int needBlocks) {
    int gone = makeRoom(blockSize);
    named[take(hash, tier, group, needBlocks)] = true;
    return gone;
  }

  /** {@return a block that follows the one of this engine hash, or {@link #NONE}} */
  int childOf(long parent) {
    int block = size == 0 ? NONE : parentHeads[bucket(parent)];
    while (block != NONE && parents[block] != parent) {
      block = parentNext[block];
    }
    return block;
  }

  /** {@return a block that follows the one of this engine hash, in this place, or {@link #NONE}} */
  int childOf(long hash, Tier tier, int group) {
    int block = size == 0 ? NONE : parentHeads[bucket(hash)];
    while (block != NONE && (parents[block] != hash || !isAt(block, tier, group))) {
      block = parentNext[block];
    }
    return block;
  }

  /** {@return a block of this engine hash that waits for its name only, or {@link #NONE}} */
  int named(long hash) {
    int block = size == 0 ? NONE : hashHeads[bucket(hash)];
    while (block != NONE && (hashes[block] != hash || !named[block])) {
      block = hashNext[block];
    }
    return block;
  }

  /** {@return a block of this engine hash whose tokens are known, or {@link #NONE}} */
  int withTokens(long hash) {
    int block = size == 0 ? NONE : hashHeads[bucket(hash)];
    while (block != NONE && (hashes[block] != hash || named[block])) {
      block = hashNext[block];
    }
    return block;
  }

  long hash(int block) {
    return hashes[block];
  }

  long parent(int block) {
    return parents[block];
  }

  Tier tier(int block) {
    return TIERS[tiers[block]];
  }

  int group(int block) {
    return groups[block];
  }

  int need(int block) {
    return needs[block];
  }

  /** {@return the array that holds a block's tokens, from {@link #tokensFrom}} */
  int[] tokens() {
    return tokens;
  }

  int tokensFrom(int block) {
    return block * blockSize;
  }

  /** Takes out one copy of a block. {@return whether there was one} */
  boolean remove(long hash, Tier tier, int group) {
    int block = size == 0 ? NONE : hashHeads[bucket(hash)];
    while (block != NONE && (hashes[block] != hash || !isAt(block, tier, group))) {
      block = hashNext[block];
    }
    if (block != NONE) {
      remove(block);
    }
    return block != NONE;
  }

  /** Takes out what is on a tier. {@return blocks} */
  int removeAll(Tier tier) {
    int before = size;
    int next;
    for (int block = oldest; block != NONE; block = next) {
      next = newer[block];
      if (tiers[block] == tier.ordinal()) {
        remove(block);
      }
    }
    return before - size;
  }

  /** Takes out everything. {@return blocks} */
  int clear() {
    int before = size;
    while (oldest != NONE) {
      remove(oldest);
    }
    return before;
  }

  void remove(int block) {
    unchain(hashHeads, hashNext, hashBefore, bucket(hashes[block]), block);
    if (!named[block]) {
      unchain(parentHeads, parentNext, parentBefore, bucket(parents[block]), block);
    }
    if (older[block] == NONE) {
      oldest = newer[block];
    } else {
      newer[older[block]] = newer[block];
    }
    if (newer[block] == NONE) {
      newest = older[block];
    } else {
      older[newer[block]] = older[block];
    }
    hashNext[block] = free;
    free = block;
    size--;
  }

  private boolean isAt(int block, Tier tier, int group) {
    return tiers[block] == tier.ordinal() && groups[block] == group;
  }

  /** {@return blocks that had to go} */
  private int makeRoom(int blockSize) {
    this.blockSize = blockSize;
    if (free != NONE) {
      return 0;
    }
    if (size < most(blockSize)) {
      grow(Math.min(most(blockSize), Math.max(FIRST_BLOCKS, 2 * size)));
      return 0;
    }
    remove(oldest);
    return 1;
  }

  private int take(long hash, Tier tier, int group, int needBlocks) {
    int block = free;
    free = hashNext[block];
    hashes[block] = hash;
    tiers[block] = (byte) tier.ordinal();
    groups[block] = group;
    needs[block] = needBlocks;
    chain(hashHeads, hashNext, hashBefore, bucket(hash), block);
    older[block] = newest;
    newer[block] = NONE;
    if (newest == NONE) {
      oldest = block;
    } else {
      newer[newest] = block;
    }
    newest = block;
    size++;
    return block;
  }

  private void grow(int blocks) {
    int before = hashes.length;
    hashes = Arrays.copyOf(hashes, blocks);
    parents = Arrays.copyOf(parents, blocks);
    groups = Arrays.copyOf(groups, blocks);
    needs = Arrays.copyOf(needs, blocks);
    tiers = Arrays.copyOf(tiers, blocks);
    named = Arrays.copyOf(named, blocks);
    hashNext = Arrays.copyOf(hashNext, blocks);
    hashBefore = Arrays.copyOf(hashBefore, blocks);
    parentNext = Arrays.copyOf(parentNext, blocks);
    parentBefore = Arrays.copyOf(parentBefore, blocks);
    older = Arrays.copyOf(older, blocks);
    newer = Arrays.copyOf(newer, blocks);
    tokens = Arrays.copyOf(tokens, blocks * blockSize);
    hashHeads = new int[Integer.highestOneBit(2 * blocks - 1)];
    parentHeads = new int[hashHeads.length];
    Arrays.fill(hashHeads, NONE);
    Arrays.fill(parentHeads, NONE);
    for (int block = oldest; block != NONE; block = newer[block]) {
      chain(hashHeads, hashNext, hashBefore, bucket(hashes[block]), block);
      if (!named[block]) {
        chain(parentHeads, parentNext, parentBefore, bucket(parents[block]), block);
      }
    }
    for (int block = before; block < blocks; block++) {
      hashNext[block] = free;
      free = block;
    }
  }

  private int bucket(long hash) {
    return (int) ((hash * HandleMap.SPREAD) >>> 32) & (hashHeads.length - 1);
  }

  private static void chain(int[] heads, int[] next, int[] before, int bucket, int block) {
    int head = heads[bucket];
    next[block] = head;
    before[block] = NONE;
    heads[bucket] = block;
    if (head != NONE) {
      before[head] = block;
    }
  }

  private static void unchain(int[] heads, int[] next, int[] before, int bucket, int block) {
    if (before[block] == NONE) {
      heads[bucket] = next[block];
    } else {
      next[before[block]] = next[block];
    }
    if (next[block] != NONE) {
      before[next[block]] = before[block];
    }
  }
}
