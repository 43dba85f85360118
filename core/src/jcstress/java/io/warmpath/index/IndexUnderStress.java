package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.Arrays;
import java.util.stream.LongStream;

/** What the jcstress classes have in common: an index, a chain of 32 blocks and two endpoints. */
class IndexUnderStress {

  static final int LENGTH = 32;

  /** How often an actor does what it repeats: a state costs more than what is done to it. */
  static final int TIMES = 16;

  static final Endpoint ONE = Endpoint.of("10.0.0.1:8000");
  static final Endpoint TWO = Endpoint.of("10.0.0.2:8000");
  static final long[] CHAIN = LongStream.range(0, LENGTH).toArray();

  /** Read by whoever looks up or changes. */
  volatile long now;

  final KvBlockIndex index = KvBlockIndex.create(1024, () -> now);
  final int one = index.holder(HolderKey.gpu(ONE));
  final int slotOne = index.slot(ONE);

  /** Touched by one actor only. */
  private final PrefixMatch match = new PrefixMatch();

  final void store(int holder, int from, int to) {
    index.store(holder, 0, false, CHAIN, from, to - from);
  }

  /** Stores a range behind the block before it, in the same run. */
  final void storeBehind(int holder, int from, int to) {
    index.store(holder, CHAIN[from - 1], true, CHAIN, from, to - from);
  }

  /** Stores a range in pieces of eight, each a run of its own: none says what is before it. */
  final void storeInRuns(int holder, int from, int to) {
    storeInRuns(holder, from, to, 8);
  }

  final void storeInRuns(int holder, int from, int to, int piece) {
    for (int at = from; at < to; at += piece) {
      store(holder, at, Math.min(to, at + piece));
    }
  }

  final void remove(int holder, int from, int to) {
    index.remove(holder, CHAIN, from, to - from);
  }

  final int depth(int slot) {
    return depth(slot, CHAIN);
  }

  final int depth(int slot, long[] chain) {
    index.match(chain, 0, chain.length, match);
    return result(slot);
  }

  /** Looks up the first half, then goes on. */
  final int depthInTwoCalls(int slot) {
    index.match(CHAIN, 0, LENGTH / 2, match);
    index.match(CHAIN, LENGTH / 2, LENGTH, match);
    return result(slot);
  }

  /** {@return the depth, or -1 if the look-up gave up after too many tries and counted that} */
  private int result(int slot) {
    return index.stats().shortened() > 0 ? -1 : match.blocks(slot);
  }

  static long[] range(int from, int to) {
    return Arrays.copyOfRange(CHAIN, from, to);
  }
}
