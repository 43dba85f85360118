package io.warmpath.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import net.openhft.hashing.LongHashFunction;
import org.jspecify.annotations.Nullable;

/**
 * Names the blocks of a prompt: an XXH3-64 chain under a secret seed.
 *
 * <p>The secret makes it impractical for a client to craft prompts whose blocks collide with
 * another's. Routers that share an index, or a snapshot, share the secret.
 *
 * <p>With {@code X(seed, bytes)} for XXH3-64 (<a
 * href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">xxHash specification</a>),
 * {@code ‖} for joining, and all numbers little-endian:
 *
 * <pre>
 *   chainSeed = X(secret, int64 1)            rootSeed = X(secret, int64 2)
 *   local     = X(secret, the block's tokens as int32)
 *   hash      = X(chainSeed, int64 parent ‖ int64 local)
 *   root      = X(rootSeed, name(adapter) ‖ name(salt))
 *   name(s)   = int32 -1 if absent, else int32 length of its UTF-8 bytes ‖ these bytes
 * </pre>
 *
 * <p><b>Threads:</b> safe for any number; each works on its own {@link BlockChain}. <b>Cost:</b> one
 * pass over the tokens. {@link #append} allocates nothing but what the chain needs to grow; {@link
 * #root} allocates only for an adapter or a salt.
 */
public final class BlockHasher {

  private static final long CHAIN = 1;
  private static final long ROOT = 2;
  private static final int ABSENT = -1;

  private final LongHashFunction locals;
  private final LongHashFunction links;
  private final LongHashFunction roots;
  private final long plainRoot;

  private BlockHasher(long secret) {
    locals = LongHashFunction.xx3(secret);
    links = LongHashFunction.xx3(locals.hashLong(CHAIN));
    roots = LongHashFunction.xx3(locals.hashLong(ROOT));
    plainRoot = rootOf(null, null);
  }

  /**
   * Creates a hasher.
   *
   * @param secret any value, best from a secure random source
   * @return hashes by this secret
   */
  public static BlockHasher keyed(long secret) {
    return new BlockHasher(secret);
  }

  /**
   * Returns what the first block of a prompt hangs on, so that prompts which must not share blocks
   * do not: another adapter computes other keys and values, another salt is another tenant.
   *
   * @param adapter name of the LoRA adapter, or null for the base model; an empty name is not null
   * @param salt the request's {@code cache_salt}, or null; an empty salt is not null
   * @return the root; equal arguments give equal roots
   */
  public long root(@Nullable String adapter, @Nullable String salt) {
    return adapter == null && salt == null ? plainRoot : rootOf(adapter, salt);
  }

  /**
   * Appends the hash of every full block of {@code tokens} to {@code chain}; a rest that fills no
   * block is left out.
   *
   * @param chain where to append; its {@link BlockChain#last()} is what the first block hangs on
   * @param tokens read only
   * @param from first token of the first block, at least 0
   * @param to end of the tokens, exclusive
   * @param blockSize tokens per block, at least 1
   * @throws IllegalArgumentException if {@code blockSize} is out of range
   * @throws IndexOutOfBoundsException if the tokens are
   */
  public void append(BlockChain chain, int[] tokens, int from, int to, int blockSize) {
    Objects.checkFromToIndex(from, to, tokens.length);
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be at least 1, was " + blockSize);
    }
    long[] link = chain.link;
    for (int first = from; to - first >= blockSize; first += blockSize) {
      link[0] = chain.last();
      link[1] = locals.hashInts(tokens, first, blockSize);
      chain.add(links.hashLongs(link));
    }
  }

  private long rootOf(@Nullable String adapter, @Nullable String salt) {
    byte @Nullable [] first = bytes(adapter);
    byte @Nullable [] second = bytes(salt);
    ByteBuffer joined =
        ByteBuffer.allocate(sizeOf(first) + sizeOf(second)).order(ByteOrder.LITTLE_ENDIAN);
    putName(joined, first);
    putName(joined, second);
    return roots.hashBytes(joined.array());
  }

  private static byte @Nullable [] bytes(@Nullable String name) {
    return name == null ? null : name.getBytes(StandardCharsets.UTF_8);
  }

  private static int sizeOf(byte @Nullable [] name) {
    return Integer.BYTES + (name == null ? 0 : name.length);
  }

  private static void putName(ByteBuffer joined, byte @Nullable [] name) {
    if (name == null) {
      joined.putInt(ABSENT);
    } else {
      joined.putInt(name.length).put(name);
    }
  }
}
