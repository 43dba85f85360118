package io.warmpath.index;

/** Takes what an index holds, see {@link KvBlockIndex#visit}. */
@FunctionalInterface
public interface BlockVisitor {

  /**
   * A holder has these blocks, one after the other in a prompt.
   *
   * @param holder who has them
   * @param blocks block hashes; shared, must not be changed nor kept
   * @param from first entry that counts
   * @param count entries that count, at least 1
   */
  void stretch(HolderKey holder, long[] blocks, int from, int count);
}
