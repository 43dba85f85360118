package io.warmpath.event;

import io.warmpath.block.BlockHasher;
import io.warmpath.block.BlockSize;
import io.warmpath.block.EngineHashScheme;
import io.warmpath.block.LoraAdapter;
import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.KvBlockIndex;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the KV events of one pool's engines: a sink for each endpoint, and what these share.
 *
 * <p>Engines name blocks by hashes of their own. In the usual mode ({@link #mapped}) those are only
 * handles: blocks are named by our hash of the tokens that events carry, and a map leads from the
 * engine hash to it. In the direct mode ({@link #direct}) the engine's hash is the block's name
 * everywhere, so that nothing has to be mapped; then prompts must be hashed by the engines' scheme.
 *
 * <p><b>Hash domains.</b> The sources of a pool share one map of handles. Equal engines announce equal
 * hashes for a block, and share its entry; engines with random seeds announce others, which do not
 * meet. A source whose hashes turn out to mean other blocks than those of the rest gets a map of its
 * own ({@link EventStats#ownDomains}). An embedder that knows of groups which must not be mixed gives
 * each a domain of its own by name.
 *
 * <p><b>Threads:</b> safe for any number.
 */
public final class PoolEvents {

  /** Handles for each block that the index holds: engines with random seeds need one each. */
  private static final int HANDLES_PER_BLOCK = 4;

  /** Most handles of a domain: 32 Mi, between 0.7 and 1.4 GiB. */
  private static final int MOST_HANDLES = 32 << 20;

  /** Most handles of one source that has a map of its own: 4 Mi, some ten times a large engine's blocks. */
  private static final int MOST_OWN_HANDLES = 4 << 20;

  private static final int MOST_ADAPTERS = 1_024;
  private static final int MOST_SIZES = 8;
  private static final int HEADS = 1 << 10;
  private static final String SHARED = "";

  final KvBlockIndex index;
  final @Nullable BlockHasher hasher;
  final BlockSize blockSize;
  final LongSupplier nanoClock;

  /** In the direct mode, if it is known: the scheme, and adapters by name. */
  final @Nullable EngineHashScheme scheme;

  final Map<String, LoraAdapter> loras;
  final EventCounters counters = new EventCounters();
  private final Map<Endpoint, SourceSink> sources = new ConcurrentHashMap<>();
  private final Map<String, Domain> domains = new HashMap<>(); // guarded by this
  private final Set<HandleMap> maps = ConcurrentHashMap.newKeySet();
  private final Set<String> adapters = ConcurrentHashMap.newKeySet();
  private volatile int[] otherSizes = {};
  private final AtomicLongArray requested = new AtomicLongArray(HEADS);
  private final LongAdder announcedHeads = new LongAdder();
  private final LongAdder requestedHeads = new LongAdder();

  private static final class Domain {
    final HandleMap handles;
    int users;

    Domain(HandleMap handles) {
      this.handles = handles;
    }
  }

  private PoolEvents(
      KvBlockIndex index,
      @Nullable BlockHasher hasher,
      BlockSize blockSize,
      LongSupplier nanoClock,
      @Nullable EngineHashScheme scheme,
      Map<String, LoraAdapter> loras) {
    this.index = index;
    this.hasher = hasher;
    this.blockSize = blockSize;
    this.nanoClock = nanoClock;
    this.scheme = scheme;
    this.loras = loras;
  }

  /**
   * Takes events of engines whatever their hashes are.
   *
   * @param index where blocks go
   * @param hasher names them
   * @param blockSize the pool's block size; learned here if it is not known
   * @param nanoClock the index's clock
   * @return events without a source
   */
  public static PoolEvents mapped(
      KvBlockIndex index, BlockHasher hasher, BlockSize blockSize, LongSupplier nanoClock) {
    return new PoolEvents(index, hasher, blockSize, nanoClock, null, Map.of());
  }

  /**
   * Takes events of engines whose hashes are known to be reproducible, and name the blocks.
   *
   * @param index where blocks go; prompts looked up there are hashed by the engines' scheme
   * @param blockSize the pool's block size; learned here if it is not known
   * @param nanoClock the index's clock
   * @return events without a source
   */
  public static PoolEvents direct(KvBlockIndex index, BlockSize blockSize, LongSupplier nanoClock) {
    return new PoolEvents(index, null, blockSize, nanoClock, null, Map.of());
  }

  /**
   * The same, and the first block of each prompt that an engine announces is hashed here too, to find
   * out who hashes otherwise: {@link EventFindings#hashedOtherwise}.
   *
   * @param index where blocks go; prompts looked up there are hashed by the engines' scheme
   * @param blockSize the pool's block size; learned here if it is not known
   * @param nanoClock the index's clock
   * @param scheme how the engines hash
   * @param adapters the LoRA adapters, as the scheme needs them; blocks of others are not checked
   * @return events without a source
   */
  public static PoolEvents direct(
      KvBlockIndex index,
      BlockSize blockSize,
      LongSupplier nanoClock,
      EngineHashScheme scheme,
      Collection<LoraAdapter> adapters) {
    return new PoolEvents(
        index,
        null,
        blockSize,
        nanoClock,
        scheme,
        adapters.stream().collect(Collectors.toUnmodifiableMap(LoraAdapter::name, a -> a)));
  }

  /**
   * Returns where the events of an endpoint go.
   *
   * @param endpoint the endpoint, with its rank
   * @return its sink, the same one until {@link #remove}
   */
  public KvEventSink source(Endpoint endpoint) {
    return source(endpoint, SHARED);
  }

  /**
   * Returns where the events of an endpoint go, in a hash domain of a name.
   *
   * @param endpoint the endpoint, with its rank
   * @param domain shares its handles with the sources of this domain only; ignored if the endpoint
   *     has a sink already, and in the direct mode
   * @return its sink, the same one until {@link #remove}
   */
  public KvEventSink source(Endpoint endpoint, String domain) {
    return sources.computeIfAbsent(
        endpoint,
        e -> hasher == null
            ? new DirectKvEventApplier(e, this)
            : new KvEventApplier(e, this, hasher, domain, join(domain)));
  }

  /**
   * Returns whether somebody asked for an endpoint's sink, be it that events have come or not.
   *
   * @param endpoint any
   * @return false after {@link #remove}
   */
  public boolean hasSource(Endpoint endpoint) {
    return sources.containsKey(endpoint);
  }

  /**
   * Makes the sink of an endpoint deaf. When this returns, no event of it is being applied, so its
   * holders may be dropped.
   *
   * @param endpoint nothing happens if it has no sink
   */
  public void remove(Endpoint endpoint) {
    SourceSink gone = sources.remove(endpoint);
    if (gone != null) {
      gone.close();
    }
  }

  /**
   * A prompt was hashed here: if engines announce such prompts, they begin with the same block.
   *
   * @param head hash of its first block
   */
  public void requested(long head) {
    requested.setOpaque(place(head), head);
  }

  /** {@return the counters; they may be a few events apart} */
  public EventStats stats() {
    long handles = 0;
    long bytes = 0;
    for (HandleMap map : maps) {
      handles += map.size();
      bytes += map.bytes();
    }
    return counters.stats(handles, bytes);
  }

  /** {@return what was noticed so far} */
  public EventFindings findings() {
    return new EventFindings(
        sources.size(),
        sources(source -> !source.wasHeard()),
        adapters,
        Arrays.stream(otherSizes).boxed().toList(),
        announcedHeads.sum(),
        requestedHeads.sum(),
        sources(SourceSink::hashesOtherwise));
  }

  private List<Endpoint> sources(Predicate<SourceSink> which) {
    return sources.entrySet().stream()
        .filter(source -> which.test(source.getValue()))
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparing(Endpoint::address))
        .toList();
  }

  /**
   * Returns whether engines announced blocks of an adapter.
   *
   * @param name any
   * @return false too where more than 1,024 adapters were announced and this one came late
   */
  public boolean isAnnounced(String name) {
    return adapters.contains(name);
  }

  /** An engine announced a prompt's first block. */
  void announcedHead(long head) {
    announcedHeads.increment();
    if (requested.getOpaque(place(head)) == head) {
      requestedHeads.increment();
    }
  }

  /** An engine announced blocks of an adapter. */
  void announcedAdapter(String name) {
    if (!adapters.contains(name) && adapters.size() < MOST_ADAPTERS) {
      adapters.add(name);
    }
  }

  /** An engine announced blocks of a size that is not the pool's. */
  void announcedSize(int tokens) {
    if (!has(otherSizes, tokens)) {
      synchronized (this) {
        int[] known = otherSizes;
        if (known.length < MOST_SIZES && !has(known, tokens)) {
          int[] more = Arrays.copyOf(known, known.length + 1);
          more[known.length] = tokens;
          otherSizes = more;
        }
      }
    }
  }

  private static boolean has(int[] sizes, int size) {
    for (int known : sizes) {
      if (known == size) {
        return true;
      }
    }
    return false;
  }

  /** {@return handles for a source that shares its own with no other} */
  HandleMap ownDomain() {
    counters.ownDomains.increment();
    HandleMap map = new HandleMap(1, MOST_OWN_HANDLES, index::contains);
    maps.add(map);
    return map;
  }

  /** Nobody needs these handles any more. */
  void closeDomain(HandleMap map) {
    maps.remove(map);
  }

  private synchronized HandleMap join(String name) {
    Domain domain = domains.computeIfAbsent(name, n -> {
      long most = (long) HANDLES_PER_BLOCK * index.stats().capacityBlocks();
      HandleMap map = new HandleMap(
          HandleMap.SHARED_SEGMENTS, (int) Math.min(most, MOST_HANDLES), index::contains);
      maps.add(map);
      return new Domain(map);
    });
    domain.users++;
    return domain.handles;
  }

  /** A source leaves a domain; what nobody uses goes. */
  synchronized void leave(String name) {
    Domain domain = domains.get(name);
    if (domain != null && --domain.users == 0) {
      domains.remove(name);
      maps.remove(domain.handles);
    }
  }

  private static int place(long head) {
    return (int) (head ^ (head >>> 32)) & (HEADS - 1);
  }
}
