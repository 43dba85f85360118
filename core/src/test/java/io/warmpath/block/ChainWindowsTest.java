package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chain that is hashed in parts is the chain that is hashed at once, however it is parted. */
class ChainWindowsTest {

  private static final int FROM = 2;
  private static final int BLOCK = 3;
  private static final int BLOCKS = 300;
  private static final int[] TOKENS =
      new SplittableRandom(9).ints(FROM + BLOCKS * BLOCK + 2).toArray();
  private static final int[] NO_TOKENS = {};

  private final BlockHasher hasher = BlockHasher.keyed(5, "model");
  private final long root = hasher.root("adapter", "salt");
  private final MultimodalItems items = new MultimodalItems();
  private final BlockChain chain = new BlockChain();
  private long[] whole = {};

  @BeforeEach
  void hashTheWhole() {
    items.add(FROM + 5, 40, hasher.item("first"));
    items.add(FROM + 45, 100, hasher.item("second"));
    chain.start(root);
    hasher.append(chain, TOKENS, FROM, TOKENS.length, BLOCK, items);
    whole = chain.toArray();
  }

  @Test
  void windowsOfAnySizeGiveTheWhole() {
    for (int window = 1; window <= BLOCKS + 1; window++) {
      chain.start(root);
      int added;
      do {
        int before = chain.length();
        added = next(window);
        assertEquals(before + added, chain.length());
        assertEquals(Math.min(window, BLOCKS - before), added);
      } while (added == window);

      assertArrayEquals(whole, chain.toArray(), "windows of " + window);
      assertEquals(0, next(window));
    }
  }

  @Test
  void hashingGoesOnBehindAnyKnownPrefix() {
    for (int known = 0; known <= BLOCKS; known++) {
      chain.start(root, whole, known);
      assertEquals(known, chain.length());
      assertEquals(known == 0 ? root : whole[known - 1], chain.last());

      assertEquals(BLOCKS - known, next(Integer.MAX_VALUE));
      assertArrayEquals(whole, chain.toArray(), known + " blocks known");
    }
  }

  @Test
  void hashingGoesOnBehindAnyParent() {
    for (int known = 1; known < BLOCKS; known++) {
      int from = FROM + known * BLOCK;
      chain.start(whole[known - 1]);

      hasher.append(chain, TOKENS, from, TOKENS.length, BLOCK, items);
      assertArrayEquals(Arrays.copyOfRange(whole, known, BLOCKS), chain.toArray());

      chain.start(whole[known - 1]);
      assertEquals(
          BLOCKS - known,
          hasher.appendNext(chain, TOKENS, from, TOKENS.length, BLOCK, items, BLOCKS));
      assertArrayEquals(Arrays.copyOfRange(whole, known, BLOCKS), chain.toArray());
    }
  }

  @Test
  void tokensOfKnownBlocksAreNotRead() {
    int[] forgotten = TOKENS.clone();
    Arrays.fill(forgotten, 0, FROM + 200 * BLOCK, -1);
    chain.start(root, whole, 200);

    hasher.appendNext(chain, forgotten, FROM, TOKENS.length, BLOCK, items, BLOCKS);

    assertArrayEquals(whole, chain.toArray());
  }

  @Test
  void appendedPartsGiveTheWhole() {
    for (int first = 0; first <= BLOCKS; first++) {
      int middle = FROM + first * BLOCK;
      chain.start(root);

      hasher.append(chain, TOKENS, FROM, middle, BLOCK, items);
      hasher.append(chain, TOKENS, middle, TOKENS.length, BLOCK, items);

      assertArrayEquals(whole, chain.toArray(), first + " blocks first");
    }
  }

  @Test
  void aKnownChainThatIsLongerThanThePromptIsLeftAsItIs() {
    chain.start(root, whole, BLOCKS);

    assertEquals(0, hasher.appendNext(chain, TOKENS, FROM, FROM + BLOCK, BLOCK, items, 64));
    assertEquals(0, hasher.appendNext(chain, NO_TOKENS, 0, 0, BLOCK, items, 64));
    assertArrayEquals(whole, chain.toArray());
  }

  @Test
  void anyHashMayBeAddedAndHungOn() {
    chain.start(7);
    chain.add(0);
    chain.add(-1);
    chain.add(0);

    assertArrayEquals(new long[] {0, -1, 0}, chain.toArray());
    assertEquals(0, chain.last());
  }

  @Test
  void argumentsOutOfRangeAreErrors() {
    assertThrows(IllegalArgumentException.class, () -> next(-1));
    assertThrows(
        IllegalArgumentException.class,
        () -> hasher.appendNext(chain, TOKENS, 0, BLOCK, 0, items, 1));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> hasher.appendNext(chain, TOKENS, 0, TOKENS.length + 1, BLOCK, items, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> chain.start(root, whole, whole.length + 1));
  }

  private int next(int blocks) {
    return hasher.appendNext(chain, TOKENS, FROM, TOKENS.length, BLOCK, items, blocks);
  }
}
