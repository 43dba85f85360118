package io.warmpath.block;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names the blocks of a prompt: an XXH3-64 chain under a secret seed.
 *
 * <p>The secret makes it impractical for a client to craft prompts whose blocks collide with
 * another's. Routers that share an index, or a snapshot, share the secret and the model's name.
 * {@code docs/block-hash.md} has the reasons, an example with numbers and the same in Python.
 *
 * <p>With {@code X(seed, bytes)} for XXH3-64 (<a
 * href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">xxHash specification</a>),
 * {@code ‖} for joining, and all numbers little-endian:
 *
 * <pre>
 *   chainSeed = X(secret, int64 1)       rootSeed = X(secret, int64 2)
 *   itemSeed  = X(secret, int64 3)       nameSeed = X(secret, int64 4)
 *
 *   local     = X(secret, the block's tokens as int32)
 *   local'    = X(itemSeed, int64 local ‖ int64 item), once for each item that overlaps the block
 *   hash      = X(chainSeed, int64 parent ‖ int64 local)
 *   root      = X(rootSeed, name(model) ‖ name(adapter) ‖ name(salt)), the first block's parent
 *   item      = X(nameSeed, name(identifier))
 *   name(s)   = int32 -1 if absent, else int32 length in UTF-16 units ‖ these ‖ 0 or 2 zero bytes
 * </pre>
 *
 * <p>The zero bytes make whole int32s. A hash may have any value, 0 too.
 *
 * <p><b>Threads:</b> safe for any number; each works on its own {@link BlockChain}. <b>Cost:</b> one
 * pass over the tokens. Hashing blocks allocates nothing but what the chain needs to grow; {@link
 * #root} allocates only for an adapter or a salt, {@link #item} always.
 */
public final class BlockHasher {

  /**
   * Blocks to hash at a time when looking up as one goes: {@value}. A prompt that nobody knows then
   * costs a window and not its length, and what a window needs stays in the first-level cache.
   */
  public static final int WINDOW_BLOCKS = 64;

  private static final int CHAIN = 1;
  private static final int ROOT = 2;
  private static final int ITEM = 3;
  private static final int NAME = 4;
  private static final int ABSENT = -1;

  private final Xxh3 locals;
  private final Xxh3 links;
  private final Xxh3 roots;
  private final Xxh3 itemLinks;
  private final Xxh3 names;
  private final @Nullable String model;
  private final long plainRoot;

  private BlockHasher(long secret, @Nullable String model) {
    this.model = model;
    locals = new Xxh3(secret);
    links = derived(CHAIN);
    roots = derived(ROOT);
    itemLinks = derived(ITEM);
    names = derived(NAME);
    plainRoot = hashNames(roots, model, null, null);
  }

  private Xxh3 derived(int purpose) {
    return new Xxh3(locals.hash(new int[] {purpose, 0}, 0, 2));
  }

  /**
   * Creates a hasher for an unnamed model.
   *
   * @param secret any value, best from a secure random source
   * @return hashes by this secret
   */
  public static BlockHasher keyed(long secret) {
    return new BlockHasher(secret, null);
  }

  /**
   * Creates a hasher for one base model, whose roots are no other model's.
   *
   * @param secret any value, best from a secure random source
   * @param model name of the base model; an empty name is not an unnamed model
   * @return hashes by this secret
   */
  public static BlockHasher keyed(long secret, String model) {
    return new BlockHasher(secret, model);
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
    return adapter == null && salt == null ? plainRoot : hashNames(roots, model, adapter, salt);
  }

  /**
   * Returns a multimodal item as {@link MultimodalItems} takes it.
   *
   * @param identifier what the engine calls the item, usually a hash of its content; the same here and
   *     in the engine's events
   * @return a number for it; equal identifiers give equal numbers
   */
  public long item(String identifier) {
    return hashNames(names, identifier);
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
    check(tokens, from, to, blockSize);
    appendText(chain, tokens, from, (to - from) / blockSize, blockSize);
  }

  /**
   * Appends the hash of every full block of a prompt with multimodal items; without any, as {@link
   * #append(BlockChain, int[], int, int, int)} and at the same cost.
   *
   * @param chain where to append; its {@link BlockChain#last()} is what the first block hangs on
   * @param tokens read only
   * @param from first token of the first block, at least 0
   * @param to end of the tokens, exclusive
   * @param blockSize tokens per block, at least 1
   * @param items by their places in {@code tokens}; those of other blocks do not matter
   * @throws IllegalArgumentException if {@code blockSize} is out of range
   * @throws IndexOutOfBoundsException if the tokens are
   */
  public void append(
      BlockChain chain, int[] tokens, int from, int to, int blockSize, MultimodalItems items) {
    check(tokens, from, to, blockSize);
    appendBlocks(chain, tokens, from, (to - from) / blockSize, blockSize, items);
  }

  /**
   * Appends the next blocks of a prompt, those behind the blocks that the chain has. Nothing is hashed
   * twice, however often this is called, and a chain that was {@linkplain BlockChain#start(long,
   * long[], int) started with known hashes} goes on behind these.
   *
   * <pre>
   *   chain.start(root);
   *   int looked = 0;
   *   int added;
   *   do {
   *     added = hasher.appendNext(chain, tokens, 0, length, blockSize, items, window);
   *     index.match(chain.hashes(), looked, chain.length(), match);
   *     looked = chain.length();
   *   } while (added == window &amp;&amp; match.open());
   * </pre>
   *
   * @param chain where to append; the blocks it has are those from {@code from} on
   * @param tokens read only
   * @param from first token of the chain's first block, at least 0
   * @param to end of the tokens, exclusive
   * @param blockSize tokens per block, at least 1
   * @param items by their places in {@code tokens}
   * @param maxBlocks how many blocks to append at most, at least 0
   * @return how many were appended; fewer than {@code maxBlocks} only at the end of the tokens
   * @throws IllegalArgumentException if {@code blockSize} or {@code maxBlocks} is out of range
   * @throws IndexOutOfBoundsException if the tokens are
   */
  public int appendNext(
      BlockChain chain,
      int[] tokens,
      int from,
      int to,
      int blockSize,
      MultimodalItems items,
      int maxBlocks) {
    check(tokens, from, to, blockSize);
    if (maxBlocks < 0) {
      throw new IllegalArgumentException("blocks to append must be at least 0, were " + maxBlocks);
    }
    int hashed = chain.length();
    int count = Math.min(maxBlocks, Math.max(0, (to - from) / blockSize - hashed));
    if (count > 0) {
      appendBlocks(chain, tokens, from + hashed * blockSize, count, blockSize, items);
    }
    return count;
  }

  private static void check(int[] tokens, int from, int to, int blockSize) {
    Objects.checkFromToIndex(from, to, tokens.length);
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be at least 1, was " + blockSize);
    }
  }

  private void appendBlocks(
      BlockChain chain, int[] tokens, int from, int count, int blockSize, MultimodalItems items) {
    if (items.size() == 0) {
      appendText(chain, tokens, from, count, blockSize);
    } else {
      appendMixed(chain, tokens, from, count, blockSize, items);
    }
  }

  /**
   * Only the link waits for the block before. In one loop with it, the processor is at the next
   * block's local meanwhile; two loops took a fifth longer.
   */
  private void appendText(BlockChain chain, int[] tokens, int from, int count, int blockSize) {
    long[] hashes = chain.room(count);
    int at = chain.length();
    long last = chain.last();
    for (int block = 0; block < count; block++) {
      last = links.hash(last, locals.hash(tokens, from + block * blockSize, blockSize));
      hashes[at + block] = last;
    }
    chain.added(count, last);
  }

  private void appendMixed(
      BlockChain chain, int[] tokens, int from, int count, int blockSize, MultimodalItems items) {
    long[] hashes = chain.room(count);
    int at = chain.length();
    long last = chain.last();
    int item = 0;
    for (int block = 0; block < count; block++) {
      int first = from + block * blockSize;
      item = items.firstEndingAfter(first, item);
      long local = locals.hash(tokens, first, blockSize);
      long named = items.hashInto(local, itemLinks, item, first, first + blockSize);
      last = links.hash(last, named);
      hashes[at + block] = last;
    }
    chain.added(count, last);
  }

  private static long hashNames(Xxh3 hash, @Nullable String... names) {
    int ints = 0;
    for (String name : names) {
      ints += 1 + (name == null ? 0 : (name.length() + 1) / 2);
    }
    int[] joined = new int[ints];
    int at = 0;
    for (String name : names) {
      joined[at++] = name == null ? ABSENT : name.length();
      for (int i = 0; name != null && i < name.length(); i += 2) {
        int next = i + 1 < name.length() ? name.charAt(i + 1) : 0;
        joined[at++] = name.charAt(i) | (next << Character.SIZE);
      }
    }
    return hash.hash(joined, 0, ints);
  }
}
