package io.warmpath.fleet.soak;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.engine.EndpointSpec;
import io.warmpath.engine.PoolWiring;
import io.warmpath.fleet.engine.SimulatedEngine;
import java.net.URI;
import java.util.function.Consumer;

/**
 * One engine, and since when nothing was done to it.
 *
 * <p><b>Threads:</b> the changing ones one at a time; what is asked, any number.
 */
final class Pod {

  /** Later than any time. */
  private static final long NOT_NOW = Long.MAX_VALUE;

  private final SimulatedEngine engine;
  private final PoolWiring wiring;
  private final EndpointSpec spec;
  private final Endpoint endpoint;
  private final SoakClock clock;
  private final Consumer<Endpoint> added;
  private volatile long runsSince;
  private volatile long registeredSince;

  /** Takes a started engine and registers it; {@code added} is told, now and whenever it is added again. */
  Pod(SimulatedEngine engine, PoolWiring wiring, SoakClock clock, Consumer<Endpoint> added) {
    this.engine = engine;
    this.wiring = wiring;
    this.clock = clock;
    this.spec = new EndpointSpec(
        Endpoint.of(engine.url().getAuthority()),
        URI.create(engine.kvEventEndpoint()),
        URI.create(engine.kvReplayEndpoint()));
    this.added = added;
    this.endpoint = wiring.add(spec);
    added.accept(endpoint);
    runsSince = clock.nanos();
    registeredSince = clock.nanos();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Closes all its sockets in the midst of whatever is sent; its port refuses from now on. */
  void kill() {
    runsSince = NOT_NOW;
    engine.kill();
  }

  /** Starts it again on the same ports, with an empty cache and a sequence that begins anew. */
  void revive() {
    engine.start();
    runsSince = clock.nanos();
  }

  /** Takes it out of the router's registry; what is under way there goes on. */
  void drop() {
    registeredSince = NOT_NOW;
    wiring.remove(endpoint).toCompletableFuture().join();
  }

  void addAgain() {
    added.accept(wiring.add(spec));
    registeredSince = clock.nanos();
  }

  boolean runs() {
    return runsSince != NOT_NOW;
  }

  boolean isRegistered() {
    return registeredSince != NOT_NOW;
  }

  /** {@return whether its process has lived, untouched, since then} */
  boolean hasRunSince(long nanos) {
    return runsSince <= nanos;
  }

  /** {@return whether it could have served a request, untouched, since then} */
  boolean couldServeSince(long nanos) {
    return runsSince <= nanos && registeredSince <= nanos;
  }
}
