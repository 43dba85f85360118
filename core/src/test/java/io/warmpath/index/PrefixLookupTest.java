package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.MultimodalItems;
import io.warmpath.endpoint.Endpoint;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixLookupTest {

  private static final int BLOCK_SIZE = 16;
  private static final int TOKENS = 300 * BLOCK_SIZE + 5;
  private static final Endpoint ENDPOINT = Endpoint.of("10.0.0.1:8000");

  private final KvBlockIndex index = KvBlockIndex.create(10_000, () -> 0);
  private final BlockHasher hasher = BlockHasher.keyed(7);
  private final PrefixLookup lookup = new PrefixLookup(hasher, index);
  private final MultimodalItems noItems = new MultimodalItems();
  private final int[] tokens = new SplittableRandom(1).ints(TOKENS).toArray();
  private final BlockChain whole = new BlockChain();

  PrefixLookupTest() {
    whole.start(hasher.root(null, null));
    hasher.append(whole, tokens, 0, TOKENS, BLOCK_SIZE);
  }

  @ParameterizedTest(name = "{0} blocks held")
  @ValueSource(ints = {0, 1, 63, 64, 65, 128, 299, 300})
  void findsAllThatIsHeldAndHashesOneWindowMoreAtMost(int held) {
    int holder = index.holder(HolderKey.gpu(ENDPOINT));
    index.store(holder, 0, false, whole.hashes(), 0, held);
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(null, null));
    PrefixMatch match = new PrefixMatch();

    lookup.find(chain, tokens, TOKENS, BLOCK_SIZE, noItems, 300, match);

    assertEquals(held, match.blocks(index.slot(ENDPOINT)));
    assertEquals(Math.min(300, (held / 64 + 1) * 64), chain.length());

    lookup.finish(chain, tokens, TOKENS, BLOCK_SIZE, noItems);
    assertArrayEquals(whole.toArray(), chain.toArray());
  }

  @ParameterizedTest(name = "{0} blocks known")
  @ValueSource(ints = {1, 64, 100, 300})
  void goesOnFromBlocksThatAreHashedAlready(int known) {
    index.store(index.holder(HolderKey.gpu(ENDPOINT)), 0, false, whole.hashes(), 0, 200);
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(null, null), whole.hashes(), known);
    PrefixMatch match = new PrefixMatch();

    lookup.find(chain, tokens, TOKENS, BLOCK_SIZE, noItems, 300, match);

    assertEquals(200, match.blocks(index.slot(ENDPOINT)));
  }

  @ParameterizedTest(name = "at most {0} blocks")
  @ValueSource(ints = {0, 1, 64, 70, 150})
  void looksUpNoMoreThanAnEngineCanReuse(int most) {
    index.store(index.holder(HolderKey.gpu(ENDPOINT)), 0, false, whole.hashes(), 0, 300);
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(null, null));
    PrefixMatch match = new PrefixMatch();

    lookup.find(chain, tokens, TOKENS, BLOCK_SIZE, noItems, most, match);

    assertEquals(most, match.blocks(index.slot(ENDPOINT)));
  }
}
