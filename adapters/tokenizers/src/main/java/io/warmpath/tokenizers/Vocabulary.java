package io.warmpath.tokenizers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a model as bytes: id to bytes for all of them, bytes to id for those of the model.
 *
 * <p>One pool of bytes with offsets, and an open-addressing table of ids over it, at most half
 * full: for 150,000 tokens some 4 MB instead of 20. Read-only once built.
 */
final class Vocabulary {

  private static final int NONE = -1;

  private final byte[] pool;
  private final int[] starts;
  private final boolean[] known;
  private final int[] slots;
  private final int mask;
  private final int size;

  private Vocabulary(byte[] pool, int[] starts, boolean[] known, int tokens) {
    this.pool = pool;
    this.starts = starts;
    this.known = known;
    this.slots = new int[Integer.highestOneBit(Math.max(8, tokens)) * 4];
    Arrays.fill(slots, NONE);
    this.mask = slots.length - 1;
    this.size = tokens;
  }

  /**
   * Builds a vocabulary.
   *
   * @param model tokens as the file has them, to their ids
   * @param added added tokens; the content of one replaces that of the model's token of the same id
   */
  static Vocabulary of(Map<String, Integer> model, List<AddedToken> added) {
    int ids = 0;
    for (int id : model.values()) {
      ids = Math.max(ids, id + 1);
    }
    for (AddedToken token : added) {
      ids = Math.max(ids, token.id() + 1);
    }
    byte[][] bytes = new byte[ids][];
    model.forEach((token, id) -> bytes[id] = ByteAlphabet.bytes(token));
    for (AddedToken token : added) {
      bytes[token.id()] = ByteAlphabet.bytes(token.content());
    }
    Vocabulary vocabulary = pooled(bytes);
    for (Map.Entry<String, Integer> entry : model.entrySet()) {
      if (isByteLevel(entry.getKey())) {
        vocabulary.index(entry.getValue());
      }
    }
    return vocabulary;
  }

  private static boolean isByteLevel(String token) {
    return token.chars().allMatch(c -> ByteAlphabet.byteOf((char) c) >= 0);
  }

  private static Vocabulary pooled(byte[][] bytes) {
    int[] starts = new int[bytes.length + 1];
    boolean[] known = new boolean[bytes.length];
    int tokens = 0;
    for (int id = 0; id < bytes.length; id++) {
      known[id] = bytes[id] != null;
      starts[id + 1] = starts[id] + (known[id] ? bytes[id].length : 0);
      tokens += known[id] ? 1 : 0;
    }
    byte[] pool = new byte[starts[bytes.length]];
    for (int id = 0; id < bytes.length; id++) {
      if (known[id]) {
        System.arraycopy(bytes[id], 0, pool, starts[id], bytes[id].length);
      }
    }
    return new Vocabulary(pool, starts, known, tokens);
  }

  private void index(int id) {
    int slot = hash(pool, starts[id], starts[id + 1]) & mask;
    while (slots[slot] != NONE) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = id;
  }

  /** {@return the id of the model's token with these bytes, or -1} */
  int find(byte[] bytes, int length) {
    int slot = hash(bytes, 0, length) & mask;
    while (slots[slot] != NONE) {
      int id = slots[slot];
      if (Arrays.equals(pool, starts[id], starts[id + 1], bytes, 0, length)) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** {@return whether there is a token of this id} */
  boolean contains(int id) {
    return id >= 0 && id < known.length && known[id];
  }

  /** {@return the shared bytes of all tokens, see {@link #start}} */
  byte[] pool() {
    return pool;
  }

  /** {@return where the bytes of token {@code id} start in {@link #pool}} */
  int start(int id) {
    return starts[id];
  }

  /** {@return how many bytes token {@code id} has} */
  int length(int id) {
    return starts[id + 1] - starts[id];
  }

  /** {@return the number of tokens, added ones included} */
  int size() {
    return size;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + bytes[i];
    }
    return (hash * 0x9E3779B9) ^ (hash >>> 15);
  }
}
