package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.AllocatedBytes;
import io.warmpath.endpoint.Endpoint;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A warm look-up allocates nothing, in one call or several, nor do the numbers of known endpoints. */
class MatchAllocationTest {

  private static final long[] CHAIN = LongStream.range(0, 300).toArray();

  private final KvBlockIndex index = KvBlockIndex.create(10_000, () -> 0);
  private final PrefixMatch match = new PrefixMatch();
  private final HolderKey[] keys = new HolderKey[40];

  @Test
  void aWarmMatchAllocatesNothing() {
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new HolderKey(Endpoint.of("10.0.0." + i + ":8000"), Tier.GPU, 0);
      index.store(index.holder(keys[i]), 0, false, CHAIN, 0, 7 * i);
      index.expect(index.holder(keys[i]), CHAIN, 100, 0, 10);
    }
    run(3_000);

    long leastBytes = AllocatedBytes.leastOf(() -> run(300));

    assertEquals(0, leastBytes, "bytes in the best of ten rounds of 300 cycles");
    assertEquals(7 * (keys.length - 1), match.longest());
  }

  private void run(int times) {
    for (int i = 0; i < times; i++) {
      index.match(CHAIN, 0, CHAIN.length, match);
      for (int from = 0; from == 0 || match.open(); from += 64) {
        index.match(CHAIN, from, Math.min(CHAIN.length, from + 64), match);
      }
      for (HolderKey key : keys) {
        match.blocks(index.slot(Objects.requireNonNull(key.endpoint())), Tier.GPU);
        index.holder(key);
      }
    }
  }
}
