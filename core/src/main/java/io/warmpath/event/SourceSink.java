package io.warmpath.event;

/**
 * The sink of one source of a pool.
 *
 * <p><b>Threads:</b> events come from one thread at a time; {@link #close} and what is asked
 * from any. The calls exclude one another by a monitor that is all but never contended: it is what lets an
 * endpoint's holders be dropped, and their numbers given to others, without an event of the old one
 * coming between.
 */
sealed interface SourceSink extends KvEventSink permits KvEventApplier, DirectKvEventApplier {

  /** Ignores whatever still comes. When this returns, nothing is being applied. */
  void close();

  /** {@return whether an event has come} */
  boolean wasHeard();

  /** {@return whether its hashes turned out to be of another scheme than was said} */
  boolean hashesOtherwise();
}
