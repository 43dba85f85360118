package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.Arrays;
import java.util.stream.LongStream;

/** What the jcstress classes have in common: an index, a chain of 32 blocks and two endpoints. */
class IndexUnderStress {

  static final int LENGTH = 32;
  static final Endpoint ONE = Endpoint.of("10.0.0.1:8000");
  static final Endpoint TWO = Endpoint.of("10.0.0.2:8000");
  static final long[] CHAIN = LongStream.range(0, LENGTH).toArray();
  static final long[] NOTHING = {};

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

  /** Stores a range in pieces of eight, each a run of its own: none says what is before it. */
  final void storeInRuns(int holder, int from, int to) {
    for (int at = from; at < to; at += 8) {
      store(holder, at, Math.min(to, at + 8));
    }
  }

  final void remove(int holder, int from, int to) {
    index.remove(holder, CHAIN, from, to - from);
  }

  /** Goes round all runs, as changes do; the holder must have something. A clear or drop does it itself. */
  final void sweep(int holder) {
    for (int i = 0; i < 12; i++) {
      index.remove(holder, NOTHING, 0, 0);
    }
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
