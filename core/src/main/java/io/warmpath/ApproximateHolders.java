package io.warmpath;

import io.warmpath.block.BlockSize;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.event.PoolEvents;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.Tier;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints whose KV events nobody asked for. What was routed to one is believed as its cache would
 * have it: the prompts of last time, as many as fit, for a limited life.
 *
 * <p>An endpoint is approximate from the first prompt that is marked there until somebody asks for its
 * events. Both are decided in the map's entry of the endpoint, so that neither overtakes the other.
 *
 * <p><b>Threads:</b> safe for any number. <b>Cost:</b> a look-up in one map for an endpoint with events,
 * in two for one without.
 */
final class ApproximateHolders {

  private final KvBlockIndex index;
  private final PoolEvents events;
  private final BlockSize blockSize;
  private final long cacheTokens;
  private final long lifeNanos;

  private final Map<Endpoint, Told> told = new ConcurrentHashMap<>();

  /** What the index was told of an endpoint; never changed. */
  private static final class Told {
    final int capacityBlocks;

    /** The index's own array, to see whether it knows of more by now. */
    final int[] groups;

    /** All groups that were ever made approximate. */
    final Set<Integer> made;

    Told(int capacityBlocks, int[] groups, Set<Integer> made) {
      this.capacityBlocks = capacityBlocks;
      this.groups = groups;
      this.made = made;
    }
  }

  ApproximateHolders(
      KvBlockIndex index,
      PoolEvents events,
      BlockSize blockSize,
      long cacheTokens,
      long lifeNanos) {
    this.index = index;
    this.events = events;
    this.blockSize = blockSize;
    this.cacheTokens = cacheTokens;
    this.lifeNanos = lifeNanos;
  }

  /**
   * A prompt is about to be marked at an endpoint.
   *
   * @param groups from {@link KvBlockIndex#groups}, where it is marked
   */
  void marking(EndpointState state, int[] groups) {
    Endpoint endpoint = state.endpoint();
    int tokensPerBlock = blockSize.tokens();
    if (tokensPerBlock == 0 || events.hasSource(endpoint)) {
      return;
    }
    EndpointMetrics metrics = state.metrics();
    Told known = told.get(endpoint);
    int capacity = known != null && metrics.totalBlocks() == 0
        ? known.capacityBlocks
        : capacity(metrics, tokensPerBlock);
    if (known == null || known.capacityBlocks != capacity || known.groups != groups) {
      told.compute(
          endpoint,
          (e, before) -> events.hasSource(e) ? before : tell(e, before, capacity, groups));
    }
  }

  private Told tell(Endpoint endpoint, @Nullable Told before, int capacity, int[] groups) {
    Set<Integer> made = before == null ? new HashSet<>() : new HashSet<>(before.made);
    boolean isOther = before == null || before.capacityBlocks != capacity;
    for (int group : groups) {
      if (made.add(group) || isOther) {
        index.approximate(holder(endpoint, group), capacity, lifeNanos);
      }
    }
    return new Told(capacity, groups, made);
  }

  /** Somebody asked for the events of an endpoint: {@link PoolEvents#hasSource} says so by now. */
  void exact(Endpoint endpoint) {
    told.computeIfPresent(endpoint, (e, before) -> {
      before.made.forEach(group -> index.exact(holder(e, group)));
      return null;
    });
  }

  private int holder(Endpoint endpoint, int group) {
    return index.holder(new HolderKey(endpoint, Tier.GPU, group));
  }

  /** An endpoint is gone. */
  void forget(Endpoint endpoint) {
    told.remove(endpoint);
  }

  /** {@return blocks of the engine's cache, in the pool's block size: as it says, else as we were told} */
  private int capacity(EndpointMetrics metrics, int tokensPerBlock) {
    double tokens = cacheTokens;
    if (metrics.totalBlocks() > 0) {
      int itsBlock = metrics.blockSize() > 0 ? metrics.blockSize() : tokensPerBlock;
      tokens = (double) metrics.totalBlocks() * itsBlock;
    }
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, tokens / tokensPerBlock));
  }
}
