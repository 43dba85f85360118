package io.warmpath.index;

/**
 * Copies beyond the first that one holder has of its blocks: few, so only they take memory. Open
 * addressing, backward-shift deletion. For the thread that applies changes.
 */
final class CopyCounts {

  private static final int FIRST = 16;

  private long[] blocks = new long[FIRST];
  private int[] copies = new int[FIRST];
  private int size;

  /** Counts another copy. */
  void add(long block) {
    int place = place(block);
    if (copies[place] == 0) {
      if (++size * 2 > blocks.length) {
        grow();
        place = place(block);
      }
      blocks[place] = block;
    }
    copies[place]++;
  }

  /** Takes a copy out. {@return whether there was one} */
  boolean take(long block) {
    int place = place(block);
    if (copies[place] == 0) {
      return false;
    }
    if (--copies[place] == 0) {
      closeGap(place);
    }
    return true;
  }

  /** Takes all copies of a block out. */
  void forget(long block) {
    int place = place(block);
    if (copies[place] > 0) {
      copies[place] = 0;
      closeGap(place);
    }
  }

  void clear() {
    if (size > 0) {
      blocks = new long[FIRST];
      copies = new int[FIRST];
      size = 0;
    }
  }

  boolean isEmpty() {
    return size == 0;
  }

  private int place(long block) {
    int mask = blocks.length - 1;
    int place = home(block);
    while (copies[place] != 0 && blocks[place] != block) {
      place = place + 1 & mask;
    }
    return place;
  }

  private int home(long block) {
    return (int) ((block * BlockMap.SPREAD) >>> 32) & (blocks.length - 1);
  }

  private void closeGap(int gap) {
    size--;
    int mask = blocks.length - 1;
    int hole = gap;
    for (int place = gap + 1 & mask; copies[place] != 0; place = place + 1 & mask) {
      if (((place - home(blocks[place])) & mask) >= ((place - hole) & mask)) {
        blocks[hole] = blocks[place];
        copies[hole] = copies[place];
        copies[place] = 0;
        hole = place;
      }
    }
  }

  private void grow() {
    long[] oldBlocks = blocks;
    int[] oldCopies = copies;
    blocks = new long[oldBlocks.length * 2];
    copies = new int[oldBlocks.length * 2];
    for (int i = 0; i < oldBlocks.length; i++) {
      if (oldCopies[i] != 0) {
        int place = place(oldBlocks[i]);
        blocks[place] = oldBlocks[i];
        copies[place] = oldCopies[i];
      }
    }
  }
}
