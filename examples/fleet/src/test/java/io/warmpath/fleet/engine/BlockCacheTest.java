package io.warmpath.fleet.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockCacheTest {

  private static final int BLOCK_SIZE = 4;
  private final BlockHashes hashes = new BlockHashes("0", BLOCK_SIZE);
  private final BlockCache cache = new BlockCache(6, BLOCK_SIZE, true);

  @Test
  void theFirstEventSaysThatTheCacheIsEmpty() {
    assertEquals(List.of(new CacheEvent.Cleared()), cache.drainEvents());
    assertEquals(List.of(), cache.drainEvents());
  }

  @Test
  void aReleasedPrefixIsHitUpToItsFirstDifference() {
    release(stored(prompt(0, 12)));

    assertEquals(3, cache.hits(chain(prompt(0, 12)), 3));
    assertEquals(2, cache.hits(chain(prompt(0, 12)), 2));
    int[] different = prompt(0, 12);
    different[5] = 99;
    assertEquals(1, cache.hits(chain(different), 3));
  }

  @Test
  void storedBlocksAreAnnouncedWithTheirParent() {
    int[] tokens = prompt(0, 12);
    HashChain chain = chain(tokens);
    BlockTable table = new BlockTable();
    cache.drainEvents();
    cache.admit(table, chain, 0, 3);

    cache.fill(table, chain, 1, tokens);
    cache.fill(table, chain, 3, tokens);
    cache.fill(table, chain, 3, tokens);

    List<CacheEvent> events = cache.drainEvents();
    assertEquals(2, events.size());
    CacheEvent.Stored first = (CacheEvent.Stored) events.get(0);
    CacheEvent.Stored second = (CacheEvent.Stored) events.get(1);
    assertFalse(first.hasParent());
    assertEquals(chain.hash(0), second.parent());
    assertEquals(List.of(chain.hash(1), chain.hash(2)), boxed(second.hashes()));
    assertEquals(
        List.of(4, 5, 6, 7, 8, 9, 10, 11),
        IntStream.of(second.tokenIds()).boxed().toList());
  }

  @Test
  void theTailOfAPrefixIsEvictedBeforeItsHeadAndTheOldestPrefixFirst() {
    int[] older = prompt(0, 12);
    int[] newer = prompt(100, 12);
    release(stored(older));
    release(stored(newer));
    cache.drainEvents();

    BlockTable greedy = new BlockTable();
    while (cache.grow(greedy)) {
      assertTrue(greedy.size() <= cache.capacity());
    }

    HashChain a = chain(older);
    HashChain b = chain(newer);
    assertEquals(
        List.of(a.hash(2), a.hash(1), a.hash(0), b.hash(2), b.hash(1), b.hash(0)), removedHashes());
    assertEquals(0, cache.cachedHashes());
  }

  @Test
  void aHitMakesAPrefixTheNewest() {
    int[] first = prompt(0, 12);
    int[] second = prompt(100, 12);
    release(stored(first));
    release(stored(second));
    BlockTable again = new BlockTable();
    assertTrue(cache.admit(again, chain(first), 3, 3));
    release(again);
    cache.drainEvents();

    cache.grow(new BlockTable());

    assertEquals(List.of(chain(second).hash(2)), removedHashes());
  }

  @Test
  void blocksInUseAreNeverEvicted() {
    BlockTable used = stored(prompt(0, 12));
    BlockTable greedy = new BlockTable();
    while (cache.grow(greedy)) {
      assertTrue(greedy.size() <= 3);
    }

    assertEquals(3, greedy.size());
    assertEquals(3, cache.hits(chain(prompt(0, 12)), 3));
    release(used);
    assertTrue(cache.grow(greedy));
  }

  @Test
  void admissionNeedsRoomForHitsThatAreFreeAsWell() {
    release(stored(prompt(0, 12)));
    BlockTable other = new BlockTable();
    assertTrue(cache.admit(other, chain(prompt(100, 4)), 0, 2));
    cache.drainEvents();

    BlockTable table = new BlockTable();

    assertFalse(cache.admit(table, chain(prompt(0, 12)), 3, 5));
    assertEquals(0, table.size());
    assertEquals(4, cache.freeBlocks());
    assertTrue(cache.admit(table, chain(prompt(0, 12)), 3, 4));
    assertEquals(0, cache.freeBlocks());
    assertEquals(List.of(), cache.drainEvents());
  }

  @Test
  void aSharedBlockIsFreeWhenItsLastUserIsGone() {
    BlockTable a = stored(prompt(0, 12));
    BlockTable b = new BlockTable();
    assertTrue(cache.admit(b, chain(prompt(0, 12)), 3, 3));

    release(a);
    assertEquals(3, cache.freeBlocks());
    release(b);
    assertEquals(6, cache.freeBlocks());
  }

  @Test
  void copiesAreStoredAndRemovedOneByOneAndTheHashStaysUntilTheLast() {
    BlockTable a = stored(prompt(0, 4));
    BlockTable b = stored(prompt(0, 4));
    long hash = chain(prompt(0, 4)).hash(0);
    assertEquals(1, cache.cachedHashes());
    release(a);
    release(b);
    cache.drainEvents();

    BlockTable greedy = new BlockTable();
    for (int i = 0; i < 5; i++) {
      assertTrue(cache.grow(greedy)); // the four never used, then copy a
    }
    assertEquals(List.of(hash), removedHashes());
    assertEquals(1, cache.hits(chain(prompt(0, 4)), 1));
    assertTrue(cache.grow(greedy));

    assertEquals(List.of(hash), removedHashes());
    assertEquals(0, cache.hits(chain(prompt(0, 4)), 1));
  }

  @Test
  void theYoungerOfThreeCopiesMayGoFirst() {
    BlockTable a = stored(prompt(0, 4));
    BlockTable b = stored(prompt(0, 4));
    BlockTable c = stored(prompt(0, 4));
    release(b);
    release(c);
    BlockTable greedy = new BlockTable();
    while (cache.grow(greedy)) {
      assertTrue(greedy.size() <= 5);
    }
    release(a);

    assertEquals(1, cache.hits(chain(prompt(0, 4)), 1));
    assertTrue(cache.grow(greedy));
    assertEquals(0, cache.cachedHashes());
  }

  @Test
  void aResetWaitsUntilNoBlockIsInUse() {
    BlockTable used = stored(prompt(0, 12));
    cache.drainEvents();

    assertFalse(cache.reset());
    release(used);
    assertTrue(cache.reset());

    assertEquals(List.of(new CacheEvent.Cleared()), cache.drainEvents());
    assertEquals(0, cache.hits(chain(prompt(0, 12)), 3));
    cache.grow(new BlockTable());
    assertEquals(List.of(), cache.drainEvents());
  }

  private static int[] prompt(int from, int count) {
    return IntStream.range(from, from + count).toArray();
  }

  private HashChain chain(int[] tokens) {
    HashChain chain = hashes.chain("");
    chain.extendTo(tokens, tokens.length);
    return chain;
  }

  private BlockTable stored(int[] tokens) {
    BlockTable table = new BlockTable();
    HashChain chain = chain(tokens);
    assertTrue(cache.admit(table, chain, 0, chain.length()));
    cache.fill(table, chain, chain.length(), tokens);
    return table;
  }

  private void release(BlockTable table) {
    cache.release(table);
  }

  private List<Long> removedHashes() {
    List<Long> removed = new ArrayList<>();
    for (CacheEvent event : cache.drainEvents()) {
      removed.add(((CacheEvent.Removed) event).hash());
    }
    return removed;
  }

  private static List<Long> boxed(long[] hashes) {
    return java.util.Arrays.stream(hashes).boxed().toList();
  }
}
