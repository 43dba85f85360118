package io.warmpath.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import io.warmpath.index.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random chains, and random holders that have parts of them: ranks, tiers, groups, holes, shared. */
final class Fleet {

  static final long NOW = Long.MAX_VALUE - 5;
  static final int WINDOW_GROUP = 3;

  final List<Endpoint> endpoints = new ArrayList<>();
  final List<long[]> chains = new ArrayList<>();
  private final Random random;

  Fleet(long seed) {
    random = new Random(seed);
    for (int i = 0; i < 5; i++) {
      endpoints.add(
          new Endpoint("pod-ü-" + i, i == 0 ? "fd00::7" : "10.0.0." + i, 65_531 + i, i % 2));
    }
    chains.add(new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1});
    for (int i = 1; i < 40; i++) {
      long[] parent = chains.get(random.nextInt(i));
      int shared = random.nextInt(parent.length + 1);
      long[] chain = Arrays.copyOf(parent, shared + 1 + random.nextInt(60));
      for (int b = shared; b < chain.length; b++) {
        chain[b] = random.nextLong();
      }
      chains.add(chain);
    }
  }

  /** An empty index whose cache groups are known; its clock passes the end of {@code long}. */
  static KvBlockIndex emptyIndex() {
    KvBlockIndex index = KvBlockIndex.create(1 << 21, () -> NOW);
    index.group(0, KvBlockIndex.WHOLE_PREFIX);
    index.group(WINDOW_GROUP, 2);
    return index;
  }

  KvBlockIndex filledIndex() {
    KvBlockIndex index = emptyIndex();
    for (long[] chain : chains) {
      for (Endpoint endpoint : endpoints) {
        put(index, new HolderKey(endpoint, Tier.GPU, 0), chain, 6);
        put(index, new HolderKey(endpoint, Tier.GPU, WINDOW_GROUP), chain, 5);
        put(index, new HolderKey(endpoint, Tier.CPU, 0), chain, 4);
        put(index, new HolderKey(endpoint, Tier.DISK, 0), chain, 2);
      }
      put(index, HolderKey.shared(0), chain, 1);
    }
    return index;
  }

  private void put(KvBlockIndex index, HolderKey key, long[] chain, int ofTen) {
    if (random.nextInt(10) >= ofTen) {
      return;
    }
    int holder = index.holder(key);
    int from = random.nextInt(4) == 0 ? random.nextInt(chain.length) : 0;
    int count = random.nextInt(chain.length - from + 1);
    if (random.nextInt(3) == 0) {
      index.expect(holder, chain, count, NOW, 1_000 + random.nextInt(1_000));
    } else {
      index.store(holder, from == 0 ? 0 : chain[from - 1], from > 0, chain, from, count);
    }
    if (random.nextInt(4) == 0 && count > 0) {
      index.remove(holder, chain, from + random.nextInt(count), 1);
    }
  }

  /** Every chain, asked for whole and in part, has the same answer from both. */
  void assertSame(KvBlockIndex expected, KvBlockIndex actual) {
    PrefixMatch left = new PrefixMatch();
    PrefixMatch right = new PrefixMatch();
    for (long[] chain : chains) {
      for (int length = 1; length <= chain.length; length++) {
        expected.match(chain, 0, length, left);
        actual.match(chain, 0, length, right);
        assertEquals(left.longest(), right.longest());
        for (Endpoint endpoint : endpoints) {
          int leftSlot = expected.slot(endpoint);
          int rightSlot = actual.slot(endpoint);
          assertEquals(left.blocks(leftSlot), right.blocks(rightSlot));
          for (Tier tier : Tier.values()) {
            assertEquals(left.blocks(leftSlot, tier), right.blocks(rightSlot, tier), tier::name);
          }
        }
      }
    }
    assertEquals(held(expected), held(actual));
  }

  /** Who has what, block by block. */
  static Set<String> held(KvBlockIndex index) {
    Set<String> held = new HashSet<>();
    index.visit((holder, blocks, from, count) -> {
      for (int i = from; i < from + count; i++) {
        held.add(holder + " " + blocks[i]);
      }
    });
    return held;
  }
}
