package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every {@link KvBlockIndex} must do. Extend it once per implementation; add nothing there. */
public abstract class IndexContract {

  private static final long SECOND = 1_000_000_000L;
  private static final int BLOCKS = 200;
  /** Blocks 1000, 1001, ... */
  private static final long[] CHAIN = LongStream.range(1000, 1000 + BLOCKS).toArray();

  private static final Endpoint ONE = endpoint(1);
  private static final Endpoint TWO = endpoint(2);
  private static final Endpoint THREE = endpoint(3);

  /** Near the end of what a long can hold, so that ends wrap around. */
  private long now = Long.MAX_VALUE - SECOND;

  @SuppressWarnings("this-escape") // see newIndex
  private final KvBlockIndex index = newIndex(10_000, () -> now);

  /** For subclasses. */
  protected IndexContract() {}

  /**
   * Makes an empty index. Called before the subclass's own fields are set, so it may use none.
   *
   * @param capacityBlocks most distinct blocks
   * @param nanoClock its clock
   * @return the index; changes are visible when they return
   */
  protected abstract KvBlockIndex newIndex(int capacityBlocks, LongSupplier nanoClock);

  // The conformance cases: one chain of 200 blocks, endpoints 1 and 2 hold all of it.

  @Test
  void evictingBlock10StopsThatEndpointThereOnly() {
    storeAtOneAndTwo();

    remove(gpu(ONE), CHAIN[10]);

    assertDepths(10, 200);
  }

  @Test
  void evictingBlock10AtBothStopsBoth() {
    storeAtOneAndTwo();

    remove(gpu(ONE), CHAIN[10]);
    remove(gpu(TWO), CHAIN[10]);

    assertDepths(10, 10);
  }

  @Test
  void storingBlock10AgainHealsTheHoleForThatEndpointOnly() {
    storeAtOneAndTwo();
    remove(gpu(ONE), CHAIN[10]);
    remove(gpu(TWO), CHAIN[10]);

    index.store(gpu(ONE), CHAIN[9], true, CHAIN, 10, 1);

    assertDepths(200, 10);
  }

  @Test
  void aChainThatDiffersInBlock20EndsThere() {
    storeAtOneAndTwo();
    long[] other = CHAIN.clone();
    // All later hashes differ too: each names the blocks before it.
    for (int i = 20; i < BLOCKS; i++) {
      other[i] = -i;
    }

    assertEquals(20, depth(ONE, other));
    assertEquals(20, depth(TWO, other));
  }

  @Test
  void aLongerHolderThatEvictedTheFirstBlockDoesNotLengthenAShorterOne() {
    index.store(gpu(ONE), 0, false, CHAIN, 0, 100);
    store(gpu(TWO), CHAIN);

    remove(gpu(TWO), CHAIN[0]);

    assertDepths(100, 0);
  }

  @Test
  void blocksUnderAnUnknownParentAreCountedAndKept() {
    index.store(gpu(ONE), CHAIN[9], true, CHAIN, 10, BLOCKS - 10);

    assertEquals(BLOCKS - 10, index.stats().orphans());
    assertDepths(0, 0);

    index.store(gpu(ONE), 0, false, CHAIN, 0, 10);

    assertDepths(200, 0);
  }

  // Parents, copies, tiers, groups.

  @Test
  void aKnownParentIsNoOrphan() {
    index.store(gpu(ONE), 5, false, CHAIN, 0, 10);
    index.store(cpu(ONE), CHAIN[9], true, CHAIN, 10, 10);

    assertEquals(0, index.stats().orphans());
    assertEquals(20, depth(ONE, CHAIN));
  }

  @Test
  void aParentThatOnlyAnotherEndpointHasIsUnknown() {
    index.store(gpu(TWO), 0, false, CHAIN, 0, 10);
    index.store(gpu(ONE), CHAIN[9], true, CHAIN, 10, 10);

    assertEquals(10, index.stats().orphans());
  }

  @Test
  void aBlockStoredTwiceIsThereUntilItIsRemovedTwice() {
    store(gpu(ONE), 11);
    store(gpu(ONE), 11);

    remove(gpu(ONE), 11);
    assertEquals(1, depth(ONE, 11));

    remove(gpu(ONE), 11);
    assertEquals(0, depth(ONE, 11));
    assertEquals(0, index.stats().unknownRemoved());
    assertEquals(2, index.stats().removed());
  }

  @Test
  void copiesOfOneHolderAreNotCopiesOfAnother() {
    store(gpu(ONE), 11);
    store(gpu(ONE), 11);
    store(gpu(TWO), 11);

    remove(gpu(TWO), 11);

    assertEquals(1, depth(ONE, 11));
    assertEquals(0, depth(TWO, 11));
  }

  @Test
  void removingWhatIsNotThereIsCountedAndChangesNothing() {
    store(gpu(ONE), 11);

    remove(gpu(ONE), 12);
    remove(gpu(TWO), 11);

    assertEquals(2, index.stats().unknownRemoved());
    assertEquals(1, depth(ONE, 11));
  }

  @Test
  void removingMoreOftenThanStoredDoesNotCountAgainstTheNextStore() {
    store(gpu(ONE), 11);
    remove(gpu(ONE), 11, 11, 11);

    store(gpu(ONE), 11);

    assertEquals(1, depth(ONE, 11));
  }

  @Test
  void onlyTheGivenRangeIsUsed() {
    index.store(gpu(ONE), 0, false, new long[] {11, 12, 13, 14}, 1, 2);
    index.remove(gpu(ONE), new long[] {11, 12, 13, 14}, 2, 1);

    assertEquals(0, depth(ONE, 11));
    assertEquals(1, depth(ONE, 12));
    assertEquals(0, depth(ONE, 13));
    assertEquals(0, depth(ONE, 14));
  }

  @Test
  void aSlowerTierExtendsAFasterOne() {
    store(gpu(ONE), 11, 12);
    store(cpu(ONE), 13);
    store(disk(ONE), 14);

    PrefixMatch match = match(11, 12, 13, 14, 15);

    int slot = index.slot(ONE);
    assertEquals(4, match.blocks(slot));
    assertEquals(2, match.blocks(slot, Tier.GPU));
    assertEquals(1, match.blocks(slot, Tier.CPU));
    assertEquals(1, match.blocks(slot, Tier.DISK));
  }

  @Test
  void aBlockOnSeveralTiersCountsForTheFastest() {
    store(disk(ONE), 11, 12, 13);
    store(cpu(ONE), 12, 13);
    store(gpu(ONE), 13);

    PrefixMatch match = match(11, 12, 13);

    int slot = index.slot(ONE);
    assertEquals(3, match.blocks(slot));
    assertEquals(0, match.blocks(slot, Tier.GPU));
    assertEquals(0, match.blocks(slot, Tier.CPU));
    assertEquals(3, match.blocks(slot, Tier.DISK));
  }

  @Test
  void aSlowerTierCountsFromWhereTheFasterEnds() {
    store(gpu(ONE), 11, 12);
    store(cpu(ONE), 11, 12, 13);
    store(disk(ONE), 13, 14);

    PrefixMatch match = match(11, 12, 13, 14);

    int slot = index.slot(ONE);
    assertEquals(2, match.blocks(slot, Tier.GPU));
    assertEquals(1, match.blocks(slot, Tier.CPU));
    assertEquals(1, match.blocks(slot, Tier.DISK));
  }

  @Test
  void aFasterTierDoesNotGoOnBehindASlowerOne() {
    store(gpu(ONE), 11, 13);
    store(cpu(ONE), 12);

    PrefixMatch match = match(11, 12, 13);

    assertEquals(2, match.blocks(index.slot(ONE)));
    assertEquals(1, match.blocks(index.slot(ONE), Tier.GPU));
    assertEquals(1, match.blocks(index.slot(ONE), Tier.CPU));
  }

  @Test
  void whatIsInSharedStorageIsEverybodys() {
    store(index.holder(HolderKey.shared(0)), 11, 12, 13);
    store(gpu(ONE), 11);
    store(cpu(TWO), 12);

    PrefixMatch match = match(11, 12, 13, 14);

    assertEquals(1, match.blocks(index.slot(ONE), Tier.GPU));
    assertEquals(2, match.blocks(index.slot(ONE), Tier.SHARED));
    assertEquals(3, match.blocks(index.slot(TWO), Tier.SHARED));
    assertEquals(3, match.blocks(index.slot(THREE)), "an endpoint that has nothing");
    assertEquals(3, match.blocks(index.slot(THREE), Tier.SHARED));
    assertEquals(3, match.longest());
    assertFalse(match.open());
  }

  @Test
  void hostMemoryIsItsEndpointsAlone() {
    store(cpu(ONE), 11, 12);

    PrefixMatch match = match(11, 12);

    assertEquals(2, match.blocks(index.slot(ONE)));
    assertEquals(0, match.blocks(index.slot(TWO)));
  }

  @Test
  void sharedStorageGoesOnWhereOwnBlocksEnd() {
    int shared = index.holder(HolderKey.shared(0));
    store(gpu(ONE), 11, 12);
    store(shared, 13, 14);

    assertEquals(4, depth(ONE, 11, 12, 13, 14, 15));

    remove(shared, 13);
    assertEquals(2, depth(ONE, 11, 12, 13, 14, 15));
  }

  @Test
  void droppingAnEndpointLeavesSharedStorage() {
    store(index.holder(HolderKey.shared(0)), 11);
    store(gpu(ONE), 11);

    index.drop(ONE);

    assertEquals(1, depth(TWO, 11));
  }

  @Test
  void aSlidingWindowNeedsTheLastBlocksOnly() {
    index.group(0, KvBlockIndex.WHOLE_PREFIX);
    index.group(1, 2);
    int window = index.holder(new HolderKey(ONE, Tier.GPU, 1));
    store(gpu(ONE), 11, 12, 13, 14, 15);
    store(window, 12, 13, 14);

    assertEquals(4, depth(ONE, 11, 12, 13, 14, 15));

    remove(window, 14);
    assertEquals(3, depth(ONE, 11, 12, 13, 14, 15));

    remove(window, 12);
    assertEquals(0, depth(ONE, 11, 12, 13, 14, 15));
  }

  @Test
  void allGroupsMustServeAPrefix() {
    index.group(3, KvBlockIndex.WHOLE_PREFIX);
    index.group(4, KvBlockIndex.WHOLE_PREFIX);
    index.group(5, 1);
    index.group(6, 3);
    store(index.holder(new HolderKey(ONE, Tier.GPU, 3)), 11, 12, 13, 14, 15, 16);
    store(index.holder(new HolderKey(ONE, Tier.GPU, 4)), 11, 12, 13, 14, 15);
    store(index.holder(new HolderKey(ONE, Tier.GPU, 5)), 12, 14);
    store(index.holder(new HolderKey(ONE, Tier.GPU, 6)), 11, 12, 14);

    assertEquals(2, depth(ONE, 11, 12, 13, 14, 15, 16, 17));
    assertEquals(2, match(11, 12, 13, 14).blocks(index.slot(ONE), Tier.GPU));
  }

  @Test
  void aWindowAnEndpointHoldsItselfServesAPrefixInSharedStorage() {
    index.group(0, KvBlockIndex.WHOLE_PREFIX);
    index.group(1, 2);
    int shared = index.holder(HolderKey.shared(0));
    int window = index.holder(new HolderKey(ONE, Tier.GPU, 1));
    store(shared, 11, 12, 13, 14);
    store(window, 12, 13);

    PrefixMatch match = match(11, 12, 13, 14, 15);

    assertEquals(3, match.blocks(index.slot(ONE)));
    assertEquals(3, match.blocks(index.slot(ONE), Tier.SHARED));
    assertEquals(3, match.longest());
    assertEquals(0, match.blocks(index.slot(TWO)), "an endpoint without the window");

    store(window, 14);
    assertEquals(4, depth(ONE, 11, 12, 13, 14, 15));

    remove(shared, 13);
    assertEquals(0, depth(ONE, 11, 12, 13, 14, 15));
  }

  @Test
  void goingOnFindsTheWindowOfAPrefixInSharedStorage() {
    index.group(0, KvBlockIndex.WHOLE_PREFIX);
    index.group(1, 1);
    store(index.holder(HolderKey.shared(0)), 11, 12, 13, 14);
    store(index.holder(new HolderKey(ONE, Tier.GPU, 1)), 12);
    store(index.holder(new HolderKey(TWO, Tier.CPU, 1)), 14);
    long[] chain = {11, 12, 13, 14};
    PrefixMatch match = new PrefixMatch();

    for (int length = 1; length <= chain.length; length++) {
      index.match(chain, length - 1, length, match);

      assertEquals(length >= 2 ? 2 : 0, match.blocks(index.slot(ONE)), "of " + length);
      assertEquals(length >= 4 ? 4 : 0, match.blocks(index.slot(TWO)), "of " + length);
    }
  }

  @Test
  void theGroupThatIsWalkedComesFirstAndNeedsEverything() {
    assertArrayEquals(new int[] {0}, index.groups());
    assertEquals(KvBlockIndex.WHOLE_PREFIX, index.needBlocks(0));

    index.group(4, 3);
    assertArrayEquals(new int[] {0, 4}, index.groups());
    index.group(2, KvBlockIndex.WHOLE_PREFIX);
    index.group(0, 1);

    assertArrayEquals(new int[] {2, 0, 4}, index.groups());
    assertEquals(KvBlockIndex.WHOLE_PREFIX, index.needBlocks(2));
    assertEquals(1, index.needBlocks(0));
    assertEquals(3, index.needBlocks(4));
    assertEquals(KvBlockIndex.WHOLE_PREFIX, index.needBlocks(7));
  }

  @Test
  void theEndOfAPromptMayBeMarkedAlone() {
    index.group(0, KvBlockIndex.WHOLE_PREFIX);
    index.group(1, 1);
    int state = index.holder(new HolderKey(ONE, Tier.GPU, 1));
    index.confirm(state, new long[] {12}, 1, now);
    assertEquals(0, depth(ONE, 10, 11, 12));

    index.confirm(gpu(ONE), new long[] {10, 11, 12}, 3, now);

    assertEquals(3, depth(ONE, 10, 11, 12));
    assertEquals(0, depth(ONE, 10, 11));
  }

  @Test
  void groupsThatNobodyToldOfLimitNothing() {
    store(gpu(ONE), 11, 12);
    store(index.holder(new HolderKey(ONE, Tier.GPU, 1)), 11);

    assertEquals(2, depth(ONE, 11, 12));
  }

  @Test
  void anApproximateHolderForgetsItsOldestMarks() {
    index.approximate(gpu(ONE), 5, 1000 * SECOND);
    index.confirm(gpu(ONE), CHAIN, 3, now);
    now += 10 * SECOND;
    index.expect(gpu(ONE), new long[] {11, 12}, 2, now, 1);
    now += 10 * SECOND;
    assertEquals(3, depth(ONE, CHAIN));
    assertEquals(2, depth(ONE, 11, 12));

    index.confirm(gpu(ONE), new long[] {21}, 1, now);

    assertEquals(0, depth(ONE, CHAIN));
    assertEquals(2, depth(ONE, 11, 12));
    assertEquals(1, depth(ONE, 21));
    assertEquals(3, index.stats().outrun());
  }

  @Test
  void whatIsMarkedAgainIsTheYoungest() {
    index.approximate(gpu(ONE), 4, 1000 * SECOND);
    index.confirm(gpu(ONE), CHAIN, 3, now);
    now += 10 * SECOND;
    index.confirm(gpu(ONE), new long[] {11}, 1, now);
    now += 10 * SECOND;
    index.confirm(gpu(ONE), CHAIN, 2, now);
    now += 10 * SECOND;

    index.confirm(gpu(ONE), new long[] {21}, 1, now);

    assertEquals(2, depth(ONE, CHAIN));
    assertEquals(1, depth(ONE, 11));
    assertEquals(1, depth(ONE, 21));
  }

  @Test
  void anApproximateMarkEndsWithItsLife() {
    index.approximate(gpu(ONE), 100, 1024 * SECOND);
    index.expect(gpu(ONE), CHAIN, 3, now, SECOND);

    now += 1024 * SECOND - 1;
    assertEquals(3, depth(ONE, CHAIN));

    now += 2 * SECOND;
    assertEquals(0, depth(ONE, CHAIN));
  }

  @Test
  void aClearedApproximateHolderStartsAgain() {
    index.approximate(gpu(ONE), 3, 1000 * SECOND);
    index.confirm(gpu(ONE), CHAIN, 3, now);
    index.clear(gpu(ONE));
    now += SECOND;

    index.confirm(gpu(ONE), new long[] {11, 12}, 2, now);

    assertEquals(0, depth(ONE, CHAIN));
    assertEquals(2, depth(ONE, 11, 12));
    assertEquals(0, index.stats().outrun());
  }

  @Test
  void anApproximateHolderMayBecomeExact() {
    index.approximate(gpu(ONE), 2, 1000 * SECOND);
    index.confirm(gpu(ONE), CHAIN, 3, now);
    index.confirm(gpu(ONE), new long[] {11, 12}, 2, now + SECOND);

    index.exact(gpu(ONE));

    assertEquals(0, depth(ONE, 11, 12));
    index.expect(gpu(ONE), CHAIN, 3, now, SECOND);
    assertEquals(3, depth(ONE, CHAIN));
    now += SECOND;
    assertEquals(0, depth(ONE, CHAIN));
    index.exact(999);
  }

  @Test
  void whatAHolderHasIsCountedAndShown() {
    store(gpu(ONE), 11, 12, 12, 13);
    remove(gpu(ONE), 11);
    index.confirm(gpu(ONE), new long[] {12, 13, 14}, 3, now);
    store(cpu(ONE), 11);
    store(gpu(TWO), 12);
    Map<HolderKey, Set<Long>> shown = new HashMap<>();
    int[] blocks = {0};

    index.visit((holder, hashes, from, count) -> {
      for (int i = from; i < from + count; i++) {
        shown.computeIfAbsent(holder, key -> new HashSet<>()).add(hashes[i]);
        blocks[0]++;
      }
    });

    assertEquals(
        Map.of(
            HolderKey.gpu(ONE),
            Set.of(12L, 13L, 14L),
            new HolderKey(ONE, Tier.CPU, 0),
            Set.of(11L),
            HolderKey.gpu(TWO),
            Set.of(12L)),
        shown);
    assertEquals(5, blocks[0], "each block of each holder once");
    assertEquals(3, index.blocks(gpu(ONE)));
    assertEquals(1, index.blocks(cpu(ONE)));
    assertEquals(0, index.blocks(99));
    assertTrue(index.contains(14));
    assertFalse(index.contains(15));
  }

  @Test
  void evictionFromOneTierLeavesTheOther() {
    store(gpu(ONE), 11);
    store(cpu(ONE), 11);

    remove(gpu(ONE), 11);

    PrefixMatch match = match(11);
    assertEquals(0, match.blocks(index.slot(ONE), Tier.GPU));
    assertEquals(1, match.blocks(index.slot(ONE), Tier.CPU));
  }

  @Test
  void ranksOfAPodAreEndpointsOfTheirOwn() {
    Endpoint otherRank = new Endpoint(ONE.pod(), ONE.host(), ONE.port(), 1);
    store(gpu(ONE), 11);
    store(gpu(otherRank), 11, 12);

    PrefixMatch match = match(11, 12);

    assertEquals(1, match.blocks(index.slot(ONE)));
    assertEquals(2, match.blocks(index.slot(otherRank)));
  }

  // Clear, drop, replay.

  @Test
  void clearTakesAllOfOneHolderAndNothingElse() {
    store(gpu(ONE), 11, 11, 12);
    store(cpu(ONE), 11);
    store(gpu(TWO), 11);
    index.expect(gpu(ONE), new long[] {13}, 1, now, SECOND);

    index.clear(gpu(ONE));

    PrefixMatch match = match(11, 12);
    assertEquals(0, match.blocks(index.slot(ONE), Tier.GPU));
    assertEquals(1, match.blocks(index.slot(ONE), Tier.CPU));
    assertEquals(1, match.blocks(index.slot(TWO)));
    assertEquals(0, depth(ONE, 13));
  }

  @Test
  void blocksStoredAgainAfterAClearCountOnce() {
    store(gpu(ONE), 11, 11, 12);
    index.clear(gpu(ONE));

    store(gpu(ONE), 11, 12);
    assertEquals(2, depth(ONE, 11, 12));

    remove(gpu(ONE), 11);
    assertEquals(0, depth(ONE, 11, 12));
  }

  @Test
  void removalsOfAClearedHolderAreUnknown() {
    store(gpu(ONE), 11);
    index.clear(gpu(ONE));

    remove(gpu(ONE), 11);

    assertEquals(1, index.stats().unknownRemoved());
  }

  @Test
  void dropTakesAllHoldersOfTheEndpoint() {
    store(gpu(ONE), 11);
    store(cpu(ONE), 12);
    store(gpu(TWO), 11);
    int slot = index.slot(ONE);

    index.drop(ONE);

    PrefixMatch match = match(11, 12);
    assertEquals(0, match.blocks(slot));
    assertEquals(1, match.blocks(index.slot(TWO)));
    assertEquals(1, index.stats().holders());
  }

  @Test
  void aDroppedEndpointComesBackEmpty() {
    store(gpu(ONE), 11);
    index.drop(ONE);

    assertEquals(0, depth(ONE, 11));

    store(gpu(ONE), 11, 12);
    assertEquals(2, depth(ONE, 11, 12));
  }

  @Test
  void theHolderOfADroppedEndpointIsUnknown() {
    int old = gpu(ONE);
    store(old, 11);
    index.drop(ONE);

    assertTrue(index.store(old, 0, false, new long[] {11, 12}, 0, 2));

    assertEquals(0, depth(ONE, 11));
    assertEquals(2, index.stats().orphans());
  }

  @Test
  void droppingWhatIsUnknownDoesNothing() {
    store(gpu(ONE), 11);

    index.drop(THREE);

    assertEquals(1, depth(ONE, 11));
  }

  @Test
  void whatIsClearedOrDroppedMakesRoom() {
    KvBlockIndex small = newIndex(4, () -> now);
    int one = small.holder(HolderKey.gpu(ONE));
    int two = small.holder(HolderKey.gpu(TWO));
    small.store(one, 0, false, CHAIN, 0, 2);
    small.store(two, 0, false, CHAIN, 2, 2);

    small.clear(one);
    small.drop(TWO);
    small.store(one, 0, false, CHAIN, 4, 4);

    assertEquals(0, small.stats().full());
    assertEquals(4, small.stats().blocks());
  }

  // Marks.

  @Test
  void anExpectationIsBelievedUntilItsEnd() {
    index.expect(gpu(ONE), CHAIN, 3, now, 2 * SECOND);

    now += 2 * SECOND - 1;
    assertEquals(3, depth(ONE, CHAIN));

    now++;
    assertEquals(0, depth(ONE, CHAIN));
  }

  @Test
  void anExpectationIsNoCopy() {
    index.expect(gpu(ONE), CHAIN, 3, now, SECOND);
    store(gpu(ONE), CHAIN[0], CHAIN[1]);

    remove(gpu(ONE), CHAIN[0]);

    assertEquals(0, depth(ONE, CHAIN));
    assertEquals(0, index.stats().unknownRemoved());
  }

  @Test
  void theEndOfAnExpectationLeavesTheCopies() {
    index.expect(gpu(ONE), CHAIN, 3, now, SECOND);
    store(gpu(ONE), CHAIN[0], CHAIN[1]);

    now += SECOND;

    assertEquals(2, depth(ONE, CHAIN));
  }

  @Test
  void anExpectationOfNoLengthIsNotBelieved() {
    index.expect(gpu(ONE), CHAIN, 3, now, 0);

    assertEquals(0, depth(ONE, CHAIN));
  }

  @Test
  void theLongestLifeDoesNotWrapAround() {
    index.expect(gpu(ONE), CHAIN, 3, now, Long.MAX_VALUE);

    now += Long.MAX_VALUE >> 2;

    assertEquals(3, depth(ONE, CHAIN));
  }

  @Test
  void aShorterExpectationDoesNotShortenALongerOne() {
    index.expect(gpu(ONE), CHAIN, 2, now, 10 * SECOND);
    index.expect(gpu(ONE), CHAIN, 3, now, SECOND);

    now += SECOND;

    assertEquals(2, depth(ONE, CHAIN));
  }

  @Test
  void anExpectationMayBeRenewedAfterItsEnd() {
    index.expect(gpu(ONE), CHAIN, 3, now, SECOND);
    now += 5 * SECOND;

    index.expect(gpu(ONE), CHAIN, 3, now, SECOND);

    assertEquals(3, depth(ONE, CHAIN));
  }

  @Test
  void aConfirmationIsBelievedForTenMinutes() {
    index.confirm(gpu(ONE), CHAIN, 3, now);

    now += 600 * SECOND - 1;
    assertEquals(3, depth(ONE, CHAIN));

    now++;
    assertEquals(0, depth(ONE, CHAIN));
  }

  @Test
  void aConfirmationOutlivesItsExpectation() {
    index.expect(gpu(ONE), CHAIN, 3, now, SECOND);
    index.confirm(gpu(ONE), CHAIN, 3, now);

    now += 2 * SECOND;

    assertEquals(3, depth(ONE, CHAIN));
  }

  @Test
  void theLastRemovalTakesTheMarkToo() {
    store(gpu(ONE), 11, 11);
    index.confirm(gpu(ONE), new long[] {11}, 1, now);

    remove(gpu(ONE), 11);
    assertEquals(1, depth(ONE, 11));

    remove(gpu(ONE), 11);
    assertEquals(0, depth(ONE, 11));
  }

  @Test
  void removingABlockThatHasOnlyAMarkTakesTheMark() {
    index.confirm(gpu(ONE), new long[] {11}, 1, now);

    remove(gpu(ONE), 11);

    assertEquals(0, depth(ONE, 11));
    assertEquals(1, index.stats().unknownRemoved());
  }

  @Test
  void marksCountForTheirTier() {
    index.expect(cpu(ONE), CHAIN, 3, now, SECOND);
    store(gpu(ONE), CHAIN[0]);

    PrefixMatch match = match(CHAIN);

    assertEquals(1, match.blocks(index.slot(ONE), Tier.GPU));
    assertEquals(2, match.blocks(index.slot(ONE), Tier.CPU));
  }

  @Test
  void marksThatRanOutAreSweptAndCounted() {
    index.expect(gpu(ONE), CHAIN, 50, now, SECOND);
    store(gpu(ONE), CHAIN[0]);
    now += SECOND;

    for (int i = 0; i < 1000; i++) {
      store(gpu(TWO), 11);
    }

    assertEquals(50, index.stats().expired());
    assertEquals(2, index.stats().blocks());
  }

  @Test
  void marksOfAnUnknownHolderAreIgnored() {
    index.expect(99, CHAIN, 3, now, SECOND);
    index.confirm(-1, CHAIN, 3, now);

    assertEquals(0, match(CHAIN).longest());
  }

  // Numbers.

  @Test
  void numbersStayAndDiffer() {
    int one = gpu(ONE);
    int two = gpu(TWO);

    assertEquals(one, gpu(ONE));
    assertEquals(index.slot(ONE), index.slot(ONE));
    assertNotEquals(one, two);
    assertNotEquals(one, cpu(ONE));
    assertNotEquals(index.slot(ONE), index.slot(TWO));
    assertEquals(3, index.stats().holders());
  }

  @Test
  void threeHundredEndpointsAreKeptApart() {
    for (int i = 0; i < 300; i++) {
      index.store(gpu(endpoint(i)), 0, false, CHAIN, 0, i % BLOCKS);
    }

    PrefixMatch match = match(CHAIN);

    for (int i = 0; i < 300; i++) {
      assertEquals(i % BLOCKS, match.blocks(index.slot(endpoint(i))), "endpoint " + i);
    }
    assertEquals(BLOCKS - 1, match.longest());
  }

  @Test
  void changesOfUnknownHoldersAreIgnoredAndCounted() {
    assertTrue(index.store(5, 0, false, CHAIN, 0, 3));
    assertTrue(index.store(-1, 0, false, CHAIN, 0, 3));
    assertTrue(index.remove(5, CHAIN, 0, 2));
    index.clear(5);
    index.clear(-1);

    assertEquals(0, match(CHAIN).longest());
    assertEquals(6, index.stats().orphans());
    assertEquals(2, index.stats().unknownRemoved());
    assertEquals(0, index.stats().stored());
  }

  // Blocks and chains.

  @Test
  void everyLongIsABlock() {
    long[] odd = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x9E3779B97F4A7C15L};
    for (int i = 0; i < odd.length; i++) {
      assertEquals(i, depth(ONE, odd));
      store(gpu(ONE), odd[i]);
    }
    assertEquals(odd.length, depth(ONE, odd));
    assertEquals(odd.length, index.stats().blocks());

    remove(gpu(ONE), 0);

    assertEquals(0, depth(ONE, 0));
    assertEquals(1, depth(ONE, -1));
  }

  @Test
  void anEmptyChainMatchesNothing() {
    store(gpu(ONE), 11);

    PrefixMatch match = match();

    assertEquals(0, match.blocks(index.slot(ONE)));
    assertEquals(0, match.longest());
    assertFalse(match.open());
  }

  @Test
  void noBlocksAreNoChange() {
    assertTrue(index.store(gpu(ONE), 0, false, new long[0], 0, 0));
    assertTrue(index.remove(gpu(ONE), new long[0], 0, 0));
    index.expect(gpu(ONE), new long[0], 0, now, SECOND);

    assertEquals(0, index.stats().blocks());
  }

  @Test
  void aMatchKeepsNothingOfTheOneBefore() {
    store(gpu(ONE), 11, 12);
    store(gpu(TWO), 21);
    PrefixMatch match = match(11, 12);

    index.match(new long[] {21, 22}, 0, 2, match);

    assertEquals(0, match.blocks(index.slot(ONE)));
    assertEquals(0, match.blocks(index.slot(ONE), Tier.GPU));
    assertEquals(1, match.blocks(index.slot(TWO)));
    assertEquals(1, match.longest());
    assertFalse(match.open());
  }

  @Test
  void goingOnInWindowsEqualsMatchingTheWhole() {
    store(gpu(ONE), CHAIN);
    store(cpu(ONE), Arrays.copyOf(CHAIN, 150));
    remove(gpu(ONE), Arrays.copyOfRange(CHAIN, 120, 140));
    index.store(gpu(TWO), 0, false, CHAIN, 0, 64);
    index.store(gpu(THREE), 0, false, CHAIN, 0, 65);
    PrefixMatch whole = match(CHAIN);

    for (int window : new int[] {1, 7, 32, 64, 65, 199}) {
      PrefixMatch pieces = new PrefixMatch();
      for (int from = 0; from < BLOCKS; from += window) {
        index.match(CHAIN, from, Math.min(BLOCKS, from + window), pieces);
      }
      for (Endpoint endpoint : new Endpoint[] {ONE, TWO, THREE}) {
        int slot = index.slot(endpoint);
        assertEquals(whole.blocks(slot), pieces.blocks(slot), "window " + window);
        for (Tier tier : Tier.values()) {
          assertEquals(whole.blocks(slot, tier), pieces.blocks(slot, tier), "window " + window);
        }
      }
    }
  }

  @Test
  void aMatchIsOpenWhileSomeEndpointHasAllOfIt() {
    index.store(gpu(ONE), 0, false, CHAIN, 0, 64);
    index.store(gpu(TWO), 0, false, CHAIN, 0, 100);
    PrefixMatch match = new PrefixMatch();

    index.match(CHAIN, 0, 64, match);
    assertTrue(match.open());
    index.match(CHAIN, 64, 100, match);
    assertTrue(match.open());
    index.match(CHAIN, 100, 101, match);
    assertFalse(match.open());

    assertEquals(64, match.blocks(index.slot(ONE)));
    assertEquals(100, match.blocks(index.slot(TWO)));
    assertEquals(100, match.longest());
  }

  @Test
  void goingOnNoticesThatAnEarlierBlockHasGone() {
    store(gpu(ONE), CHAIN);
    store(gpu(TWO), CHAIN);
    PrefixMatch match = new PrefixMatch();
    index.match(CHAIN, 0, 50, match);

    remove(gpu(ONE), CHAIN[10]);
    index.match(CHAIN, 50, 100, match);

    assertEquals(10, match.blocks(index.slot(ONE)));
    assertEquals(10, match.blocks(index.slot(ONE), Tier.GPU));
    assertEquals(100, match.blocks(index.slot(TWO)));
    assertTrue(match.open());
  }

  @Test
  void goingOnNoticesThatTheEndpointHasGone() {
    store(gpu(ONE), CHAIN);
    PrefixMatch match = new PrefixMatch();
    index.match(CHAIN, 0, 50, match);
    int slot = index.slot(ONE);

    index.drop(ONE);
    index.match(CHAIN, 50, 100, match);

    assertEquals(0, match.blocks(slot));
    assertFalse(match.open());
  }

  @Test
  void slotsThatAreNoneMatchNothing() {
    store(gpu(ONE), 11);

    PrefixMatch match = match(11);

    for (int slot : new int[] {-1, Integer.MIN_VALUE, 1_000_000, Integer.MAX_VALUE}) {
      assertEquals(0, match.blocks(slot));
      assertEquals(0, match.blocks(slot, Tier.DISK));
    }
  }

  // Capacity and arguments.

  @Test
  void blocksOverTheCapacityAreNotKeptAndCounted() {
    KvBlockIndex small = newIndex(10, () -> now);
    int one = small.holder(HolderKey.gpu(ONE));
    int two = small.holder(HolderKey.gpu(TWO));

    small.store(one, 0, false, CHAIN, 0, 12);
    small.store(two, 0, false, CHAIN, 0, 12);
    small.expect(one, CHAIN, 12, now, SECOND);

    assertEquals(10, depth(small, ONE, CHAIN));
    assertEquals(10, depth(small, TWO, CHAIN));
    assertEquals(6, small.stats().full());
    assertEquals(10, small.stats().blocks());
    assertEquals(10, small.stats().capacityBlocks());
  }

  @Test
  void aRemovedBlockMakesRoomForAnother() {
    KvBlockIndex small = newIndex(10, () -> now);
    int one = small.holder(HolderKey.gpu(ONE));

    small.store(one, 0, false, CHAIN, 0, 11);
    small.remove(one, CHAIN, 0, 1);
    small.store(one, 0, false, CHAIN, 10, 1);

    assertEquals(1, small.stats().full());
    assertEquals(10, depth(small, ONE, Arrays.copyOfRange(CHAIN, 1, 20)));
  }

  @Test
  void aSmallIndexLivesThroughManyBlocks() {
    KvBlockIndex small = newIndex(100, () -> now);
    int one = small.holder(HolderKey.gpu(ONE));
    long[] last = {0};

    for (int i = 0; i < 20_000; i++) {
      small.remove(one, last, 0, 1);
      last[0] = i * 0x9E3779B97F4A7C15L;
      small.store(one, 0, false, last, 0, 1);
    }

    assertEquals(1, small.stats().blocks());
    assertEquals(0, small.stats().full());
    assertEquals(1, depth(small, ONE, last));
  }

  @Test
  void argumentsOutOfRangeAreErrors() {
    PrefixMatch match = new PrefixMatch();
    int one = gpu(ONE);

    assertThrows(IllegalArgumentException.class, () -> newIndex(0, () -> now));
    assertThrows(IllegalArgumentException.class, () -> index.match(CHAIN, 3, 5, match));
    assertThrows(IndexOutOfBoundsException.class, () -> index.match(CHAIN, 0, BLOCKS + 1, match));
    assertThrows(IllegalArgumentException.class, () -> index.expect(one, CHAIN, 3, now, -1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> index.store(one, 0, false, CHAIN, BLOCKS - 1, 2));
    assertThrows(IllegalArgumentException.class, () -> new HolderKey(null, Tier.GPU, 0));
    assertThrows(IllegalArgumentException.class, () -> new HolderKey(ONE, Tier.SHARED, 0));
    assertThrows(IllegalArgumentException.class, () -> HolderKey.shared(65_536));
  }

  private void storeAtOneAndTwo() {
    store(gpu(ONE), CHAIN);
    store(gpu(TWO), CHAIN);
  }

  private void assertDepths(int one, int two) {
    PrefixMatch match = match(CHAIN);
    assertEquals(one, match.blocks(index.slot(ONE)), "endpoint 1");
    assertEquals(two, match.blocks(index.slot(TWO)), "endpoint 2");
  }

  private void store(int holder, long... blocks) {
    assertTrue(index.store(holder, 0, false, blocks, 0, blocks.length));
  }

  private void remove(int holder, long... blocks) {
    assertTrue(index.remove(holder, blocks, 0, blocks.length));
  }

  private int depth(Endpoint endpoint, long... chain) {
    return depth(index, endpoint, chain);
  }

  private static int depth(KvBlockIndex index, Endpoint endpoint, long... chain) {
    PrefixMatch match = new PrefixMatch();
    index.match(chain, 0, chain.length, match);
    return match.blocks(index.slot(endpoint));
  }

  private PrefixMatch match(long... chain) {
    PrefixMatch match = new PrefixMatch();
    index.match(chain, 0, chain.length, match);
    return match;
  }

  private int gpu(Endpoint endpoint) {
    return index.holder(HolderKey.gpu(endpoint));
  }

  private int cpu(Endpoint endpoint) {
    return index.holder(new HolderKey(endpoint, Tier.CPU, 0));
  }

  private int disk(Endpoint endpoint) {
    return index.holder(new HolderKey(endpoint, Tier.DISK, 0));
  }

  private static Endpoint endpoint(int i) {
    return new Endpoint("pod-" + i, "10.0." + i / 256 + "." + i % 256, 8000, 0);
  }
}
