package io.warmpath.jmh;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/** Chains of random block hashes that share no block, and how an index comes to hold them. */
final class RandomChains {

  /** Blocks announced at a time: 512 tokens of block size 16, as from a chunk of prefill. */
  static final int BATCH_BLOCKS = 32;

  private RandomChains() {}

  static long[][] of(int chains, int blocksEach, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[][] made = new long[chains][];
    for (int c = 0; c < chains; c++) {
      made[c] = random.longs(blocksEach).toArray();
    }
    return made;
  }

  /** {@return chains that are like these in their first {@code same} blocks and then unlike all} */
  static long[][] leaving(long[][] chains, int same, long seed) {
    long[][] made = of(chains.length, chains[0].length, seed);
    for (int c = 0; c < chains.length; c++) {
      System.arraycopy(chains[c], 0, made[c], 0, same);
    }
    return made;
  }

  /**
   * Stores each chain at {@code holders} of the pods. All chains grow side by side, a batch at a time,
   * so that a chain is as scattered in memory as one of a prompt that many engines computed.
   */
  static void store(KvBlockIndex index, List<Endpoint> pods, int holders, long[][] chains) {
    store(index, pods, holders, chains, pod -> true);
  }

  /** Stores what the chosen pods have of all that; they are given by their place among the pods. */
  static void store(
      KvBlockIndex index, List<Endpoint> pods, int holders, long[][] chains, IntPredicate chosen) {
    int length = chains[0].length;
    for (int from = 0; from < length; from += BATCH_BLOCKS) {
      int count = Math.min(BATCH_BLOCKS, length - from);
      for (int h = 0; h < holders; h++) {
        for (int c = 0; c < chains.length; c++) {
          int pod = (c + h) % pods.size();
          if (chosen.test(pod)) {
            long[] chain = chains[c];
            int holder = index.holder(HolderKey.gpu(pods.get(pod)));
            long parent = from == 0 ? 0 : chain[from - 1];
            index.store(holder, parent, from > 0, chain, from, count);
          }
        }
      }
    }
  }
}
