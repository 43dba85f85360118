package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import net.openhft.hashing.LongHashFunction;
import org.junit.jupiter.api.Test;

class BlockHasherTest {

  private static final long SECRET = 0x1234_5678_9ABC_DEF0L;
  private static final int BLOCK = 16;
  private static final int[] TOKENS =
      new SplittableRandom(7).ints(10 * BLOCK, 0, 150_000).toArray();

  private final BlockHasher hasher = BlockHasher.keyed(SECRET);

  @Test
  void blocksAreHashedFromBytesAsDocumented() {
    long chainSeed = LongHashFunction.xx3(SECRET).hashBytes(longs(1));
    long parent = 42;
    long[] expected = new long[2];
    for (int i = 0; i < 2; i++) {
      ByteBuffer tokens = ByteBuffer.allocate(BLOCK * 4).order(ByteOrder.LITTLE_ENDIAN);
      Arrays.stream(TOKENS, i * BLOCK, (i + 1) * BLOCK).forEach(tokens::putInt);
      long local = LongHashFunction.xx3(SECRET).hashBytes(tokens.array());
      expected[i] = LongHashFunction.xx3(chainSeed).hashBytes(longs(parent, local));
      parent = expected[i];
    }

    assertArrayEquals(expected, hash(hasher, 42, TOKENS, 0, 2 * BLOCK));
  }

  @Test
  void rootsAreHashedFromBytesAsDocumented() {
    long rootSeed = LongHashFunction.xx3(SECRET).hashBytes(longs(2));
    byte[] adapter = "ä".getBytes(StandardCharsets.UTF_8);
    ByteBuffer joined = ByteBuffer.allocate(4 + adapter.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    joined.putInt(2).put(adapter).putInt(-1);

    assertEquals(LongHashFunction.xx3(rootSeed).hashBytes(joined.array()), hasher.root("ä", null));
  }

  @Test
  void aChangedTokenChangesItsBlockAndAllLaterOnes() {
    int[] changed = TOKENS.clone();
    changed[4 * BLOCK + 3]++;

    long[] before = hash(hasher, 0, TOKENS, 0, TOKENS.length);
    long[] after = hash(hasher, 0, changed, 0, changed.length);

    for (int i = 0; i < before.length; i++) {
      assertEquals(i < 4, before[i] == after[i], "block " + i);
    }
  }

  @Test
  void aBlockThatIsNotFullIsLeftOut() {
    assertEquals(2, hash(hasher, 0, TOKENS, 0, 3 * BLOCK - 1).length);
    assertEquals(0, hash(hasher, 0, TOKENS, 5, 5 + BLOCK - 1).length);
    assertEquals(0, hash(hasher, 0, TOKENS, TOKENS.length, TOKENS.length).length);
  }

  @Test
  void goingOnFromAKnownPrefixEqualsHashingTheWhole() {
    long[] whole = hash(hasher, 0, TOKENS, 0, TOKENS.length);
    long[] tail = hash(hasher, whole[3], TOKENS, 4 * BLOCK, TOKENS.length);
    BlockChain inTwoCalls = new BlockChain();
    inTwoCalls.start(0);
    hasher.append(inTwoCalls, TOKENS, 0, 4 * BLOCK, BLOCK);
    hasher.append(inTwoCalls, TOKENS, 4 * BLOCK, TOKENS.length, BLOCK);

    assertArrayEquals(Arrays.copyOfRange(whole, 4, whole.length), tail);
    assertArrayEquals(whole, inTwoCalls.toArray());
  }

  @Test
  void equalBlocksAtOtherPlacesHaveOtherNames() {
    long[] hashes = hash(hasher, 0, new int[8 * BLOCK], 0, 8 * BLOCK);

    assertEquals(8, Arrays.stream(hashes).distinct().count());
  }

  @Test
  void adapterAndSaltAreKeptApart() {
    Set<Long> roots = new HashSet<>();
    roots.add(hasher.root(null, null));
    roots.add(hasher.root("", null));
    roots.add(hasher.root(null, ""));
    roots.add(hasher.root("", ""));
    roots.add(hasher.root("ab", null));
    roots.add(hasher.root(null, "ab"));
    roots.add(hasher.root("a", "b"));
    roots.add(hasher.root("b", "a"));
    roots.add(hasher.root("ab", ""));

    assertEquals(9, roots.size());
    assertEquals(hasher.root("a", "b"), hasher.root(new String("a"), new String("b")));
  }

  @Test
  void anotherSecretChangesEverything() {
    BlockHasher other = BlockHasher.keyed(SECRET + 1);
    long[] here = hash(hasher, 0, TOKENS, 0, TOKENS.length);
    long[] there = hash(other, 0, TOKENS, 0, TOKENS.length);

    for (int i = 0; i < here.length; i++) {
      assertNotEquals(here[i], there[i], "block " + i);
    }
    assertNotEquals(hasher.root(null, null), other.root(null, null));
    assertNotEquals(hasher.root("a", "b"), other.root("a", "b"));
  }

  @Test
  void argumentsOutOfRangeAreErrors() {
    BlockChain chain = new BlockChain();

    assertThrows(IllegalArgumentException.class, () -> hasher.append(chain, TOKENS, 0, BLOCK, 0));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> hasher.append(chain, TOKENS, 0, TOKENS.length + 1, BLOCK));
  }

  @Test
  void appendAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    BlockChain chain = new BlockChain();
    run(chain, 20_000);

    long before = threads.getCurrentThreadAllocatedBytes();
    run(chain, 1_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertEquals(0, allocated, "bytes in 1000 calls");
  }

  private void run(BlockChain chain, int times) {
    for (int i = 0; i < times; i++) {
      chain.start(hasher.root(null, null));
      hasher.append(chain, TOKENS, 0, TOKENS.length, BLOCK);
    }
  }

  private static long[] hash(BlockHasher hasher, long parent, int[] tokens, int from, int to) {
    BlockChain chain = new BlockChain();
    chain.start(parent);
    hasher.append(chain, tokens, from, to, BLOCK);
    return chain.toArray();
  }

  private static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(values).forEach(bytes::putLong);
    return bytes.array();
  }
}
