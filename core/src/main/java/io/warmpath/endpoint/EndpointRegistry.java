package io.warmpath.endpoint;

import com.google.common.collect.ImmutableList;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * The endpoints of one pool.
 *
 * <p>A reader sees one immutable list; adding and removing replace it.
 *
 * <p><b>Threads:</b> safe for any number. Reading is wait-free and allocates nothing; adding and
 * removing block one another.
 */
public final class EndpointRegistry {

  private final ToIntFunction<Endpoint> slots;
  private final Consumer<Endpoint> onRemove;
  private final Consumer<EndpointMetrics> onMetrics;
  private volatile ImmutableList<EndpointState> states = ImmutableList.of();

  /**
   * Creates an empty registry.
   *
   * @param slots gives each added endpoint its number in prefix matches
   * @param onRemove is told of each removed endpoint, so that its blocks are dropped
   * @param onMetrics is told all metrics that any of its endpoints gets, on the thread that sets them
   */
  public EndpointRegistry(
      ToIntFunction<Endpoint> slots,
      Consumer<Endpoint> onRemove,
      Consumer<EndpointMetrics> onMetrics) {
    this.slots = Objects.requireNonNull(slots, "slots");
    this.onRemove = Objects.requireNonNull(onRemove, "onRemove");
    this.onMetrics = Objects.requireNonNull(onMetrics, "onMetrics");
  }

  /** {@return the endpoints now, in the order they were added} */
  public ImmutableList<EndpointState> states() {
    return states;
  }

  /**
   * Adds an endpoint.
   *
   * @param endpoint equal to none that is registered, or the registered one
   * @return its state, the existing one if it was registered already
   */
  public synchronized EndpointState add(Endpoint endpoint) {
    Optional<EndpointState> known = find(endpoint);
    if (known.isPresent()) {
      return known.get();
    }
    EndpointState state = new EndpointState(endpoint, slots.applyAsInt(endpoint), onMetrics);
    states = ImmutableList.<EndpointState>builder().addAll(states).add(state).build();
    return state;
  }

  /**
   * Removes an endpoint; requests on their way there may finish.
   *
   * @param endpoint nothing happens if it is not registered
   * @return whether it was registered
   */
  public synchronized boolean remove(Endpoint endpoint) {
    Optional<EndpointState> known = find(endpoint);
    known.ifPresent(state -> {
      states = states.stream().filter(s -> s != state).collect(ImmutableList.toImmutableList());
      state.remove();
      onRemove.accept(endpoint);
    });
    return known.isPresent();
  }

  /**
   * Tells once more of a removed endpoint: for who has said something of it to others and then found
   * it removed, since that may have come after they forgot it.
   *
   * @param endpoint nothing happens if it is registered, perhaps again
   */
  public synchronized void forgetIfRemoved(Endpoint endpoint) {
    if (find(endpoint).isEmpty()) {
      onRemove.accept(endpoint);
    }
  }

  /**
   * Finds the state of an endpoint.
   *
   * @param endpoint any
   * @return its state, or empty if it is not registered
   */
  public Optional<EndpointState> find(Endpoint endpoint) {
    for (EndpointState state : states) {
      if (state.endpoint().equals(endpoint)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
