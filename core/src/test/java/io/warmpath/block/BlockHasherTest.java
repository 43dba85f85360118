package io.warmpath.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
  private static final int LARGEST_BLOCK = 1024;
  private static final int[] TOKENS =
      new SplittableRandom(7).ints(10 * BLOCK, 0, 150_000).toArray();

  private final BlockHasher hasher = BlockHasher.keyed(SECRET);

  @Test
  void blocksOfEverySizeAreHashedFromBytesAsDocumented() {
    int[] tokens = new SplittableRandom(8).ints(3 * LARGEST_BLOCK + 1).toArray();
    long chainSeed = LongHashFunction.xx3(SECRET).hashBytes(longs(1));
    for (int size = 1; size <= LARGEST_BLOCK; size++) {
      long parent = 42;
      long[] expected = new long[3];
      for (int i = 0; i < expected.length; i++) {
        ByteBuffer bytes = ByteBuffer.allocate(size * 4).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(tokens, 1 + i * size, 1 + (i + 1) * size).forEach(bytes::putInt);
        long local = LongHashFunction.xx3(SECRET).hashBytes(bytes.array());
        expected[i] = LongHashFunction.xx3(chainSeed).hashBytes(longs(parent, local));
        parent = expected[i];
      }
      BlockChain chain = new BlockChain();
      chain.start(42);

      hasher.append(chain, tokens, 1, 1 + 3 * size, size);

      assertArrayEquals(expected, chain.toArray(), "blocks of " + size);
    }
  }

  @Test
  void rootsAreHashedFromBytesAsDocumented() {
    long rootSeed = LongHashFunction.xx3(SECRET).hashBytes(longs(2));
    ByteBuffer joined = ByteBuffer.allocate(8 + 12 + 4).order(ByteOrder.LITTLE_ENDIAN);
    joined.putInt(1).put("ä".getBytes(StandardCharsets.UTF_16LE)).putShort((short) 0);
    joined.putInt(4).put("a\ud83d\ude00b".getBytes(StandardCharsets.UTF_16LE));
    joined.putInt(-1);

    assertEquals(
        LongHashFunction.xx3(rootSeed).hashBytes(joined.array()),
        BlockHasher.keyed(SECRET, "ä").root("a\ud83d\ude00b", null));
  }

  @Test
  void itemsAreHashedFromBytesAsDocumented() {
    LongHashFunction ofSecret = LongHashFunction.xx3(SECRET);
    ByteBuffer name = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    name.putInt(3).put("cat".getBytes(StandardCharsets.UTF_16LE));
    long item = LongHashFunction.xx3(ofSecret.hashBytes(longs(4))).hashBytes(name.array());
    long local = ofSecret.hashInts(TOKENS, 0, BLOCK);
    long named = LongHashFunction.xx3(ofSecret.hashBytes(longs(3))).hashBytes(longs(local, item));
    MultimodalItems items = new MultimodalItems();
    items.add(5, 1, item);
    BlockChain chain = new BlockChain();

    hasher.append(chain, TOKENS, 0, BLOCK, BLOCK, items);

    assertEquals(item, hasher.item("cat"));
    assertEquals(
        LongHashFunction.xx3(ofSecret.hashBytes(longs(1))).hashBytes(longs(0, named)),
        chain.last());
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
  void equalBlocksAtOtherPlacesHaveOtherNames() {
    long[] hashes = hash(hasher, 0, new int[8 * BLOCK], 0, 8 * BLOCK);

    assertEquals(8, Arrays.stream(hashes).distinct().count());
  }

  @Test
  void modelAdapterAndSaltAreKeptApart() {
    String[] names = {null, "", "a", "b", "ab", "a\0", "\0", "\0\0", "\ud800", "?", "\ufffd", "aaaa"
    };
    Set<Long> roots = new HashSet<>();
    for (String model : names) {
      BlockHasher ofModel =
          model == null ? BlockHasher.keyed(SECRET) : BlockHasher.keyed(SECRET, model);
      for (String adapter : names) {
        for (String salt : names) {
          roots.add(ofModel.root(adapter, salt));
        }
      }
    }

    assertEquals(names.length * names.length * names.length, roots.size());
    assertEquals(hasher.root("a", "b"), hasher.root(new String("a"), new String("b")));
    assertEquals(hasher.root(null, null), BlockHasher.keyed(SECRET).root(null, null));
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
    assertNotEquals(hasher.item("a"), other.item("a"));
  }

  @Test
  void argumentsOutOfRangeAreErrors() {
    BlockChain chain = new BlockChain();

    assertThrows(IllegalArgumentException.class, () -> hasher.append(chain, TOKENS, 0, BLOCK, 0));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> hasher.append(chain, TOKENS, 0, TOKENS.length + 1, BLOCK));
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
