package io.warmpath.jmh;

import io.warmpath.block.BlockChain;
import io.warmpath.block.BlockHasher;
import io.warmpath.index.KvBlockIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a router's index is asked and told while a pool of engines serves a trace; made before any clock
 * starts. For each request in the trace's order: a look-up of its chain; then what the engine that
 * serves it announces: blocks that gave way, and the new end of the chain.
 *
 * <p>Each pod is a {@link PodCache}. A request goes to the pod that has most of it; where several have
 * as much, or the best has no more than one trace block (what all prompts begin with), to the pod that
 * got the fewest blocks of prompts so far. Answers are not stored. With Mooncake's conversations, 16
 * pods of 65,536 blocks of 16 tokens, that makes 5.94 M stored and 4.89 M removed blocks, as many as
 * the harness behind the peers' figures told its indexes, and a sum of best matches within 0.1 % of its.
 */
final class ReplayOps {

  private static final long SECRET = 42;

  /** Chains by request, block hashes. */
  final long[][] chains;

  /** Who serves a request. */
  final int[] pods;

  /** Leading blocks that the serving pod has; those from there on are stored. */
  final int[] held;

  /** Most leading blocks that a pod has. */
  final int[] best;

  /** Blocks that gave way, all requests' one after the other. */
  final long[] removed;

  /** Where the removed blocks of a request begin; those of the next follow. */
  final int[] removedFrom;

  /** When a request comes, as a part of the whole trace's time, in [0, 1). */
  final double[] times;

  final int podCount;
  final long lookedUpBlocks;
  final long storedBlocks;
  final long bestSum;

  private ReplayOps(
      List<ReplayTrace.Request> trace, long[][] chains, int common, int podCount, int podBlocks) {
    int requests = chains.length;
    this.podCount = podCount;
    this.chains = chains;
    pods = new int[requests];
    held = new int[requests];
    best = new int[requests];
    removedFrom = new int[requests + 1];
    times = times(trace);
    PodCache[] caches = new PodCache[podCount];
    Arrays.setAll(caches, p -> new PodCache(podBlocks));
    long[] given = new long[podCount];
    long[] gone = new long[1 << 16];
    long[] evicted = new long[podBlocks];
    long looked = 0;
    long stored = 0;
    long sum = 0;
    for (int r = 0; r < requests; r++) {
      long[] chain = chains[r];
      int[] has = new int[podCount];
      for (int p = 0; p < podCount; p++) {
        has[p] = caches[p].held(chain);
        best[r] = Math.max(best[r], has[p]);
      }
      int least = best[r] <= common ? 0 : best[r];
      int pod = -1;
      for (int p = 0; p < podCount; p++) {
        if (has[p] >= least && (pod < 0 || given[p] < given[pod])) {
          pod = p;
        }
      }
      pods[r] = pod;
      held[r] = has[pod];
      int count = caches[pod].admit(chain, has[pod], evicted);
      int end = removedFrom[r] + count;
      if (end > gone.length) {
        gone = Arrays.copyOf(gone, Math.max(end, gone.length * 2));
      }
      System.arraycopy(evicted, 0, gone, removedFrom[r], count);
      removedFrom[r + 1] = end;
      given[pod] += chain.length;
      looked += chain.length;
      stored += chain.length - has[pod];
      sum += best[r];
    }
    removed = Arrays.copyOf(gone, removedFrom[requests]);
    lookedUpBlocks = looked;
    storedBlocks = stored;
    bestSum = sum;
  }

  /**
   * Makes the operations of a trace.
   *
   * @param trace the requests
   * @param traceBlock tokens for each id of the trace
   * @param block tokens of a block, a divisor of it
   * @param pods engines
   * @param podBlocks blocks that each of them can keep
   * @return the operations; equal arguments make equal ones
   */
  static ReplayOps of(
      List<ReplayTrace.Request> trace, int traceBlock, int block, int pods, int podBlocks) {
    BlockHasher hasher = BlockHasher.keyed(SECRET);
    BlockChain chain = new BlockChain();
    int[] tokens = new int[traceBlock];
    List<long[]> chains = new ArrayList<>(trace.size());
    for (ReplayTrace.Request request : trace) {
      chain.start(hasher.root(null, null));
      long[] ids = request.ids();
      int length = Math.min(request.inputTokens(), ids.length * traceBlock);
      for (int i = 0; i < ids.length; i++) {
        for (int t = 0; t < traceBlock; t++) {
          tokens[t] = Long.hashCode(Churn.hash(ids[i] * traceBlock + t));
        }
        int here = Math.max(0, Math.min(traceBlock, length - i * traceBlock));
        hasher.append(chain, tokens, 0, here, block);
      }
      int kept = Math.min(chain.length(), podBlocks);
      chains.add(Arrays.copyOf(chain.hashes(), kept));
    }
    return new ReplayOps(trace, chains.toArray(new long[0][]), traceBlock / block, pods, podBlocks);
  }

  int requests() {
    return chains.length;
  }

  int stored(int request) {
    return chains[request].length - held[request];
  }

  int removed(int request) {
    return removedFrom[request + 1] - removedFrom[request];
  }

  /** {@return blocks that an index is told of, stored and removed} */
  long changedBlocks() {
    return storedBlocks + removed.length;
  }

  /** {@return changes that an index is told: calls of store and of remove} */
  long changes() {
    long changes = 0;
    for (int r = 0; r < requests(); r++) {
      changes += (stored(r) > 0 ? 1 : 0) + (removed(r) > 0 ? 1 : 0);
    }
    return changes;
  }

  /**
   * Tells an index what a request changed: first what gave way, then what came, as engines do.
   *
   * @param index the index
   * @param holders by pod
   * @param request number of the request
   * @return false if the index refused a change
   */
  boolean apply(KvBlockIndex index, int[] holders, int request) {
    int holder = holders[pods[request]];
    boolean taken = true;
    int gone = removed(request);
    if (gone > 0) {
      taken = index.remove(holder, removed, removedFrom[request], gone);
    }
    int count = stored(request);
    if (count > 0) {
      int from = held[request];
      long[] chain = chains[request];
      taken &= index.store(holder, from > 0 ? chain[from - 1] : 0, from > 0, chain, from, count);
    }
    return taken;
  }

  /** Spreads the requests of one time evenly until the next time: Mooncake rounds to 3 s. */
  private static double[] times(List<ReplayTrace.Request> trace) {
    int requests = trace.size();
    double[] times = new double[requests];
    if (requests == 0) {
      return times;
    }
    long first = trace.get(0).millis();
    long span = Math.max(1, trace.get(requests - 1).millis() - first);
    // The last ones get as long as one step is on average.
    double whole = span * (requests + 1.0) / requests;
    int to;
    for (int from = 0; from < requests; from = to) {
      long millis = trace.get(from).millis();
      to = from;
      while (to < requests && trace.get(to).millis() <= millis) {
        to++;
      }
      double end = to < requests ? trace.get(to).millis() : first + whole;
      for (int r = from; r < to; r++) {
        times[r] = (millis - first + (end - millis) * (r - from) / (to - from)) / whole;
      }
    }
    return times;
  }
}
