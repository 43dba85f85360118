package io.warmpath.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.warmpath.endpoint.Endpoint;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract leaves open: the queue of changes, numbers used again, memory, what is forgotten. */
class RunBlockIndexTest {

  private static final Endpoint ONE = Endpoint.of("10.0.0.1:8000");
  private static final Endpoint TWO = Endpoint.of("10.0.0.2:8000");
  private static final Endpoint THREE = Endpoint.of("10.0.0.3:8000");
  private static final long[] CHAIN = LongStream.range(1, 1001).toArray();
  private static final long[] OTHER = LongStream.range(5001, 6001).toArray();

  private RunBlockIndex index = index(1 << 20, Long.MAX_VALUE);

  @AfterEach
  void everyPartAgreesWithTheOthers() {
    IndexStructure.check(index);
  }

  // The queue of changes.

  @Test
  void changesBehindASuspendedWriterWaitAndAreBounded() throws InterruptedException {
    SuspendedWriter writer = new SuspendedWriter();
    KvBlockIndex index = writer.index;
    int one = index.holder(HolderKey.gpu(ONE));
    int two = index.holder(HolderKey.gpu(TWO));
    int three = index.holder(HolderKey.gpu(THREE));
    int slotThree = index.slot(THREE);
    index.store(one, 0, false, CHAIN, 0, 10);
    index.store(three, 0, false, CHAIN, 0, 10);
    writer.suspendWhileStoring(two, CHAIN);

    int accepted = 0;
    while (index.store(one, 0, false, CHAIN, 0, 1000)) {
      accepted++;
    }
    boolean removed = index.remove(one, CHAIN, 0, 1000);
    index.expect(one, CHAIN, 1000, 0, 1);
    index.clear(one);
    index.drop(THREE);
    int depthMeanwhile = depth(index, ONE, CHAIN);
    int droppedMeanwhile = match(index, CHAIN).blocks(slotThree);
    writer.resume();

    assertEquals(ChangeTurns.MOST_WAITING / 1000, accepted);
    assertFalse(removed);
    assertEquals(3, index.stats().overflows());
    assertEquals(10, depthMeanwhile, "look-ups go on with what is visible");
    assertEquals(0, droppedMeanwhile, "a drop is visible at once");
    assertEquals(0, depth(index, ONE, CHAIN), "the clear came last");
    assertEquals(1000, depth(index, TWO, CHAIN));
    assertEquals(10L + 10 + 1000 + 1000L * accepted, index.stats().stored());
    assertTrue(index.store(one, 0, false, CHAIN, 0, 5), "there is room again");
    assertEquals(5, depth(index, ONE, CHAIN));
  }

  @Test
  void smallChangesAreBoundedByTheirNumber() throws InterruptedException {
    SuspendedWriter writer = new SuspendedWriter();
    KvBlockIndex index = writer.index;
    int one = index.holder(HolderKey.gpu(ONE));
    writer.suspendWhileStoring(index.holder(HolderKey.gpu(TWO)), CHAIN);

    int accepted = 0;
    while (index.remove(one, CHAIN, 0, 1)) {
      accepted++;
    }
    writer.resume();

    assertEquals(ChangeTurns.MOST_WAITING / ChangeTurns.LEAST, accepted);
    assertEquals(accepted, index.stats().removed());
  }

  @Test
  void changesQueuedForADroppedEndpointDoNotReachTheNextOwnerOfItsSlot()
      throws InterruptedException {
    SuspendedWriter writer = new SuspendedWriter();
    KvBlockIndex index = writer.index;
    int one = index.holder(HolderKey.gpu(ONE));
    int slotOne = index.slot(ONE);
    writer.suspendWhileStoring(index.holder(HolderKey.gpu(TWO)), CHAIN);
    index.store(one, 0, false, CHAIN, 0, 10);

    index.drop(ONE);
    writer.resume();

    for (int i = 0; i < 3 && index.slot(THREE) != slotOne; i++) {
      index.drop(THREE);
      index.store(index.holder(HolderKey.gpu(TWO)), 0, false, CHAIN, 0, 1);
    }
    assertEquals(slotOne, index.slot(THREE));
    assertEquals(0, depth(index, THREE, CHAIN));
    assertEquals(10, index.stats().orphans());
  }

  // Numbers.

  @Test
  void slotsAreUsedAgainOnlyWhenTheSweepIsThroughAndNumbersOfHoldersHaveAGeneration() {
    int one = index.holder(HolderKey.gpu(ONE));
    int slotOne = index.slot(ONE);
    for (int i = 0; i < 300; i++) {
      index.store(one, 0, false, new long[] {-i - 1}, 0, 1);
    }

    index.drop(ONE);
    int two = index.holder(HolderKey.gpu(TWO));
    int slotTwo = index.slot(TWO);
    for (int i = 0; i < 10; i++) {
      index.store(two, 0, false, CHAIN, 0, 1);
    }
    int three = index.holder(HolderKey.gpu(THREE));
    index.store(one, 0, false, CHAIN, 0, 10);

    assertNotEquals(slotOne, slotTwo);
    assertEquals(slotOne, index.slot(THREE));
    assertNotEquals(one, three);
    assertEquals(one % 1024, three % 1024, "the same place");
    assertEquals(0, depth(index, THREE, CHAIN), "the number of a dropped holder is unknown");
    assertEquals(10, index.stats().orphans());
    assertEquals(1, index.stats().blocks());
  }

  @Test
  void aLeaseIsUsedAgainOnlyWhenNoRunNamesItEvenIfRunsCameMeanwhile() {
    long[] chain = LongStream.range(0, 4000).toArray();
    int one = index.holder(HolderKey.gpu(ONE));
    int two = index.holder(HolderKey.gpu(TWO));
    for (int i = 0; i < 300; i++) {
      index.store(one, 0, false, new long[] {chain[2 * i], -1 - i}, 0, 2); // a run for each
    }
    index.store(two, 0, false, OTHER, 0, 1);
    index.clear(two);
    sweepUntilTheHandIs(index, two, 70);

    index.clear(one);
    index.store(two, 0, false, chain, 2, 3998); // branches off each of them: many runs more
    for (int i = 0; i < 10; i++) {
      index.store(two, 0, false, OTHER, 0, 1);
    }
    int three = index.holder(HolderKey.gpu(THREE));
    index.store(three, 0, false, OTHER, 500, 1);

    assertEquals(0, depth(index, THREE, chain), "blocks of the lease's holder before");
    assertEquals(1, index.blocks(three));
  }

  private static void sweepUntilTheHandIs(RunBlockIndex index, int holder, int number) {
    for (int i = 0; i < 100 && index.writer.hand < number; i++) {
      index.store(holder, 0, false, OTHER, 0, 1);
      index.clear(holder);
    }
  }

  // Growth.

  @Test
  void aGrownIndexStillHasEverything() {
    int one = index.holder(HolderKey.gpu(ONE));
    long[] many = LongStream.range(0, 300_000).toArray();

    for (int i = 0; i < many.length; i += 1000) {
      index.store(one, i - 1, i > 0, many, i, 1000);
    }

    assertEquals(many.length, depth(index, ONE, many));
    assertEquals(many.length, index.stats().blocks());
    assertTrue(index.stats().growths() > 0);
  }

  @Test
  void aChainLongerThanARunGoesOnInTheNext() {
    long[] many = LongStream.range(0, 2 * Run.MAX_BLOCKS + 100).toArray();
    int one = index.holder(HolderKey.gpu(ONE));
    int two = index.holder(HolderKey.gpu(TWO));

    index.store(one, 0, false, many, 0, many.length);
    index.store(two, 0, false, many, 0, Run.MAX_BLOCKS - 1);
    index.store(two, Run.MAX_BLOCKS - 2, true, many, Run.MAX_BLOCKS - 1, 2);
    index.remove(one, many, many.length - 1, 1);
    index.store(one, many.length - 2, true, many, many.length - 1, 1);

    assertEquals(3, index.stats().runs());
    assertEquals(many.length, depth(index, ONE, many));
    assertEquals(Run.MAX_BLOCKS + 1, depth(index, TWO, many));
    assertEquals(0, index.stats().orphans());
    for (int i = many.length; i > 0; i -= 1000) {
      index.remove(two, many, Math.max(0, i - 1000), Math.min(i, 1000));
    }
    assertEquals(many.length, depth(index, ONE, many));
  }

  @Test
  void aQueryThatDiffersFromALongChainAt20OnlyIsFoundUpTo20() {
    long[] chain = chain(2000, -1);
    long[] differs = chain(2000, 20); // chained: every hash from 20 on is another
    int one = index.holder(HolderKey.gpu(ONE));

    index.store(one, 0, false, chain, 0, chain.length);

    assertEquals(20, depth(index, ONE, differs));
    index.store(index.holder(HolderKey.gpu(TWO)), 0, false, differs, 0, differs.length);
    assertEquals(20, depth(index, ONE, differs));
    assertEquals(20, depth(index, TWO, chain));
    assertEquals(2000, depth(index, TWO, differs));
  }

  // Memory.

  @Test
  void removingFromAnyEndAndTheMiddleGivesMemoryBack() {
    int one = index.holder(HolderKey.gpu(ONE));
    index.store(one, 0, false, CHAIN, 0, 1000);
    long full = index.writer.runBytes;

    index.remove(one, backwards(CHAIN), 0, 400);
    index.remove(one, CHAIN, 0, 400);
    long ends = index.writer.runBytes;
    index.remove(one, CHAIN, 410, 180);
    long middle = index.writer.runBytes;
    index.remove(one, CHAIN, 400, 10);
    index.remove(one, CHAIN, 590, 10);

    assertTrue(ends < full * 3 / 10, "a fifth is left: " + ends + " of " + full);
    assertTrue(middle < ends, "split: " + middle + " of " + ends);
    assertEquals(0, index.writer.runBytes);
    assertEquals(1, index.stats().splits());
    assertEquals(0, index.stats().runs());
  }

  @Test
  void storingBlocksThatAreKnownByHalvesTakesNoMoreRoomThanTheyNeed() {
    int one = index.holder(HolderKey.gpu(ONE));
    for (int i = 0; i < 1000; i += 2) {
      index.store(one, 0, false, CHAIN, i, 1);
    }

    index.store(one, 0, false, CHAIN, 0, 1000);

    assertEquals(1000, depth(index, ONE, CHAIN));
    assertTrue(
        index.writer.runBytes < 1000 * 300, () -> index.writer.runBytes + " bytes for 1000 blocks");
  }

  @Test
  void aSplitChainIsWholeAgainWhenItsMiddleIsStoredAgain() {
    int one = index.holder(HolderKey.gpu(ONE));
    int two = index.holder(HolderKey.gpu(TWO));
    index.store(one, 0, false, CHAIN, 0, 1000);
    index.store(two, 0, false, CHAIN, 0, 1000);

    index.remove(one, CHAIN, 100, 700);
    index.remove(two, CHAIN, 100, 700);
    index.store(one, CHAIN[99], true, CHAIN, 100, 700);

    assertTrue(index.stats().splits() > 0);
    assertEquals(1000, depth(index, ONE, CHAIN));
    assertEquals(100, depth(index, TWO, CHAIN));
    assertEquals(0, index.stats().orphans());
  }

  @Test
  void theMiddleMayComeAndGoForEver() {
    int one = index.holder(HolderKey.gpu(ONE));
    int two = index.holder(HolderKey.gpu(TWO));
    index.store(one, 0, false, CHAIN, 0, 1000);
    index.store(two, 0, false, CHAIN, 0, 200);

    for (int i = 0; i < 500; i++) {
      int from = 100 + i % 300;
      index.remove(one, CHAIN, from, 500);
      assertEquals(from, depth(index, ONE, CHAIN));
      index.store(one, CHAIN[from - 1], true, CHAIN, from, 500);
    }

    assertEquals(1000, depth(index, ONE, CHAIN));
    assertEquals(200, depth(index, TWO, CHAIN));
    assertEquals(1000, index.stats().blocks());
    assertTrue(index.stats().runs() < 1000);
    assertEquals(0, index.stats().unknownRemoved());
  }

  @Test
  void theLastHolderMayRemoveALongRunInAnyOrder() {
    long[] chain = chain(2000, -1);
    int one = index.holder(HolderKey.gpu(ONE));
    int two = index.holder(HolderKey.gpu(TWO));
    index.store(one, 0, false, chain, 0, 2000);
    index.store(two, 0, false, chain, 0, 2000);
    index.clear(two);
    long[] gone = chain.clone();
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 1; i < gone.length; i++) {
      int j = random.nextInt(i + 1);
      long block = gone[i];
      gone[i] = gone[j];
      gone[j] = block;
    }

    for (int i = 0; i < gone.length; i += 3) {
      index.remove(one, gone, i, Math.min(3, gone.length - i));
      if (i % 300 == 0) {
        IndexStructure.check(index);
      }
    }

    assertEquals(0, index.stats().unknownRemoved());
    assertEquals(0, index.stats().blocks());
    assertEquals(0, index.stats().runs());
    assertEquals(0, index.map.size());
  }

  @Test
  void aThousandHoldersOfOneRunAreKeptApart() {
    Endpoint[] endpoints = IntStream.range(0, 1000)
        .mapToObj(e -> Endpoint.of("10.1." + e / 250 + "." + e % 250 + ":8000"))
        .toArray(Endpoint[]::new);
    for (int e = 0; e < 1000; e++) {
      index.store(index.holder(HolderKey.gpu(endpoints[e])), 0, false, CHAIN, 0, e + 1);
    }

    PrefixMatch match = match(index, CHAIN);
    for (int e = 0; e < 1000; e++) {
      assertEquals(e + 1, match.blocks(index.slot(endpoints[e])));
    }
    assertEquals(1000, index.stats().blocks());
    assertEquals(1, index.stats().runs());
    for (int e = 999; e > 0; e--) {
      index.remove(index.holder(HolderKey.gpu(endpoints[e])), CHAIN, 0, e + 1);
    }
    assertEquals(1, index.stats().blocks());
    assertEquals(0, index.stats().unknownRemoved());
  }

  // Marks.

  @Test
  void marksThatWereOutrunStayGoneWhenTheHolderIsMadeApproximateAgain() {
    int one = index.holder(HolderKey.gpu(ONE));
    index.approximate(one, 10, 1000);
    index.expect(one, CHAIN, 20, 0, 0);

    index.approximate(one, 10, 1000);

    assertEquals(20, index.stats().outrun());
    assertEquals(0, depth(index, ONE, CHAIN));
  }

  @Test
  void marksMadeJustAfterOthersWereOutrunAreBelieved() {
    int one = index.holder(HolderKey.gpu(ONE));
    index.approximate(one, 10, 1_000_000);
    index.expect(one, CHAIN, 20, 0, 0);

    index.expect(one, OTHER, 5, 0, 0);

    assertEquals(0, depth(index, ONE, CHAIN));
    assertEquals(5, depth(index, ONE, OTHER));
  }

  @Test
  void marksMadeJustAfterOthersWereRemovedAreBelieved() {
    int one = index.holder(HolderKey.gpu(ONE));
    index.approximate(one, 10, 1_000_000);
    index.expect(one, CHAIN, 5, 0, 0);
    index.remove(one, CHAIN, 0, 5);

    index.expect(one, OTHER, 5, 0, 0);

    assertEquals(5, depth(index, ONE, OTHER));
  }

  // Removals.

  @Test
  void aRemovalFindsABlockThatMovedSinceTheRemovalBefore() {
    int one = index.holder(HolderKey.gpu(ONE));
    int two = index.holder(HolderKey.gpu(TWO));
    index.store(one, 0, false, CHAIN, 0, 10);
    index.store(two, CHAIN[4], true, CHAIN, 5, 5);
    index.remove(two, CHAIN, 5, 1); // the next one is expected at block 4
    index.remove(one, CHAIN, 0, 6); // which leaves the head of this run
    index.store(two, 0, false, CHAIN, 4, 1); // and comes to another

    index.remove(two, CHAIN, 4, 1);

    assertEquals(0, index.stats().unknownRemoved());
    assertEquals(4, index.blocks(two));
    assertEquals(0, depth(index, TWO, Arrays.copyOfRange(CHAIN, 4, 6)));
  }

  @Test
  void aBlockInTheMiddleThatNobodyHasIsNotContained() {
    int one = index.holder(HolderKey.gpu(ONE));
    index.store(one, 0, false, CHAIN, 0, 100);

    index.remove(one, CHAIN, 50, 1);

    assertFalse(index.contains(CHAIN[50]));
    assertTrue(index.contains(CHAIN[49]));
  }

  // Limits.

  @Test
  void whatWasTouchedLongestAgoGoesFirst() {
    index = index(300, Long.MAX_VALUE);
    int one = index.holder(HolderKey.gpu(ONE));
    index.store(one, 0, false, CHAIN, 0, 100);
    index.store(one, 0, false, CHAIN, 200, 100);
    index.store(one, 0, false, CHAIN, 400, 100);
    index.expect(one, CHAIN, 1, 0, 1); // touches the first, changes little

    index.store(one, 0, false, OTHER, 0, 50);

    assertEquals(100, depth(index, ONE, CHAIN));
    assertEquals(0, depth(index, ONE, Arrays.copyOfRange(CHAIN, 200, 300)));
    assertEquals(100, depth(index, ONE, Arrays.copyOfRange(CHAIN, 400, 500)));
    assertEquals(50, depth(index, ONE, OTHER));
    assertEquals(100, index.stats().evicted());
    assertEquals(250, index.stats().blocks());
    assertEquals(0, index.stats().full());
  }

  @Test
  void whatFollowsTheOldestRunTakesTheRoomOfTheNextOldest() {
    index = index(300, Long.MAX_VALUE);
    int one = index.holder(HolderKey.gpu(ONE));
    index.store(one, 0, false, CHAIN, 0, 100);
    index.store(one, 0, false, CHAIN, 200, 100);
    index.store(one, 0, false, CHAIN, 400, 100);
    long[] longer = Arrays.copyOf(CHAIN, 150);
    System.arraycopy(OTHER, 0, longer, 100, 50);

    index.store(one, 0, false, longer, 0, 150);

    assertEquals(150, depth(index, ONE, longer));
    assertEquals(0, depth(index, ONE, Arrays.copyOfRange(CHAIN, 200, 300)));
    assertEquals(100, depth(index, ONE, Arrays.copyOfRange(CHAIN, 400, 500)));
    assertEquals(100, index.stats().evicted());
    assertEquals(0, index.stats().full());
  }

  @Test
  void copiesOfWhatWasForgottenAreForgotten() {
    index = index(100, Long.MAX_VALUE);
    int one = index.holder(HolderKey.gpu(ONE));
    index.store(one, 0, false, CHAIN, 0, 100);
    index.store(one, 0, false, CHAIN, 0, 100);

    index.store(one, 0, false, OTHER, 0, 1);
    index.store(one, 0, false, CHAIN, 0, 50);
    index.remove(one, CHAIN, 0, 50);

    assertEquals(0, depth(index, ONE, CHAIN));
    assertEquals(100, index.stats().evicted());
  }

  @Test
  void oneChangeMayNotForgetWhatItHasItselfTouched() {
    index = index(100, Long.MAX_VALUE);
    int one = index.holder(HolderKey.gpu(ONE));

    index.store(one, 0, false, CHAIN, 0, 150);

    assertEquals(100, depth(index, ONE, CHAIN));
    assertEquals(50, index.stats().full());
    assertEquals(0, index.stats().evicted());
  }

  @Test
  void aStoreBehindAParentThatMakesRoomBeginsARunOfItsOwn() {
    for (int parent = 0; parent < 4; parent++) {
      index = index(5, Long.MAX_VALUE);
      int one = index.holder(HolderKey.gpu(ONE));
      int two = index.holder(HolderKey.gpu(TWO));
      index.store(one, 0, false, CHAIN, 0, 4);
      index.store(two, CHAIN[3], true, CHAIN, 4, 1);
      index.clear(one); // the sweep that makes room takes the first four, and leaves the run

      index.store(two, CHAIN[parent], true, OTHER, 0, 1);

      assertEquals(1, depth(index, TWO, OTHER));
      assertTrue(index.contains(CHAIN[4]));
      assertEquals(2, index.stats().blocks());
      assertEquals(0, index.stats().evicted());
      IndexStructure.check(index);
    }
  }

  @Test
  void oldBlocksGoBeforeTheIndexGrowsBeyondItsBytes() {
    int limit = 1 << 20;
    index = index(1 << 20, limit);
    int one = index.holder(HolderKey.gpu(ONE));

    for (long i = 0; i < 2_000; i++) {
      long[] blocks = LongStream.range(i * 1000, i * 1000 + 100).toArray();
      index.store(one, 0, false, blocks, 0, 100);
      long bytes = index.stats().bytes();
      assertTrue(bytes <= limit + 64 * 1024, () -> bytes + " bytes");
    }

    assertTrue(index.stats().evicted() > 100_000);
    assertTrue(index.stats().blocks() > 10_000);
    assertEquals(0, index.stats().full());
  }

  @Test
  void oldBlocksGoToMakeRoomForHoldersToo() {
    int limit = 1 << 20;
    index = index(1 << 20, limit);
    for (int e = 0; e < 200; e++) {
      int holder =
          index.holder(HolderKey.gpu(Endpoint.of("10.1." + e / 250 + "." + e % 250 + ":8000")));
      for (int i = 0; i < 1000; i++) {
        index.store(holder, 0, false, CHAIN, i, 1);
      }
      long bytes = index.stats().bytes();
      assertTrue(bytes <= limit + 64 * 1024, () -> bytes + " bytes");
    }
  }

  @Test
  void aStretchThatEndsBeforeThePromptAddsNobody() {
    PrefixMatch match = new PrefixMatch();
    match.start(0);

    assertFalse(match.extend(3, Tier.GPU.ordinal(), -9, -2, 0));
    assertFalse(match.extend(3, Tier.DISK.ordinal(), -9, 0, 0));

    assertEquals(0, match.blocks(3));
    assertEquals(0, match.size());
  }

  private static RunBlockIndex index(int capacityBlocks, long capacityBytes) {
    return new RunBlockIndex(capacityBlocks, capacityBytes, () -> 0);
  }

  /** A chain of real hashes of a prefix: from a block that differs on, all differ. */
  private static long[] chain(int length, int differsAt) {
    long[] chain = new long[length];
    long hash = 1;
    for (int i = 0; i < length; i++) {
      hash = new SplittableRandom(hash + (i == differsAt ? 2 : 1)).nextLong();
      chain[i] = hash;
    }
    return chain;
  }

  private static long[] backwards(long[] chain) {
    return IntStream.range(0, chain.length)
        .mapToLong(i -> chain[chain.length - 1 - i])
        .toArray();
  }

  private static int depth(KvBlockIndex index, Endpoint endpoint, long[] chain) {
    return match(index, chain).blocks(index.slot(endpoint));
  }

  private static PrefixMatch match(KvBlockIndex index, long[] chain) {
    PrefixMatch match = new PrefixMatch();
    index.match(chain, 0, chain.length, match);
    return match;
  }
}
