package io.warmpath.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.AllocatedBytes;
import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.BlockSize;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.ForwardingIndex;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import io.warmpath.index.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KvEventApplierTest {

  private static final int BLOCK = 4;
  private static final Endpoint POD = Endpoint.of("10.0.0.1:8000");
  /** Twelve tokens: blocks 100, 101 and 102 of the engine. */
  private static final int[] TOKENS = IntStream.range(0, 12).toArray();

  private static final Endpoint OTHER = Endpoint.of("10.0.0.2:8000");

  private final KvBlockIndex index =
      KvBlockIndex.builder().flat().capacityBlocks(1000).nanoClock(() -> 0).build();
  private final BlockHasher hasher = BlockHasher.keyed(42);
  private final PoolEvents pool = PoolEvents.mapped(index, hasher, BlockSize.learned(), () -> 0);
  private final KvEventSink applier = pool.source(POD);
  private final KvEventSink other = pool.source(OTHER);

  @Test
  void storedTokensAreFoundByAPromptThatBeginsWithThem() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);

    assertEquals(3, matched(null, null));
    assertEquals(3, pool.stats().stored());
  }

  @Test
  void aChildGoesOnWhereItsParentEnded() {
    stored(null, IntStream.range(0, 8).toArray(), BlockExtras.NONE, 100, 101);
    stored(101L, new int[] {8, 9, 10, 11}, BlockExtras.NONE, 102);

    assertEquals(3, matched(null, null));
  }

  @Test
  void oneRemovalDoesNotUndoTwoStores() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    applier.removed(new long[] {101}, 1, Tier.GPU, 0);
    assertEquals(3, matched(null, null));

    applier.removed(new long[] {101}, 1, Tier.GPU, 0);
    assertEquals(1, matched(null, null));
  }

  @Test
  void aRemovalOfWhatWasNeverAnnouncedIsCounted() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    applier.removed(new long[] {55}, 1, Tier.GPU, 0);
    applier.removed(new long[] {100}, 1, Tier.DISK, 0);

    assertEquals(3, matched(null, null));
    assertEquals(2, pool.stats().unknownHashes());
  }

  @Test
  void clearedForgetsTheDeviceButNotTheHost() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(Tier.CPU, 100, 101);
    applier.cleared();

    assertEquals(2, matched(null, null));
  }

  @Test
  void whatAClearLeavesOnTheHostCanStillBeRemoved() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(Tier.CPU, 100, 101);
    applier.cleared();

    applier.removed(new long[] {101}, 1, Tier.CPU, 0);

    assertEquals(1, matched(null, null));
    assertEquals(0, pool.stats().unknownHashes());
  }

  @Test
  void aBlockWithoutTokensIsOnASecondTier() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(Tier.CPU, 100, 77);
    applier.removed(new long[] {100, 101, 102}, 3, Tier.GPU, 0);

    assertEquals(1, matched(null, null));
    assertEquals(1, pool.stats().unknownHashes());
  }

  @Test
  void aResetForgetsAllTiersOfItsSourceAndNoHandles() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    stored(other, null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(Tier.CPU, 100);
    applier.reset();

    assertEquals(0, matched(null, null));
    assertEquals(3, matched(OTHER));
    assertEquals(1, pool.stats().resets());
    stored(null, Arrays.copyOf(TOKENS, 8), BlockExtras.NONE, 100, 101);
    onTier(Tier.GPU, 102);
    assertEquals(3, matched(null, null));
    other.removed(new long[] {100}, 1, Tier.GPU, 0);
    assertEquals(0, matched(OTHER));
  }

  @Test
  void aClearTakesTheMarksOfAnEngineThatNeverAnnouncedABlock() {
    confirm();
    assertEquals(3, matched(null, null));

    applier.cleared();

    assertEquals(0, matched(null, null));
  }

  @Test
  void afterAClearARemovalFromAGroupThatIsNotReusableStillTouchesNoOther() {
    applier.cleared();
    applier.stored(
        new long[] {100, 101, 102},
        3,
        false,
        0,
        TOKENS,
        12,
        BLOCK,
        Tier.GPU,
        1,
        of(BlockExtras.WHOLE_PREFIX));

    applier.removed(new long[] {101}, 1, Tier.GPU, 0);
    assertEquals(3, matched(null, null));
    assertEquals(1, pool.stats().unknownHashes());

    applier.removed(new long[] {101}, 1, Tier.GPU, 1);
    assertEquals(1, matched(null, null));
  }

  @Test
  void aResetTakesTheMarksOfAnEngineThatNeverAnnouncedABlock() {
    confirm();

    applier.reset();

    assertEquals(0, matched(null, null));
  }

  @Test
  void adaptersAndSaltsDoNotShareBlocks() {
    stored(null, TOKENS, BlockExtras.of("sql-lora", null), 100, 101, 102);
    stored(null, TOKENS, BlockExtras.of(null, "tenant-7"), 200, 201, 202);

    assertEquals(0, matched(null, null));
    assertEquals(3, matched("sql-lora", null));
    assertEquals(3, matched(null, "tenant-7"));
    assertEquals(0, matched("sql-lora", "tenant-7"));
  }

  @Test
  void blocksThatCannotBeUsedAreCountedByReason() {
    stored(
        null, TOKENS, new BlockExtras(null, null, true, false, BlockExtras.UNTOLD), 100, 101, 102);
    stored(null, TOKENS, of(BlockExtras.NOT_REUSABLE), 100, 101, 102);
    stored(null, TOKENS, BlockExtras.NONE, 100);

    assertEquals(0, matched(null, null));
    assertEquals(3, pool.stats().opaque());
    assertEquals(3, pool.stats().notReusable());
    assertEquals(1, pool.stats().sparse());
  }

  @Test
  void theFirstBlockSizeIsThePoolsAndOthersAreCounted() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    applier.stored(new long[] {300}, 1, false, 0, TOKENS, 12, 12, Tier.GPU, 0, BlockExtras.NONE);

    assertEquals(3, matched(null, null));
    assertEquals(1, pool.stats().otherBlockSize());
  }

  @Test
  void aBlockSizeOfZeroIsCountedNotDividedBy() {
    applier.stored(new long[] {300}, 1, false, 0, TOKENS, 12, 0, Tier.GPU, 0, BlockExtras.NONE);

    assertEquals(1, pool.stats().otherBlockSize());
  }

  @Test
  void aClosedApplierIsDeaf() {
    pool.remove(POD);
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);

    assertEquals(0, pool.stats().stored());
  }

  // Blocks that cannot be named yet.

  @Test
  void aBlockWithAnUnknownParentWaitsForIt() {
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    assertEquals(1, pool.stats().unknownParents());
    assertEquals(1, pool.stats().pending());
    assertEquals(0, matched(null, null));

    stored(null, range(0, 8), BlockExtras.NONE, 100, 101);

    assertEquals(3, matched(null, null));
    assertEquals(0, pool.stats().pending());
    assertEquals(1, pool.stats().adopted());
    assertEquals(3, pool.stats().stored());
  }

  @Test
  void childrenOfBlocksThatWaitWaitWithThem() {
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    stored(100L, range(4, 8), BlockExtras.NONE, 101);
    stored(100L, range(40, 44), BlockExtras.NONE, 301);
    stored(301L, range(44, 48), BlockExtras.NONE, 302);
    stored(null, range(0, 4), BlockExtras.NONE, 100);

    assertEquals(3, matched(null, null));
    assertEquals(
        3,
        match(chain(null, null, new int[] {0, 1, 2, 3, 40, 41, 42, 43, 44, 45, 46, 47}))
            .blocks(index.slot(POD)));
    assertEquals(4, pool.stats().adopted());
    assertEquals(0, pool.stats().pending());
  }

  @Test
  void blocksThatWaitedInARowGoToTheIndexInOneCall() {
    List<Integer> calls = new ArrayList<>();
    PoolEvents counted =
        PoolEvents.mapped(new StoreCalls(index, calls), hasher, BlockSize.of(BLOCK), () -> 0);
    KvEventSink sink = counted.source(POD);
    stored(sink, 100L, range(4, 12), BlockExtras.NONE, 101, 102);
    stored(sink, null, range(0, 4), BlockExtras.NONE, 100);

    assertEquals(List.of(1, 2), calls);
  }

  @Test
  void aBlockThatWaitsCanBeRemoved() {
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    applier.removed(new long[] {102}, 1, Tier.GPU, 0);
    stored(null, range(0, 8), BlockExtras.NONE, 100, 101);

    assertEquals(2, matched(null, null));
    assertEquals(0, pool.stats().pending());
    assertEquals(0, pool.stats().unknownHashes());
  }

  @Test
  void eachCopyThatWaitsIsAdopted() {
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    stored(null, range(0, 8), BlockExtras.NONE, 100, 101);

    applier.removed(new long[] {102}, 1, Tier.GPU, 0);
    assertEquals(3, matched(null, null));
    applier.removed(new long[] {102}, 1, Tier.GPU, 0);
    assertEquals(2, matched(null, null));
  }

  @Test
  void whatAdoptedBlocksAnnouncedCanBeRemoved() {
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    stored(null, range(0, 8), BlockExtras.NONE, 100, 101);
    applier.removed(new long[] {102}, 1, Tier.GPU, 0);

    assertEquals(2, matched(null, null));
  }

  @Test
  void aResetAClearAndAnEndGiveUpWhatWaits() {
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    applier.cleared();
    assertEquals(1, pool.stats().abandoned());
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    applier.reset();
    assertEquals(2, pool.stats().abandoned());
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    pool.remove(POD);
    assertEquals(3, pool.stats().abandoned());
    assertEquals(0, pool.stats().pending());
  }

  @Test
  void aClearLeavesWhatWaitsOnTheHost() {
    stored(applier, 101L, range(8, 12), Tier.CPU, 0, BlockExtras.NONE, 102);
    applier.cleared();
    stored(null, range(0, 8), BlockExtras.NONE, 100, 101);

    assertEquals(3, matched(null, null));
  }

  @Test
  void theOldestThatWaitGoWhenThereIsNoRoom() {
    int most = PendingBlocks.most(BLOCK);
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    for (int i = 0; i < most; i++) {
      stored(5_000L, range(i, i + 4), BlockExtras.NONE, 10_000 + i);
    }
    stored(null, range(0, 8), BlockExtras.NONE, 100, 101);

    assertEquals(2, matched(null, null));
    assertEquals(1, pool.stats().abandoned());
    assertEquals(most, pool.stats().pending());
  }

  @Test
  void aBlockThatWaitsWaitsOnASecondTierToo() {
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    onTier(Tier.CPU, 102);
    stored(null, range(0, 8), BlockExtras.NONE, 100, 101);
    applier.removed(new long[] {102}, 1, Tier.GPU, 0);

    assertEquals(3, matched(null, null));
    assertEquals(1, match(chain(null, null, TOKENS)).blocks(index.slot(POD), Tier.CPU));
  }

  @Test
  void childrenOfOpaqueBlocksAreOpaqueAndDoNotWait() {
    stored(null, TOKENS, new BlockExtras(null, null, true, false, -1), 100, 101, 102);
    stored(102L, range(12, 16), BlockExtras.NONE, 103);
    stored(103L, range(16, 20), BlockExtras.NONE, 104);
    applier.removed(new long[] {100, 103, 104}, 3, Tier.GPU, 0);

    assertEquals(5, pool.stats().opaque());
    assertEquals(0, pool.stats().pending());
    assertEquals(0, pool.stats().unknownHashes());
  }

  @Test
  void anEndIsOverOnlyWhenNoEventIsBeingApplied() throws Exception {
    CountDownLatch storing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    PoolEvents slow = PoolEvents.mapped(
        new ForwardingIndex(index) {
          @Override
          public boolean store(
              int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
            storing.countDown();
            try {
              assertTrue(goOn.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            order.add("stored");
            return super.store(holder, parent, hasParent, blocks, from, count);
          }
        },
        hasher,
        BlockSize.of(BLOCK),
        () -> 0);
    KvEventSink sink = slow.source(POD);
    Thread events = new Thread(() -> stored(sink, null, TOKENS, BlockExtras.NONE, 1, 2, 3));
    events.start();
    assertTrue(storing.await(10, TimeUnit.SECONDS));
    Thread end = new Thread(() -> {
      slow.remove(POD);
      order.add("removed");
    });
    end.start();
    while (end.getState() != Thread.State.BLOCKED && end.isAlive()) {
      Thread.onSpinWait();
    }
    goOn.countDown();
    end.join(10_000);
    events.join(10_000);

    assertEquals(List.of("stored", "removed"), order);
  }

  // When the index or the map has no room.

  @Test
  void anOverflowForgetsTheSource() {
    PoolEvents busy = PoolEvents.mapped(new BusyIndex(index), hasher, BlockSize.of(BLOCK), () -> 0);
    KvEventSink sink = busy.source(POD);
    stored(sink, 999L, range(12, 16), BlockExtras.NONE, 103);
    stored(sink, null, TOKENS, BlockExtras.NONE, 100, 101, 102);

    assertEquals(1, busy.stats().overflows());
    assertEquals(0, busy.stats().stored());
    assertEquals(0, busy.stats().pending());
    assertEquals(1, busy.stats().abandoned());
  }

  @Test
  void aBlockWithoutRoomForItsHandleIsNotKept() {
    KvBlockIndex tiny =
        KvBlockIndex.builder().flat().capacityBlocks(100_000).nanoClock(() -> 0).build();
    IndexOfCapacity claimed = new IndexOfCapacity(tiny, 1);
    PoolEvents small = PoolEvents.mapped(claimed, hasher, BlockSize.of(1), () -> 0);
    int blocks = 20_000;
    long[] hashes = LongStream.range(0, blocks).toArray();
    small
        .source(POD)
        .stored(
            hashes, blocks, false, 0, range(0, blocks), blocks, 1, Tier.GPU, 0, BlockExtras.NONE);

    EventStats stats = small.stats();
    assertTrue(stats.handlesFull() > 0);
    assertEquals(stats.stored(), stats.handles());
    assertEquals(blocks, stats.stored() + stats.handlesFull());
    assertEquals(stats.stored(), tiny.stats().blocks());
  }

  // Domains.

  @Test
  void sourcesOfEqualHashesShareHandles() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    stored(other, null, TOKENS, BlockExtras.NONE, 100, 101, 102);

    assertEquals(3, pool.stats().handles());
    assertEquals(0, pool.stats().ownDomains());
    assertEquals(3, matched(OTHER));
  }

  @Test
  void sourcesOfRandomSeedsDoNotMeet() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    stored(other, null, TOKENS, BlockExtras.NONE, 200, 201, 202);
    applier.removed(new long[] {100, 101, 102}, 3, Tier.GPU, 0);

    assertEquals(3, matched(OTHER));
    assertEquals(0, matched(POD));
    assertEquals(0, pool.stats().ownDomains());
  }

  @Test
  void aSourceWhoseHashesMeanOtherBlocksGetsADomainOfItsOwn() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    stored(other, null, range(50, 58), BlockExtras.NONE, 90, 91);
    stored(other, null, range(20, 32), BlockExtras.NONE, 100, 101, 102);
    assertEquals(1, pool.stats().ownDomains());

    applier.removed(new long[] {102}, 1, Tier.GPU, 0);
    other.removed(new long[] {101}, 1, Tier.GPU, 0);
    stored(other, 102L, range(32, 36), BlockExtras.NONE, 103);

    assertEquals(2, matched(POD));
    assertEquals(1, match(chain(null, null, range(20, 32))).blocks(index.slot(OTHER)));
    // What it announced before is still known.
    other.removed(new long[] {91}, 1, Tier.GPU, 0);
    assertEquals(1, match(chain(null, null, range(50, 58))).blocks(index.slot(OTHER)));
    assertEquals(0, pool.stats().unknownHashes());
  }

  @Test
  void theHandleOfABlockThatNobodyHasMayMeanAnother() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    applier.removed(new long[] {100, 101, 102}, 3, Tier.GPU, 0);
    stored(other, null, range(20, 32), BlockExtras.NONE, 100, 101, 102);

    assertEquals(3, match(chain(null, null, range(20, 32))).blocks(index.slot(OTHER)));
    assertEquals(0, pool.stats().ownDomains());
  }

  @Test
  void namedDomainsAreKeptApartAndGoWithTheirLastSource() {
    Endpoint third = Endpoint.of("10.0.0.3:8000");
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    stored(pool.source(third, "b"), null, range(20, 32), BlockExtras.NONE, 100, 101, 102);
    assertEquals(0, pool.stats().ownDomains());
    assertEquals(6, pool.stats().handles());

    pool.remove(third);
    assertEquals(3, pool.stats().handles());
  }

  @Test
  void theLateChildOfARemovedBlockIsFound() {
    stored(null, range(0, 8), BlockExtras.NONE, 100, 101);
    applier.removed(new long[] {101}, 1, Tier.GPU, 0);
    stored(101L, range(8, 12), BlockExtras.NONE, 102);
    stored(100L, range(4, 8), BlockExtras.NONE, 101);

    assertEquals(3, matched(null, null));
    assertEquals(0, pool.stats().unknownParents());
  }

  // Copies.

  @Test
  void reusedBlocksAreNoCopies() {
    BlockExtras reused = new BlockExtras(null, null, false, true, BlockExtras.UNTOLD);
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    stored(null, TOKENS, reused, 100, 101, 102);
    applier.removed(new long[] {101}, 1, Tier.GPU, 0);

    assertEquals(1, matched(null, null));
    assertEquals(3, pool.stats().refreshed());
  }

  @Test
  void reusedBlocksThatWereMissedAreThereUntilTheyAreRemoved() {
    BlockExtras reused = new BlockExtras(null, null, false, true, BlockExtras.WHOLE_PREFIX);
    stored(null, TOKENS, reused, 100, 101, 102);
    assertEquals(3, matched(null, null));

    applier.removed(new long[] {102}, 1, Tier.GPU, 0);
    assertEquals(2, matched(null, null));
  }

  @Test
  void reportsOfReusedWindowsAreIgnored() {
    stored(null, TOKENS, new BlockExtras(null, null, false, true, 7), 100, 101, 102);

    assertEquals(0, matched(null, null));
    assertEquals(0, pool.stats().refreshed());
  }

  // Tiers.

  @Test
  void whatAllShareIsCreditedToEveryEndpointAndTheHostToItsOwn() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(Tier.SHARED, 100, 101);
    onTier(Tier.CPU, 100, 101, 102);
    applier.cleared();
    assertEquals(2, matched(OTHER));
    assertEquals(3, matched(POD));

    applier.reset();
    assertEquals(2, matched(POD));
    assertEquals(2, matched(OTHER));
  }

  @Test
  void anyEngineMayEvictWhatAllShare() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(Tier.SHARED, 100, 101);
    other.removed(new long[] {101}, 1, Tier.SHARED, 0);

    assertEquals(1, matched(OTHER));
  }

  @Test
  void blocksOfOneEventGoToAnotherTierInOneCall() {
    List<Integer> calls = new ArrayList<>();
    PoolEvents counted =
        PoolEvents.mapped(new StoreCalls(index, calls), hasher, BlockSize.of(BLOCK), () -> 0);
    KvEventSink sink = counted.source(POD);
    stored(sink, null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(sink, Tier.CPU, 100, 101, 77, 102);

    assertEquals(List.of(3, 2, 1), calls);
  }

  // Groups of hybrid models.

  @Test
  void aWindowLimitsAPrefixToWhatItReaches() {
    stored(applier, null, TOKENS, Tier.GPU, 0, of(BlockExtras.WHOLE_PREFIX), 100, 101, 102);
    stored(applier, null, TOKENS, Tier.GPU, 1, of(7), 100, 101, 102);
    assertEquals(3, matched(null, null));

    applier.removed(new long[] {100}, 1, Tier.GPU, 1);
    assertEquals(3, matched(null, null));
    applier.removed(new long[] {102}, 1, Tier.GPU, 1);
    assertEquals(0, matched(null, null));
    assertEquals(0, pool.stats().notReusable());
  }

  @Test
  void aStateIsNeededAtTheEndOfAPrefix() {
    stored(applier, null, TOKENS, Tier.GPU, 0, of(BlockExtras.WHOLE_PREFIX), 100, 101, 102);
    stored(applier, 100L, range(4, 8), Tier.GPU, 1, of(1), 101);

    assertEquals(2, matched(null, null));
  }

  @Test
  void aGroupOfAnotherBlockSizeLimitsNothing() {
    stored(applier, null, TOKENS, Tier.GPU, 0, of(BlockExtras.WHOLE_PREFIX), 100, 101, 102);
    applier.stored(new long[] {7}, 1, false, 0, TOKENS, 12, 12, Tier.GPU, 1, of(1));

    assertEquals(3, matched(null, null));
    assertEquals(1, pool.stats().otherBlockSize());
  }

  @Test
  void removalsOfAGroupThatIsLeftOutTouchNoOther() {
    stored(applier, null, TOKENS, Tier.GPU, 1, of(BlockExtras.NOT_REUSABLE), 100, 101, 102);
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    applier.removed(new long[] {100}, 1, Tier.GPU, 1);

    assertEquals(3, matched(null, null));
    assertEquals(4, pool.stats().notReusable());
    assertEquals(0, pool.stats().unknownHashes());
  }

  @Test
  void aGroupOutOfRangeIsCounted() {
    stored(applier, null, TOKENS, Tier.GPU, 1 << 16, BlockExtras.NONE, 100, 101, 102);
    stored(applier, null, TOKENS, Tier.GPU, -1, BlockExtras.NONE, 100, 101, 102);
    applier.removed(new long[] {100}, 1, Tier.GPU, -1);

    assertEquals(7, pool.stats().notReusable());
  }

  @Test
  void listedBlocksOfKnownHashesNeedNoPosition() {
    stored(applier, null, TOKENS, Tier.GPU, 0, of(BlockExtras.WHOLE_PREFIX), 100, 101, 102);
    stored(applier, null, TOKENS, Tier.GPU, 1, of(7), 101, 102);

    assertEquals(3, matched(null, null));
    assertEquals(0, pool.stats().sparse());
    applier.removed(new long[] {101}, 1, Tier.GPU, 1);
    assertEquals(0, matched(null, null));
  }

  @Test
  void listedBlocksOfUnknownHashesWaitForAnotherGroupToNameThem() {
    stored(applier, null, TOKENS, Tier.GPU, 0, of(7), 101, 102);
    assertEquals(2, pool.stats().sparse());
    assertEquals(2, pool.stats().pending());
    stored(applier, null, TOKENS, Tier.GPU, 1, of(BlockExtras.WHOLE_PREFIX), 100, 101, 102);

    assertEquals(3, matched(null, null));
    assertEquals(2, pool.stats().adopted());
    assertEquals(0, pool.stats().pending());
    applier.removed(new long[] {102}, 1, Tier.GPU, 0);
    assertEquals(0, matched(null, null));
  }

  @Test
  void aListWithGapsGoesToTheIndexAsTheStretchesItHas() {
    List<Integer> calls = new ArrayList<>();
    PoolEvents counted =
        PoolEvents.mapped(new StoreCalls(index, calls), hasher, BlockSize.of(BLOCK), () -> 0);
    KvEventSink sink = counted.source(POD);
    stored(sink, null, range(0, 20), BlockExtras.NONE, 100, 101, 102, 103, 104);
    stored(sink, null, range(0, 20), Tier.GPU, 1, of(4), 100, 101, 103, 104);

    assertEquals(List.of(5, 2, 2), calls);
  }

  @Test
  void aWarmApplierAllocatesNothing() {
    long[] hashes = LongStream.range(1_000, 1_064).toArray();
    int[] tokens = range(0, 64 * BLOCK);
    PoolEvents silent = PoolEvents.mapped(new NoIndex(index), hasher, BlockSize.of(BLOCK), () -> 0);
    KvEventSink sink = silent.source(POD);
    BlockExtras extras = new BlockExtras("a", null, false, false, BlockExtras.WHOLE_PREFIX);
    stored(sink, 5L, tokens, extras, 70, 71);
    churn(sink, hashes, tokens, extras, 20_000);

    long allocated = AllocatedBytes.leastOf(() -> churn(sink, hashes, tokens, extras, 100));

    assertEquals(0, allocated, "bytes in 400 events");
  }

  private static void churn(
      KvEventSink sink, long[] hashes, int[] tokens, BlockExtras extras, int times) {
    for (int i = 0; i < times; i++) {
      sink.stored(hashes, 64, false, 0, tokens, 64 * BLOCK, BLOCK, Tier.GPU, 0, extras);
      sink.stored(hashes, 64, true, 999_999, tokens, 64 * BLOCK, BLOCK, Tier.CPU, 0, extras);
      sink.removed(hashes, 64, Tier.CPU, 0);
      sink.removed(hashes, 64, Tier.GPU, 0);
    }
  }

  private static BlockExtras of(int reach) {
    return new BlockExtras(null, null, false, false, reach);
  }

  private void stored(@Nullable Long parent, int[] tokens, BlockExtras extras, long... hashes) {
    stored(applier, parent, tokens, extras, hashes);
  }

  private static void stored(
      KvEventSink sink, @Nullable Long parent, int[] tokens, BlockExtras extras, long... hashes) {
    stored(sink, parent, tokens, Tier.GPU, 0, extras, hashes);
  }

  private static void stored(
      KvEventSink sink,
      @Nullable Long parent,
      int[] tokens,
      Tier tier,
      int group,
      BlockExtras extras,
      long... hashes) {
    sink.stored(
        hashes,
        hashes.length,
        parent != null,
        parent == null ? 0 : parent,
        tokens,
        tokens.length,
        BLOCK,
        tier,
        group,
        extras);
  }

  private void onTier(Tier tier, long... hashes) {
    onTier(applier, tier, hashes);
  }

  private static void onTier(KvEventSink sink, Tier tier, long... hashes) {
    sink.stored(hashes, hashes.length, false, 0, new int[0], 0, 0, tier, 0, BlockExtras.NONE);
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private void confirm() {
    BlockChain chain = chain(null, null, TOKENS);
    index.confirm(index.holder(HolderKey.gpu(POD)), chain.hashes(), chain.length(), 0);
  }

  private int matched(@Nullable String adapter, @Nullable String salt) {
    return match(chain(adapter, salt, TOKENS)).blocks(index.slot(POD));
  }

  private int matched(Endpoint endpoint) {
    return match(chain(null, null, TOKENS)).blocks(index.slot(endpoint));
  }

  private BlockChain chain(@Nullable String adapter, @Nullable String salt, int[] tokens) {
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(adapter, salt));
    hasher.append(chain, tokens, 0, tokens.length, BLOCK);
    return chain;
  }

  private PrefixMatch match(BlockChain chain) {
    PrefixMatch match = new PrefixMatch();
    index.match(chain.hashes(), 0, chain.length(), match);
    return match;
  }
}
