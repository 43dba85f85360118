package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.AllocatedBytes;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Once its arrays are large enough, hashing a prompt allocates nothing, items and windows included. */
class ChainAllocationTest {

  private static final int[] TOKENS = new SplittableRandom(7).ints(2_048).toArray();
  private static final int[] BLOCK_SIZES = {1, 2, 3, 16, 32, 48, 64, 1_024};

  private final BlockHasher hasher = BlockHasher.keyed(1);
  private final long item = hasher.item("cat");
  private final BlockChain chain = new BlockChain();
  private final MultimodalItems items = new MultimodalItems();

  @Test
  void hashingAllocatesNothing() {
    run(300);

    long leastBytes = AllocatedBytes.leastOf(() -> run(30));

    assertEquals(0, leastBytes, "bytes in the best of ten rounds of 30 prompts by block size");
  }

  private void run(int times) {
    for (int i = 0; i < times; i++) {
      for (int blockSize : BLOCK_SIZES) {
        chain.start(hasher.root(null, null));
        hasher.append(chain, TOKENS, 0, TOKENS.length, blockSize);
        items.clear();
        for (int at = 0; at < 1_000; at += 50) {
          items.add(at, 40, item);
        }
        chain.start(hasher.root(null, null), chain.hashes(), 1);
        while (hasher.appendNext(
                chain, TOKENS, 0, TOKENS.length, blockSize, items, BlockHasher.WINDOW_BLOCKS)
            > 0) {}
      }
    }
  }
}
