package io.warmpath.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.block.BlockSize;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import io.warmpath.index.Tier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KvEventApplierTest {

  private static final int BLOCK = 4;
  private static final Endpoint POD = Endpoint.of("10.0.0.1:8000");
  /** Twelve tokens: blocks 100, 101 and 102 of the engine. */
  private static final int[] TOKENS = IntStream.range(0, 12).toArray();

  private final KvBlockIndex index = KvBlockIndex.create(1000, () -> 0);
  private final BlockHasher hasher = BlockHasher.keyed(42);
  private final EventCounters counters = new EventCounters();
  private final KvEventApplier applier =
      new KvEventApplier(POD, index, hasher, BlockSize.learned(), counters);

  @Test
  void storedTokensAreFoundByAPromptThatBeginsWithThem() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);

    assertEquals(3, matched(null, null));
    assertEquals(3, counters.stats().stored());
  }

  @Test
  void aChildGoesOnWhereItsParentEnded() {
    stored(null, IntStream.range(0, 8).toArray(), BlockExtras.NONE, 100, 101);
    stored(101L, new int[] {8, 9, 10, 11}, BlockExtras.NONE, 102);

    assertEquals(3, matched(null, null));
  }

  @Test
  void aBlockWithAnUnknownParentIsLeftOutAndCounted() {
    stored(7L, TOKENS, BlockExtras.NONE, 100, 101, 102);

    assertEquals(0, matched(null, null));
    assertEquals(3, counters.stats().unknownParents());
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
    assertEquals(2, counters.stats().unknownHashes());
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
    assertEquals(0, counters.stats().unknownHashes());
  }

  @Test
  void aClearOfTheOnlyTierForgetsTheHandles() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    applier.cleared();

    stored(101L, new int[] {8, 9, 10, 11}, BlockExtras.NONE, 102);

    assertEquals(1, counters.stats().unknownParents());
  }

  @Test
  void aBlockWithoutTokensIsOnASecondTier() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(Tier.CPU, 100, 77);
    applier.removed(new long[] {100, 101, 102}, 3, Tier.GPU, 0);

    assertEquals(1, matched(null, null));
    assertEquals(1, counters.stats().unknownHashes());
  }

  @Test
  void aResetForgetsAllTiersAndHandles() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    onTier(Tier.CPU, 100);
    applier.reset();
    stored(101L, new int[] {8, 9, 10, 11}, BlockExtras.NONE, 102);

    assertEquals(0, matched(null, null));
    assertEquals(1, counters.stats().unknownParents());
    assertEquals(1, counters.stats().resets());
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
        new long[] {100, 101, 102}, 3, false, 0, TOKENS, 12, BLOCK, Tier.GPU, 1, BlockExtras.NONE);

    applier.removed(new long[] {101}, 1, Tier.GPU, 0);
    assertEquals(3, matched(null, null));
    assertEquals(1, counters.stats().unknownHashes());

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
    stored(null, TOKENS, new BlockExtras("sql-lora", null, false, true), 100, 101, 102);
    stored(null, TOKENS, new BlockExtras(null, "tenant-7", false, true), 200, 201, 202);

    assertEquals(0, matched(null, null));
    assertEquals(3, matched("sql-lora", null));
    assertEquals(3, matched(null, "tenant-7"));
    assertEquals(0, matched("sql-lora", "tenant-7"));
  }

  @Test
  void blocksThatCannotBeUsedAreCountedByReason() {
    stored(null, TOKENS, new BlockExtras(null, null, true, true), 100, 101, 102);
    stored(null, TOKENS, new BlockExtras(null, null, false, false), 100, 101, 102);
    stored(null, TOKENS, BlockExtras.NONE, 100);

    assertEquals(0, matched(null, null));
    assertEquals(3, counters.stats().opaque());
    assertEquals(3, counters.stats().notReusable());
    assertEquals(1, counters.stats().sparse());
  }

  @Test
  void theFirstBlockSizeIsThePoolsAndOthersAreCounted() {
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);
    applier.stored(new long[] {300}, 1, false, 0, TOKENS, 12, 12, Tier.GPU, 0, BlockExtras.NONE);

    assertEquals(3, matched(null, null));
    assertEquals(1, counters.stats().otherBlockSize());
  }

  @Test
  void aBlockSizeOfZeroIsCountedNotDividedBy() {
    applier.stored(new long[] {300}, 1, false, 0, TOKENS, 12, 0, Tier.GPU, 0, BlockExtras.NONE);

    assertEquals(1, counters.stats().otherBlockSize());
  }

  @Test
  void aClosedApplierIsDeaf() {
    applier.close();
    stored(null, TOKENS, BlockExtras.NONE, 100, 101, 102);

    assertEquals(0, counters.stats().stored());
  }

  private void stored(@Nullable Long parent, int[] tokens, BlockExtras extras, long... hashes) {
    applier.stored(
        hashes,
        hashes.length,
        parent != null,
        parent == null ? 0 : parent,
        tokens,
        tokens.length,
        BLOCK,
        Tier.GPU,
        0,
        extras);
  }

  private void onTier(Tier tier, long... hashes) {
    applier.stored(hashes, hashes.length, false, 0, new int[0], 0, 0, tier, 0, BlockExtras.NONE);
  }

  private void confirm() {
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(null, null));
    hasher.append(chain, TOKENS, 0, TOKENS.length, BLOCK);
    index.confirm(index.holder(HolderKey.gpu(POD)), chain.hashes(), chain.length(), 0);
  }

  private int matched(@Nullable String adapter, @Nullable String salt) {
    BlockChain chain = new BlockChain();
    chain.start(hasher.root(adapter, salt));
    hasher.append(chain, TOKENS, 0, TOKENS.length, BLOCK);
    PrefixMatch match = new PrefixMatch();
    index.match(chain.hashes(), 0, chain.length(), match);
    return match.blocks(index.slot(POD));
  }
}
