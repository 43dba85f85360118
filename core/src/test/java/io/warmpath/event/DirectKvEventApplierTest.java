package io.warmpath.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.block.BlockSize;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import io.warmpath.index.Tier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectKvEventApplierTest {

  private static final int BLOCK = 4;
  private static final Endpoint POD = Endpoint.of("10.0.0.1:8000");
  private static final Endpoint OTHER = Endpoint.of("10.0.0.2:8000");
  private static final BlockExtras FULL = of(BlockExtras.WHOLE_PREFIX, false);

  private final KvBlockIndex index =
      KvBlockIndex.builder().flat().capacityBlocks(1000).nanoClock(() -> 0).build();
  private final BlockSize blockSize = BlockSize.learned();
  private final PoolEvents pool = PoolEvents.direct(index, blockSize, () -> 0);
  private final KvEventSink sink = pool.source(POD);

  @Test
  void engineHashesAreBlockHashes() {
    stored(null, 12, Tier.GPU, 0, FULL, 100, 101, 102);

    assertEquals(3, matched(POD));
    assertEquals(3, pool.stats().stored());
    assertEquals(0, pool.stats().handles());
    assertEquals(BLOCK, blockSize.tokens());
  }

  @Test
  void aBlockWithAnUnknownParentNeedNotWait() {
    stored(101L, 4, Tier.GPU, 0, FULL, 102);
    stored(null, 8, Tier.GPU, 0, FULL, 100, 101);

    assertEquals(3, matched(POD));
    assertEquals(0, pool.stats().unknownParents());
  }

  @Test
  void copiesAreCountedAndRemovalsTakeOne() {
    stored(null, 12, Tier.GPU, 0, FULL, 100, 101, 102);
    stored(null, 12, Tier.GPU, 0, FULL, 100, 101, 102);
    stored(null, 12, Tier.GPU, 0, of(BlockExtras.WHOLE_PREFIX, true), 100, 101, 102);
    sink.removed(new long[] {101}, 1, Tier.GPU, 0);
    assertEquals(3, matched(POD));

    sink.removed(new long[] {101}, 1, Tier.GPU, 0);
    assertEquals(1, matched(POD));
    assertEquals(3, pool.stats().refreshed());
    assertEquals(2, pool.stats().removed());
  }

  @Test
  void tiersAreKeptApart() {
    stored(null, 12, Tier.GPU, 0, FULL, 100, 101, 102);
    stored(null, 0, Tier.CPU, 0, FULL, 100, 101);
    stored(null, 0, Tier.SHARED, 0, FULL, 100);
    sink.cleared();
    assertEquals(2, matched(POD));
    assertEquals(1, matched(OTHER));

    sink.reset();
    assertEquals(1, matched(POD));
    assertEquals(1, pool.stats().cleared());
    assertEquals(1, pool.stats().resets());
  }

  @Test
  void groupsLimitWhatIsReusedAndListsWithGapsCount() {
    stored(null, 12, Tier.GPU, 0, FULL, 100, 101, 102);
    stored(null, 12, Tier.GPU, 1, of(4, false), 101);
    stored(null, 12, Tier.GPU, 1, of(4, true), 100, 101, 102);
    stored(null, 12, Tier.GPU, 2, of(BlockExtras.NOT_REUSABLE, false), 100, 101, 102);
    sink.removed(new long[] {100}, 1, Tier.GPU, 2);

    assertEquals(2, matched(POD));
    assertEquals(4, pool.stats().notReusable());
  }

  @Test
  void whatCannotBeUsedIsCounted() {
    stored(null, 12, Tier.GPU, 0, FULL, 100, 101, 102);
    sink.stored(new long[] {1}, 1, false, 0, new int[8], 8, 8, Tier.GPU, 0, FULL);
    sink.removed(new long[] {100}, 1, Tier.DISK, 0);

    assertEquals(1, pool.stats().otherBlockSize());
    assertEquals(1, pool.stats().unknownHashes());
  }

  @Test
  void aRemovedEndpointsSinkIsDeaf() {
    pool.remove(POD);
    stored(null, 12, Tier.GPU, 0, FULL, 100, 101, 102);
    sink.removed(new long[] {100}, 1, Tier.GPU, 0);
    sink.cleared();
    sink.reset();

    assertEquals(
        new EventStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), pool.stats());
  }

  @Test
  void anOverflowForgetsTheSource() {
    PoolEvents busy = PoolEvents.direct(new BusyIndex(index), blockSize, () -> 0);
    stored(busy.source(POD), null, 12, Tier.GPU, 0, FULL, 100, 101, 102);
    busy.source(POD).removed(new long[] {100}, 1, Tier.GPU, 0);

    assertEquals(2, busy.stats().overflows());
    assertEquals(0, matched(POD));
  }

  private static BlockExtras of(int reach, boolean reused) {
    return new BlockExtras(null, null, false, reused, reach);
  }

  private void stored(
      @Nullable Long parent,
      int tokenCount,
      Tier tier,
      int group,
      BlockExtras extras,
      long... hashes) {
    stored(sink, parent, tokenCount, tier, group, extras, hashes);
  }

  private static void stored(
      KvEventSink sink,
      @Nullable Long parent,
      int tokenCount,
      Tier tier,
      int group,
      BlockExtras extras,
      long... hashes) {
    sink.stored(
        hashes,
        hashes.length,
        parent != null,
        parent == null ? 0 : parent,
        new int[tokenCount],
        tokenCount,
        tokenCount == 0 ? 0 : BLOCK,
        tier,
        group,
        extras);
  }

  private int matched(Endpoint endpoint) {
    PrefixMatch match = new PrefixMatch();
    index.match(new long[] {100, 101, 102}, 0, 3, match);
    return match.blocks(index.slot(endpoint));
  }
}
