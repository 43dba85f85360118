package io.warmpath.block;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hashes prompts as an engine does; from {@link EngineHashScheme#hasher}.
 *
 * <p>Tokens are read as unsigned 32-bit integers.
 *
 * <p><b>Threads:</b> one at a time; it keeps buffers. <b>Cost:</b> one pass over the tokens; nothing
 * is allocated for a prompt with {@link PromptExtras#NONE} but what buffers need to grow.
 */
public abstract sealed class EngineHasher
    permits VllmHasher, LlmdHasher, SglangHasher, TensorRtLlmHasher {

  private final EngineHashScheme scheme;
  private final int digestBytes;
  private final byte[] word = new byte[Long.BYTES];
  private final HashInput digests = new HashInput();
  private final byte[] last;
  private boolean hasLast;
  private @Nullable BlockChain chain;

  EngineHasher(EngineHashScheme scheme, int digestBytes) {
    this.scheme = scheme;
    this.digestBytes = digestBytes;
    last = new byte[digestBytes];
  }

  /** {@return bytes of a block's whole digest, of which events may carry fewer} */
  public final int digestBytes() {
    return digestBytes;
  }

  /**
   * Appends the hash of every full block to {@code target}, as the engine's events carry it; a rest
   * that fills no block is left out.
   *
   * @param target where to append; what it hangs on is not read
   * @param tokens read only
   * @param from first token of the first block, at least 0
   * @param to end of the tokens, exclusive
   * @param blockSize tokens per block, at least 1
   * @param extras what belongs to the prompt
   * @throws IllegalArgumentException if {@code blockSize} is out of range or the scheme does not
   *     {@linkplain EngineHashScheme#covers cover} the extras
   * @throws IndexOutOfBoundsException if the tokens are
   */
  public final void append(
      BlockChain target, int[] tokens, int from, int to, int blockSize, PromptExtras extras) {
    check(tokens, from, to, blockSize, extras);
    hasLast = false;
    chain = target;
    hash(tokens, from, to, blockSize, extras);
    chain = null;
  }

  /**
   * {@return a copy of the whole digest of the last block that {@link #append} appended the last time, for
   * {@link PromptExtras#after}; null if it appended none}
   */
  public final byte @Nullable [] lastDigest() {
    return hasLast ? last.clone() : null;
  }

  /**
   * Computes the whole digests of the same blocks.
   *
   * @param tokens read only
   * @param from first token of the first block, at least 0
   * @param to end of the tokens, exclusive
   * @param blockSize tokens per block, at least 1
   * @param extras what belongs to the prompt
   * @return digest of block {@code i} from {@code i * digestBytes()}
   * @throws IllegalArgumentException as {@link #append}
   * @throws IndexOutOfBoundsException if the tokens are out of range
   */
  public final byte[] digests(int[] tokens, int from, int to, int blockSize, PromptExtras extras) {
    check(tokens, from, to, blockSize, extras);
    digests.clear();
    hash(tokens, from, to, blockSize, extras);
    return digests.toArray();
  }

  private void check(int[] tokens, int from, int to, int blockSize, PromptExtras extras) {
    Objects.checkFromToIndex(from, to, tokens.length);
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be at least 1, was " + blockSize);
    }
    if (!scheme.covers(extras)) {
      throw new IllegalArgumentException(
          scheme + " cannot hash a prompt with " + extras + ": ask covers first");
    }
    if (extras.parent() != null && extras.parent().length != digestBytes) {
      throw new IllegalArgumentException(
          "the parent's digest must have " + digestBytes + " bytes, had " + extras.parent().length);
    }
    chain = null;
  }

  /** Hashes block by block and calls {@link #emit} for each, in order. */
  abstract void hash(int[] tokens, int from, int to, int blockSize, PromptExtras extras);

  /**
   * Takes a block's hash.
   *
   * @param digest the digest's bytes from {@code at}; copied if needed
   * @param value what events carry
   */
  final void emit(byte[] digest, int at, long value) {
    BlockChain target = chain;
    if (target != null) {
      target.add(value);
      System.arraycopy(digest, at, last, 0, digestBytes);
      hasLast = true;
    } else {
      digests.put(digest, at, digestBytes);
    }
  }

  /** Takes a hash of 64 bits. */
  final void emit(long value) {
    HashInput.bigLong(word, 0, value);
    emit(word, 0, value);
  }

  /** {@return the parent of extras as a number, or {@code otherwise}} */
  static long parent(PromptExtras extras, long otherwise) {
    byte[] parent = extras.parent();
    return parent == null ? otherwise : HashInput.bigLong(parent, 0);
  }

  @Override
  public String toString() {
    return "hasher of " + scheme;
  }
}
