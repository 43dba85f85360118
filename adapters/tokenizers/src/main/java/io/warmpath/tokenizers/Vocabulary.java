package io.warmpath.tokenizers;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The tokens of a model as bytes: id to bytes for all of them, bytes to id for those of the model
 * that stand for bytes.
 *
 * <p>One pool of bytes in the order of the file, and an open-addressing table of ids over it, at most
 * half full: for 150,000 tokens some 5 MB instead of 20. Not to be changed once in use.
 */
final class Vocabulary {

  private static final int NONE = -1;
  private static final int INITIAL_BYTES = 1 << 12;
  private static final int INITIAL_IDS = 1 << 10;

  private byte[] pool = new byte[INITIAL_BYTES];
  private int used;
  private int[] starts = new int[INITIAL_IDS];
  private int[] ends = new int[INITIAL_IDS];
  private int[] slots = {NONE};
  private int ids;
  private int size;

  /** The text of tokens that do not stand for bytes, such as added ones; before the pool. */
  private final Map<Integer, byte[]> others = new HashMap<>();

  /**
   * Adds a token of the model that stands for bytes.
   *
   * @param id in [0, {@link MergeTable#MAX_IDS})
   */
  void add(int id, byte[] bytes, int length) {
    if (used + length > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(used + length, 2 * pool.length));
    }
    if (id >= starts.length) {
      int room = Math.max(id + 1, 2 * starts.length);
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
    }
    size += ends[id] > 0 ? 0 : 1;
    System.arraycopy(bytes, 0, pool, used, length);
    starts[id] = used;
    used += length;
    ends[id] = used;
    ids = Math.max(ids, id + 1);
  }

  /** Adds a token that is never the result of merges, or gives one another text for decoding. */
  void addOther(int id, byte[] text) {
    boolean isNew = others.put(id, text) == null && length(id) == 0;
    size += isNew ? 1 : 0;
  }

  /** Makes what was added so far known to {@link #find}, and gives back what room is left. */
  void index() {
    pool = Arrays.copyOf(pool, used);
    starts = Arrays.copyOf(starts, ids);
    ends = Arrays.copyOf(ends, ids);
    slots = new int[Integer.highestOneBit(Math.max(8, ids)) * 4];
    Arrays.fill(slots, NONE);
    for (int id = 0; id < ids; id++) {
      if (ends[id] > starts[id]) {
        int slot = hash(pool, starts[id], ends[id]) & slots.length - 1;
        while (slots[slot] != NONE) {
          slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = id;
      }
    }
  }

  /** {@return the id of the model's token with these bytes, or -1} */
  int find(byte[] bytes, int from, int to) {
    int mask = slots.length - 1;
    int slot = hash(bytes, from, to) & mask;
    while (slots[slot] != NONE) {
      if (is(slots[slot], bytes, from, to)) {
        return slots[slot];
      }
      slot = (slot + 1) & mask;
    }
    return NONE;
  }

  /** {@return the id of the model's token with this name in the file, or -1} */
  int findName(String name) {
    if (ByteAlphabet.isByteLevel(name)) {
      byte[] bytes = ByteAlphabet.bytes(name);
      return find(bytes, 0, bytes.length);
    }
    byte[] text = ByteAlphabet.bytes(name);
    for (Map.Entry<Integer, byte[]> other : others.entrySet()) {
      if (Arrays.equals(other.getValue(), text)) {
        return other.getKey();
      }
    }
    return NONE;
  }

  /** {@return whether the model's token of this id, if there is one, has these bytes} */
  boolean is(int id, byte[] bytes, int from, int to) {
    return length(id) == to - from && Arrays.equals(pool, starts[id], ends[id], bytes, from, to);
  }

  /** Writes the bytes that a token stands for; none if there is no such token. */
  void write(int id, ByteArrayOutputStream out) {
    byte[] other = others.get(id);
    if (other != null) {
      out.writeBytes(other);
    } else if (length(id) > 0) {
      out.write(pool, starts[id], length(id));
    }
  }

  /** {@return the shared bytes of the tokens that stand for bytes, see {@link #start}} */
  byte[] pool() {
    return pool;
  }

  /** {@return where the bytes of token {@code id} start in {@link #pool}} */
  int start(int id) {
    return starts[id];
  }

  /** {@return how many bytes token {@code id} stands for; 0 if there is none or it does not} */
  int length(int id) {
    return id >= 0 && id < ids ? ends[id] - starts[id] : 0;
  }

  /** {@return one more than the highest id of a token that stands for bytes} */
  int ids() {
    return ids;
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
