package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The indexes that a random program runs on, side by side, with one clock and one forest of prompts. */
final class IndexWorld {

  /** A block that no prompt has. */
  static final long UNKNOWN = CollidingBlocks.block(1 << 20);

  static final int ENDPOINTS = 3;
  static final int CROWD = 70;

  private static final Tier[] TIERS = {
    Tier.GPU, Tier.GPU, Tier.GPU, Tier.GPU, Tier.GPU, Tier.CPU, Tier.CPU, Tier.DISK
  };
  private static final List<HolderKey> KEYS = keys();

  /** Of these, the last five are those of a second group and of shared storage. */
  static final int HOLDERS = KEYS.size();

  private static final HolderKey SWEEPER = HolderKey.gpu(endpoint(99));

  /** Holders that were dropped, with their number in each index. */
  private final List<int[]> late = new ArrayList<>();

  private final PromptForest forest;
  private final List<KvBlockIndex> indexes = new ArrayList<>();
  private final RunBlockIndex runs;
  private final KvBlockIndex model;
  private final PrefixMatch got = new PrefixMatch();
  private final PrefixMatch want = new PrefixMatch();
  private boolean crowded;
  private long now;

  /** The run index, with room for everything, beside both oracles. */
  IndexWorld(PromptForest forest, long start) {
    this(forest, start, 1 << 20, Long.MAX_VALUE);
    indexes.add(KvBlockIndex.builder().nanoClock(() -> now).flat().build());
  }

  /** The run index with limits, beside the model without. */
  IndexWorld(PromptForest forest, long start, int capacityBlocks, long capacityBytes) {
    this.forest = forest;
    now = start;
    runs = new RunBlockIndex(capacityBlocks, capacityBytes, () -> now);
    model = new ModelIndex(1 << 20, () -> now);
    indexes.add(runs);
    indexes.add(model);
  }

  /** Lets the run index sweep one run with a change, so that much happens before it is round. */
  IndexWorld sweepingSlowly() {
    runs.writer.sweptWhileGone = 1;
    return this;
  }

  long now() {
    return now;
  }

  RunBlockIndex runs() {
    return runs;
  }

  void tick(long nanos) {
    now += nanos;
  }

  long[] chain(int prompt) {
    return forest.prompt(prompt);
  }

  void each(Consumer<KvBlockIndex> action) {
    indexes.forEach(action);
  }

  int holder(KvBlockIndex index, int holder) {
    return index.holder(KEYS.get(holder % KEYS.size()));
  }

  int crowdHolder(KvBlockIndex index, int e) {
    crowded = true;
    return index.holder(HolderKey.gpu(endpoint(ENDPOINTS + e)));
  }

  boolean hasNothing(int holder) {
    return model.blocks(holder(model, holder)) == 0;
  }

  void drop(int endpoint) {
    Endpoint gone = endpoint(endpoint % ENDPOINTS);
    for (HolderKey key : KEYS) {
      if (gone.equals(key.endpoint())) {
        late.add(indexes.stream().mapToInt(index -> index.holder(key)).toArray());
      }
    }
    each(index -> index.drop(gone));
  }

  void eachLate(int which, BiConsumer<KvBlockIndex, Integer> action) {
    if (!late.isEmpty()) {
      int[] numbers = late.get(which % late.size());
      for (int i = 0; i < numbers.length; i++) {
        action.accept(indexes.get(i), numbers[i]);
      }
    }
  }

  /** Checks that all answer alike for a prompt, in one call and in two, and for one that diverges. */
  void compareMatches(int prompt) {
    long[] chain = forest.prompt(prompt);
    compareMatch(prompt);
    compare(chain, chain.length / 3, chain.length);
    long[] other = forest.diverging(prompt + 1);
    compare(other, other.length / 2, other.length);
  }

  /** Checks that all answer alike for a prompt. */
  void compareMatch(int prompt) {
    long[] chain = forest.prompt(prompt);
    compare(chain, 0, chain.length);
  }

  void compareAllMatches() {
    for (int prompt = 0; prompt < forest.size(); prompt++) {
      compareMatches(prompt);
    }
  }

  private void compare(long[] chain, int from, int length) {
    model.match(chain, 0, length, want);
    for (KvBlockIndex index : indexes) {
      if (index != model) {
        index.match(chain, 0, from, got);
        index.match(chain, from, length, got);
        assertEquals(want.longest(), got.longest(), "longest");
        assertEquals(want.open(), got.open(), "open");
        for (int e = 0; e < endpoints(); e++) {
          Endpoint endpoint = endpoint(e);
          int there = index.slot(endpoint);
          int here = model.slot(endpoint);
          assertEquals(want.blocks(here), got.blocks(there), "depth");
          for (Tier tier : Tier.values()) {
            assertEquals(want.blocks(here, tier), got.blocks(there, tier), tier.name());
          }
        }
      }
    }
  }

  /** Checks that the run index never has more than the model, for an index that forgets. */
  void compareLimited(int prompt) {
    long[] chain = forest.prompt(prompt);
    model.match(chain, 0, chain.length, want);
    runs.match(chain, 0, chain.length, got);
    assertTrue(got.longest() <= want.longest(), "longest");
    for (int e = 0; e < endpoints(); e++) {
      int depth = got.blocks(runs.slot(endpoint(e)));
      int most = want.blocks(model.slot(endpoint(e)));
      assertTrue(depth <= most, () -> "depth " + depth + " where " + most + " is all there is");
    }
  }

  void compareStats() {
    IndexStats want = model.stats();
    for (KvBlockIndex index : indexes) {
      IndexStats got = index.stats();
      assertEquals(want.stored(), got.stored(), "stored");
      assertEquals(want.removed(), got.removed(), "removed");
      assertEquals(want.unknownRemoved(), got.unknownRemoved(), "unknown removed");
      assertEquals(want.orphans(), got.orphans(), "orphans");
      assertEquals(want.outrun(), got.outrun(), "outrun");
      assertEquals(want.holders(), got.holders(), "holders");
      assertEquals(0, got.full(), "full");
      assertEquals(0, got.evicted(), "evicted");
    }
  }

  /** Checks what {@code visit}, {@code blocks} and {@code contains} say. */
  void compareHoldings() {
    Map<HolderKey, Set<Long>> want = holdings(model);
    for (KvBlockIndex index : indexes) {
      Map<HolderKey, Set<Long>> got = holdings(index);
      assertEquals(want.keySet(), got.keySet(), "who is shown");
      want.forEach((key, blocks) ->
          assertTrue(blocks.equals(got.get(key)), () -> "what is shown of " + key));
      for (HolderKey key : KEYS) {
        if (want.containsKey(key)) {
          assertEquals(want.get(key).size(), index.blocks(index.holder(key)), "blocks");
        }
      }
      want.values()
          .forEach(blocks ->
              blocks.forEach(block -> assertTrue(index.contains(block), "a block is contained")));
    }
  }

  private static Map<HolderKey, Set<Long>> holdings(KvBlockIndex index) {
    Map<HolderKey, Set<Long>> held = new HashMap<>();
    index.visit((key, blocks, from, count) -> {
      for (int i = from; i < from + count; i++) {
        boolean first = held.computeIfAbsent(key, k -> new HashSet<>()).add(blocks[i]);
        assertTrue(first, "a block is shown once");
      }
    });
    return held;
  }

  /** Goes round the run index once and checks that it has what the model has, and nothing else. */
  void sweepAndCompare() {
    for (KvBlockIndex index : indexes) {
      index.store(index.holder(SWEEPER), 0, false, new long[] {UNKNOWN}, 0, 1);
    }
    IndexStructure.sweep(runs, runs.holder(SWEEPER));
    IndexStructure.check(runs);
    IndexStructure.checkSwept(runs, now);
    each(index -> assertEquals(model.stats().blocks(), index.stats().blocks(), "blocks"));
    for (int prompt = 0; prompt < forest.size(); prompt++) {
      for (long block : forest.prompt(prompt)) {
        each(index -> assertEquals(model.contains(block), index.contains(block), "contained"));
      }
    }
  }

  private int endpoints() {
    return ENDPOINTS + (crowded ? CROWD : 0);
  }

  private static Endpoint endpoint(int i) {
    return Endpoint.of("10.0.0." + i + ":8000");
  }

  /** Mostly device memory of group 0; last, two of group 1, and shared storage. */
  private static List<HolderKey> keys() {
    List<HolderKey> keys = new ArrayList<>();
    for (Tier tier : TIERS) {
      for (int e = 0; e < ENDPOINTS; e++) {
        keys.add(new HolderKey(endpoint(e), tier, 0));
      }
    }
    keys.add(new HolderKey(endpoint(0), Tier.GPU, 1));
    keys.add(new HolderKey(endpoint(0), Tier.CPU, 1));
    keys.add(new HolderKey(endpoint(1), Tier.GPU, 1));
    keys.add(HolderKey.shared(0));
    keys.add(HolderKey.shared(1));
    return keys;
  }
}
