package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MultimodalItemsTest {

  private static final int BLOCK = 4;
  private static final int BLOCKS = 12;
  private static final int[] TOKENS =
      new SplittableRandom(3).ints(BLOCKS * BLOCK).toArray();

  private final BlockHasher hasher = BlockHasher.keyed(99);
  private final MultimodalItems items = new MultimodalItems();

  private record Span(int first, int tokens, String identifier) {}

  @Test
  void anItemChangesTheFirstBlockItOverlapsAndAllLaterOnes() {
    long[] plain = hash();
    for (int first = 0; first < TOKENS.length; first++) {
      for (int length = 1; length <= TOKENS.length - first; length++) {
        items.clear();
        items.add(first, length, hasher.item("cat"));

        assertEquals(first / BLOCK, common(plain, hash()), first + " + " + length);
      }
    }
  }

  @Test
  void whereAnItemEndsIsSeenInTheNextBlock() {
    for (int length = 1; length < TOKENS.length; length++) {
      items.clear();
      items.add(0, length, hasher.item("cat"));
      long[] shorter = hash();
      items.clear();
      items.add(0, length + 1, hasher.item("cat"));
      long[] longer = hash();

      assertEquals(length % BLOCK == 0 ? length / BLOCK : BLOCKS, common(shorter, longer));
    }
  }

  @Test
  void theRoutersSpansAndTheEnginesListsNameBlocksAlike() {
    SplittableRandom random = new SplittableRandom(17);
    for (int round = 0; round < 2_000; round++) {
      List<Span> spans = new ArrayList<>();
      for (int at = random.nextInt(9); at < TOKENS.length; at += random.nextInt(6)) {
        int length = random.nextInt(10);
        spans.add(new Span(at, length, "item" + random.nextInt(3)));
        at += length;
      }
      items.clear();
      spans.forEach(s -> items.add(s.first(), s.tokens(), hasher.item(s.identifier())));
      long[] router = hash();

      items.clear();
      for (int block = 0; block < BLOCKS; block++) {
        for (Span span : spans) {
          boolean overlaps = Math.max(span.first(), block * BLOCK)
              < Math.min(span.first() + span.tokens(), (block + 1) * BLOCK);
          if (overlaps) {
            items.add(block * BLOCK, BLOCK, hasher.item(span.identifier()));
          }
        }
      }

      assertArrayEquals(hash(), router, "round " + round + ": " + spans);
    }
  }

  @Test
  void aLongItemIsNotHiddenByAShortOneThatEndsBefore() {
    items.add(0, TOKENS.length, hasher.item("film"));
    items.add(1, 1, hasher.item("sound"));
    long[] both = hash();
    items.clear();
    for (int block = 0; block < BLOCKS; block++) {
      items.add(block * BLOCK, BLOCK, hasher.item("film"));
      if (block == 0) {
        items.add(0, BLOCK, hasher.item("sound"));
      }
    }

    assertArrayEquals(hash(), both);
  }

  @Test
  void orderNumberAndIdentifierOfItemsMatter() {
    List<long[]> chains = List.of(
        chain(),
        chain("a"),
        chain("b"),
        chain("a", "b"),
        chain("b", "a"),
        chain("a", "a"),
        chain("ab"),
        chain(""),
        chain("", ""));

    for (int i = 0; i < chains.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertEquals(0, common(chains.get(i), chains.get(j)), i + " and " + j);
      }
    }
    assertEquals(hasher.item("ab"), hasher.item(new String("ab")));
    assertNotEquals(hasher.item("a\0"), hasher.item("a"));
  }

  @Test
  void withoutItemsAndWithItemsOfOtherTokensTheChainIsThatOfText() {
    BlockChain chain = new BlockChain();
    hasher.append(chain, TOKENS, 0, TOKENS.length, BLOCK);
    long[] plain = chain.toArray();

    assertArrayEquals(plain, hash());
    items.add(3, 0, hasher.item("nothing"));
    assertEquals(0, items.size());
    items.add(TOKENS.length, 5, hasher.item("beyond"));
    assertArrayEquals(plain, hash());
    items.clear();
    assertEquals(0, items.size());
  }

  @Test
  void anItemMayReachTheEndOfAllNumbers() {
    items.add(0, Integer.MAX_VALUE, 1);
    items.add(5, Integer.MAX_VALUE, 2);
    long[] open = hash();
    items.clear();
    items.add(0, TOKENS.length, 1);
    items.add(5, TOKENS.length, 2);

    assertArrayEquals(hash(), open);
  }

  @Test
  void itemsOutOfOrderAreErrors() {
    items.add(8, 2, 1);

    assertThrows(IllegalArgumentException.class, () -> items.add(7, 1, 2));
    assertThrows(IllegalArgumentException.class, () -> items.add(9, -1, 2));
    assertThrows(IllegalArgumentException.class, () -> new MultimodalItems().add(-1, 1, 2));
    assertEquals(1, items.size());
  }

  private long[] chain(String... identifiers) {
    items.clear();
    for (String identifier : identifiers) {
      items.add(0, 1, hasher.item(identifier));
    }
    return hash();
  }

  private long[] hash() {
    BlockChain chain = new BlockChain();
    hasher.append(chain, TOKENS, 0, TOKENS.length, BLOCK, items);
    assertEquals(BLOCKS, chain.length());
    return chain.toArray();
  }

  private static int common(long[] a, long[] b) {
    int i = 0;
    while (i < a.length && a[i] == b[i]) {
      i++;
    }
    return i;
  }
}
