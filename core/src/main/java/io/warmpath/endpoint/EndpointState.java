package io.warmpath.endpoint;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A registered endpoint with what is known of it now. One object from {@link EndpointRegistry#add}
 * to {@link EndpointRegistry#remove}.
 *
 * <p><b>Threads:</b> safe for any number.
 */
public final class EndpointState {

  private final Endpoint endpoint;
  private final int slot;
  private final Consumer<EndpointMetrics> onMetrics;
  private final InFlightLoad load = new InFlightLoad();
  private final AtomicLong failures = new AtomicLong();
  private volatile EndpointMetrics metrics = EndpointMetrics.UNKNOWN;
  private volatile long avoidUntilNanos;
  private volatile boolean avoided;
  private volatile boolean removed;

  EndpointState(Endpoint endpoint, int slot, Consumer<EndpointMetrics> onMetrics) {
    this.endpoint = endpoint;
    this.slot = slot;
    this.onMetrics = onMetrics;
  }

  /** {@return the endpoint} */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** {@return the endpoint's number in prefix matches, until it is removed} */
  public int slot() {
    return slot;
  }

  /** {@return requests of this router in flight there} */
  public InFlightLoad load() {
    return load;
  }

  /** {@return the last metrics read, {@link EndpointMetrics#UNKNOWN} before the first} */
  public EndpointMetrics metrics() {
    return metrics;
  }

  /**
   * New metrics were read.
   *
   * @param metrics replaces the last ones
   */
  public void metrics(EndpointMetrics metrics) {
    this.metrics = metrics;
    onMetrics.accept(metrics);
  }

  /**
   * A request could not be delivered: others are preferred for a while.
   *
   * @param untilNanos end of that while, by the router's clock
   */
  public void unreachable(long untilNanos) {
    failures.incrementAndGet();
    avoidUntilNanos = untilNanos;
    avoided = true;
  }

  /** A response came: the endpoint is well. */
  public void reachable() {
    if (avoided) {
      avoided = false;
    }
  }

  /**
   * Returns whether others are to be preferred because a request could not be delivered.
   *
   * @param nowNanos the router's clock
   * @return whether {@link #unreachable} still counts
   */
  public boolean isAvoided(long nowNanos) {
    return avoided && avoidUntilNanos - nowNanos > 0;
  }

  /** {@return deliveries that failed since the endpoint was added} */
  public long failures() {
    return failures.get();
  }

  /** {@return whether the endpoint was removed from its registry; requests may still be under way} */
  public boolean isRemoved() {
    return removed;
  }

  /** By the registry, before it tells anybody. */
  void remove() {
    removed = true;
  }

  @Override
  public String toString() {
    return endpoint.address();
  }
}
