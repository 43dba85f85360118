package io.warmpath.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.index.Tier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingBlocksTest {

  private static final int SIZE = 8_192;
  private static final int MOST = PendingBlocks.most(SIZE);

  private record Waiting(long hash, long parent, boolean named, Tier tier, int token) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void agreesWithAList(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    PendingBlocks pending = new PendingBlocks();
    Deque<Waiting> model = new ArrayDeque<>();
    int[] tokens = new int[SIZE];

    for (int step = 0; step < 20_000; step++) {
      long hash = random.nextInt(200);
      long parent = random.nextInt(50);
      Tier tier = random.nextBoolean() ? Tier.GPU : Tier.CPU;
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> {
          tokens[0] = step;
          int gone = pending.add(hash, parent, tokens, 0, SIZE, tier, 0, 0);
          model.add(new Waiting(hash, parent, false, tier, step));
          assertEquals(trim(model), gone);
        }
        case 4 -> {
          int gone = pending.addNamed(hash, SIZE, tier, 0, 0);
          model.add(new Waiting(hash, 0, true, tier, 0));
          assertEquals(trim(model), gone);
        }
        case 5 -> {
          int child = pending.childOf(parent);
          assertEquals(
              model.stream().anyMatch(w -> !w.named && w.parent == parent),
              child != PendingBlocks.NONE);
          if (child != PendingBlocks.NONE) {
            Waiting found = new Waiting(
                pending.hash(child),
                pending.parent(child),
                false,
                pending.tier(child),
                pending.tokens()[pending.tokensFrom(child)]);
            assertTrue(model.remove(found), "seed " + seed + ", step " + step + ": " + found);
            pending.remove(child);
          }
        }
        case 6 ->
          assertEquals(
              model.stream().anyMatch(w -> w.named && w.hash == hash),
              pending.named(hash) != PendingBlocks.NONE);
        default -> {
          int before = model.size();
          boolean removed = pending.remove(hash, tier, 0);
          assertEquals(model.stream().anyMatch(w -> w.hash == hash && w.tier == tier), removed);
          // Which of several copies goes is free; the model follows.
          if (removed) {
            follow(model, hash, tier);
            assertEquals(before - 1, model.size());
          }
        }
      }
      assertEquals(model.size(), pending.size(), "seed " + seed + ", step " + step);
    }
    assertEquals(
        model.stream().filter(w -> w.tier == Tier.CPU).count(), pending.removeAll(Tier.CPU));
    assertEquals(model.stream().filter(w -> w.tier == Tier.GPU).count(), pending.clear());
    assertEquals(0, pending.size());
  }

  private static int trim(Deque<Waiting> model) {
    if (model.size() <= MOST) {
      return 0;
    }
    model.removeFirst();
    return 1;
  }

  /** Takes the newest copy, which stands first in its bucket. */
  private static void follow(Deque<Waiting> model, long hash, Tier tier) {
    Iterator<Waiting> newest = model.descendingIterator();
    while (newest.hasNext()) {
      Waiting waiting = newest.next();
      if (waiting.hash == hash && waiting.tier == tier) {
        newest.remove();
        return;
      }
    }
  }

  @Test
  void tokensBoundTheBlocks() {
    assertEquals(PendingBlocks.MAX_BLOCKS, PendingBlocks.most(1));
    assertEquals(1_024, PendingBlocks.most(1_024));
    assertEquals(1, PendingBlocks.most(1 << 21));
  }

  @Test
  void aChildIsFoundWhereItIs() {
    PendingBlocks pending = new PendingBlocks();
    pending.add(2, 1, new int[4], 0, 4, Tier.GPU, 3, 0);

    assertNotEquals(PendingBlocks.NONE, pending.childOf(1, Tier.GPU, 3));
    assertEquals(PendingBlocks.NONE, pending.childOf(1, Tier.GPU, 2));
    assertEquals(PendingBlocks.NONE, pending.childOf(1, Tier.CPU, 3));
    assertFalse(pending.remove(2, Tier.CPU, 3));
    assertTrue(pending.remove(2, Tier.GPU, 3));
  }
}
