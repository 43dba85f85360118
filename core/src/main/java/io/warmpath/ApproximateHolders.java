package io.warmpath;

import io.warmpath.block.BlockSize;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.endpoint.EndpointMetrics;
import io.warmpath.endpoint.EndpointState;
import io.warmpath.event.PoolEvents;
import io.warmpath.index.HolderKey;
import io.warmpath.index.KvBlockIndex;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

  /** Blocks that the index was told of, by endpoint. */
  private final Map<Endpoint, Integer> capacities = new ConcurrentHashMap<>();

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

  /** A prompt is about to be marked at an endpoint. */
  void marking(EndpointState state) {
    Endpoint endpoint = state.endpoint();
    int tokensPerBlock = blockSize.tokens();
    if (tokensPerBlock == 0 || events.hasSource(endpoint)) {
      return;
    }
    EndpointMetrics metrics = state.metrics();
    Integer known = capacities.get(endpoint);
    boolean isTold = metrics.totalBlocks() > 0;
    if (known == null || (isTold && known != capacity(metrics, tokensPerBlock))) {
      int capacity = capacity(metrics, tokensPerBlock);
      capacities.compute(endpoint, (e, before) -> {
        if (events.hasSource(e)) {
          return before;
        }
        index.approximate(index.holder(HolderKey.gpu(e)), capacity, lifeNanos);
        return capacity;
      });
    }
  }

  /** Somebody asked for the events of an endpoint: {@link PoolEvents#hasSource} says so by now. */
  void exact(Endpoint endpoint) {
    capacities.computeIfPresent(endpoint, (e, before) -> {
      index.exact(index.holder(HolderKey.gpu(e)));
      return null;
    });
  }

  /** An endpoint is gone. */
  void forget(Endpoint endpoint) {
    capacities.remove(endpoint);
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
