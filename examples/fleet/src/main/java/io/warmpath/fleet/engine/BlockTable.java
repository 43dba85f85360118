package io.warmpath.fleet.engine;

import java.util.Arrays;

/** The physical blocks of one sequence, in the order of its tokens. <b>Threads:</b> the engine's. */
final class BlockTable {

  private int[] blocks = new int[16];
  private int size;
  private int cached;

  int size() {
    return size;
  }

  int block(int i) {
    return blocks[i];
  }

  /** {@return how many leading blocks are in the prefix cache under their hash} */
  int cached() {
    return cached;
  }

  void cached(int count) {
    cached = count;
  }

  void add(int block) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * size);
    }
    blocks[size++] = block;
  }

  void clear() {
    size = 0;
    cached = 0;
  }
}
