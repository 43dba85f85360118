package io.warmpath.jmh;

/**
 * The events of engines whose caches are full: in each step one pod stores a batch of new blocks and
 * removes its oldest. So an index that has seen {@link #window} steps stays as large as it is.
 *
 * <p>Batch {@code n} is stored by {@code holders} pods in steps that follow one another, and hangs on
 * the last batch before it that the same pods stored. A hash is a function of the batch and its place
 * there, so nothing needs to be kept to remove a batch again.
 */
final class Churn {

  static final int BATCH_BLOCKS = RandomChains.BATCH_BLOCKS;

  private final int pods;
  private final int holders;
  private final long window;

  /**
   * Plans the steps.
   *
   * @param blocks distinct blocks that all pods have together; rounded to whole batches for each pod
   * @param pods a multiple of {@code holders}
   * @param holders pods that store the same batch
   */
  Churn(int blocks, int pods, int holders) {
    if (pods % holders != 0) {
      throw new IllegalArgumentException(
          "pods must be a multiple of holders, were " + pods + " and " + holders);
    }
    this.pods = pods;
    this.holders = holders;
    window = (long) pods * Math.max(1, (long) blocks * holders / BATCH_BLOCKS / pods);
  }

  int pods() {
    return pods;
  }

  /** {@return steps between storing a batch and removing it} */
  long window() {
    return window;
  }

  /** {@return distinct blocks that are stored after that many steps} */
  long blocks() {
    return window / holders * BATCH_BLOCKS;
  }

  /** {@return who acts in a step} */
  int pod(long step) {
    return (int) (step % pods);
  }

  /** {@return what is stored in a step; {@code step - window()} tells what is removed} */
  long batch(long step) {
    return step / holders;
  }

  boolean hasParent(long batch) {
    return batch >= pods / holders;
  }

  /** {@return the last block of the batch before; any value if there is none} */
  long parent(long batch) {
    return hash((batch - pods / holders + 1) * BATCH_BLOCKS - 1);
  }

  /** Writes the hashes of a batch: some 1 ns each. */
  void hashes(long batch, long[] hashes) {
    for (int i = 0; i < BATCH_BLOCKS; i++) {
      hashes[i] = hash(batch * BATCH_BLOCKS + i);
    }
  }

  /** One to one, so hashes never collide: the finalizer of SplitMix64 (Steele and others, 2014). */
  static long hash(long number) {
    long z = number * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
