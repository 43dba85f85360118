package io.warmpath.engine;

import static io.warmpath.event.BlockExtras.NONE;

import io.warmpath.event.BlockExtras;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives the {@link BlockExtras} of names that still are bytes of a message, the same object again for
 * the same names.
 *
 * <p>Bounded: {@link #SLOTS} entries, a newer one taking the place of an older one of the same slot;
 * names above {@link #MAX_NAME_BYTES} are not kept.
 *
 * <p><b>Threads:</b> one. <b>Cost:</b> allocates where names are new.
 */
final class BlockExtrasCache {

  static final int SLOTS = 1_024;
  static final int MAX_NAME_BYTES = 512;

  private record Entry(byte[] adapter, byte[] salt, BlockExtras extras) {}

  private final @Nullable Entry[] slots = new @Nullable Entry[SLOTS];

  /**
   * Finds or makes the extras.
   *
   * @param bytes the message
   * @param adapterFrom first byte of the adapter's name
   * @param adapterLength its bytes, 0 for none
   * @param saltFrom first byte of the salt
   * @param saltLength its bytes, 0 for none
   * @param opaque as in the extras
   * @param reused as in the extras
   * @param reach as in the extras
   * @return the extras
   */
  BlockExtras extras(
      byte[] bytes,
      int adapterFrom,
      int adapterLength,
      int saltFrom,
      int saltLength,
      boolean opaque,
      boolean reused,
      int reach) {
    if (adapterLength == 0 && saltLength == 0 && !opaque && !reused && reach == NONE.reach()) {
      return NONE;
    }
    int seed = 4 * reach + (opaque ? 1 : 0) + (reused ? 2 : 0);
    int slot = slot(seed, bytes, adapterFrom, adapterLength, saltFrom, saltLength);
    Entry entry = slots[slot];
    if (entry != null
        && entry.extras.opaque() == opaque
        && entry.extras.reused() == reused
        && entry.extras.reach() == reach
        && equal(entry.adapter, bytes, adapterFrom, adapterLength)
        && equal(entry.salt, bytes, saltFrom, saltLength)) {
      return entry.extras;
    }
    BlockExtras extras = new BlockExtras(
        text(bytes, adapterFrom, adapterLength),
        text(bytes, saltFrom, saltLength),
        opaque,
        reused,
        reach);
    if (adapterLength <= MAX_NAME_BYTES && saltLength <= MAX_NAME_BYTES) {
      slots[slot] = new Entry(
          Arrays.copyOfRange(bytes, adapterFrom, adapterFrom + adapterLength),
          Arrays.copyOfRange(bytes, saltFrom, saltFrom + saltLength),
          extras);
    }
    return extras;
  }

  private static int slot(
      int seed, byte[] bytes, int adapterFrom, int adapterLength, int saltFrom, int saltLength) {
    int hash = mix(seed, bytes, adapterFrom, adapterLength);
    hash = mix(hash * 31 + 1, bytes, saltFrom, saltLength);
    hash *= 0x9E3779B9;
    return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SLOTS));
  }

  private static int mix(int hash, byte[] bytes, int from, int length) {
    for (int i = from; i < from + Math.min(length, MAX_NAME_BYTES); i++) {
      hash = hash * 31 + bytes[i];
    }
    return hash;
  }

  private static boolean equal(byte[] name, byte[] bytes, int from, int length) {
    return Arrays.equals(name, 0, name.length, bytes, from, from + length);
  }

  private static @Nullable String text(byte[] bytes, int from, int length) {
    return length == 0 ? null : new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
