package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;
import java.util.function.LongSupplier;

/**
 * Remembers which holders have which KV blocks, and answers how much of a prompt each endpoint has
 * cached.
 *
 * <p>Block hashes are <em>chained</em>: a hash names its block and all blocks before it, so equal
 * hashes stand at the end of equal prefixes. Every {@code long} is a legal hash.
 *
 * <p><b>Counted and believed.</b> What engines announce ({@link #store}, {@link #remove}) is counted:
 * a block stored twice is there until it is removed twice, because engines announce every physical
 * copy. What a router expects ({@link #expect}) or has seen the effect of ({@link #confirm}) is one
 * mark per holder and block, with an end, and never a copy. A holder has a block if it has a copy or
 * a mark. The removal of the last copy, a {@link #clear} and a {@link #drop} take the mark away too.
 *
 * <p>The index is a <em>hint</em>, not a ledger: an answer may be stale by the events still in flight.
 * A stale answer costs a slower request, never a wrong one.
 *
 * <p><b>Threads:</b> all methods may be called from any thread. Changes are queued without a lock and
 * applied by one thread at a time on behalf of all; the changes of one caller keep their order, and
 * are visible when its call returns unless another thread is applying them right then. Look-ups take
 * no lock, write no shared memory and allocate nothing. They are linearizable per endpoint: each depth
 * was true at some instant of the call, or is shorter than that, and counted, after too many retries.
 * With several cache groups it may also be shorter, and not counted, where blocks of a group come and go
 * meanwhile. Whether marks have ended is judged by one reading of the clock, made when the call meets
 * the first mark, or another call did with which it goes on.
 *
 * <p><b>Errors:</b> nothing here throws once the index is built but for arguments out of range. What
 * cannot be kept is counted in {@link #stats()}.
 */
public interface KvBlockIndex {

  /** Most distinct blocks held, unless the builder is told otherwise: 4 Mi. */
  int DEFAULT_CAPACITY_BLOCKS = 4 << 20;

  /**
   * How long a {@link #confirm} is believed if the engine says nothing else: 10 minutes, in
   * nanoseconds.
   */
  long CONFIRM_LIFE_NANOS = 600_000_000_000L;

  /** The need of a cache group without a window: every block of a prefix. */
  int WHOLE_PREFIX = Integer.MAX_VALUE;

  /** {@return a builder, for what {@link #create} does not offer} */
  static KvBlockIndexBuilder builder() {
    return new KvBlockIndexBuilder();
  }

  /**
   * Creates the default implementation.
   *
   * @param capacityBlocks most distinct blocks held, in {@code [1, 2^28]}; see {@link
   *     IndexStats#evicted()}
   * @param nanoClock a monotonic clock in nanoseconds, for marks that end; read at most once by each
   *     look-up and at least once by each change, from the calling thread
   * @return an empty index
   * @throws IllegalArgumentException if the capacity is out of range
   */
  static KvBlockIndex create(int capacityBlocks, LongSupplier nanoClock) {
    return builder().capacityBlocks(capacityBlocks).nanoClock(nanoClock).build();
  }

  /**
   * Returns the number of an endpoint in a {@link PrefixMatch}, giving it one if it has none.
   *
   * @param endpoint the endpoint, with its rank
   * @return at least 0; stays until {@link #drop}, and is not given to another before the endpoint's
   *     blocks are gone
   */
  int slot(Endpoint endpoint);

  /**
   * Returns the holder that stands for a key, making it if there is none.
   *
   * @param key endpoint, tier and group
   * @return at least 0; stays until the endpoint is dropped
   */
  int holder(HolderKey key);

  /**
   * Says what a cache group of a hybrid model needs for a prefix to be reused, on every endpoint. A
   * prefix is what the first group of {@link #WHOLE_PREFIX} has from the start (group 0 where none is
   * known), cut back to the longest that every other known group can serve. Groups that nobody told of
   * are kept and limit nothing.
   *
   * @param group in {@code [0, 2^16)}
   * @param needBlocks leading blocks' end: how many blocks before the end of a prefix must be there, at
   *     least 1; {@link #WHOLE_PREFIX} for full attention, the window in blocks, rounded up, for a
   *     sliding window, 1 for a state space
   */
  void group(int group, int needBlocks);

  /**
   * Returns the cache groups that limit what of a prefix is reused: who marks a prompt marks it in each.
   *
   * @return the group whose blocks are walked from the start, then the others that {@link #group} told
   *     of; never empty. Shared, must not change; the same array until a need changes
   */
  int[] groups();

  /**
   * Returns what a cache group needs for a prefix to be reused.
   *
   * @param group any
   * @return as {@link #group} told; {@link #WHOLE_PREFIX} if nobody did, and for the group whose blocks
   *     are walked from the start
   */
  int needBlocks(int group);

  /**
   * Makes a holder approximate, for an engine that announces nothing: every {@link #expect} and {@link
   * #confirm} is believed for the given life, and when the holder has more marks than an engine has
   * blocks, the least recently made ones go.
   *
   * @param holder from {@link #holder}; nothing happens if it is unknown
   * @param capacityBlocks most marks, at least 1: the blocks of the engine's cache
   * @param lifeNanos how long a mark is believed, at least 1; rounded up by at most 1/512
   */
  void approximate(int holder, int capacityBlocks, long lifeNanos);

  /**
   * Takes {@link #approximate} back, for an engine that turns out to announce after all: the holder is as
   * new, and what it was believed to have is forgotten. Never refused.
   *
   * @param holder from {@link #holder}; nothing happens if it is unknown
   */
  void exact(int holder);

  /**
   * A holder has {@code count} more blocks, one after the other. An unknown parent is counted, and
   * the blocks are kept all the same: they count again once the blocks before them are stored.
   *
   * @param holder from {@link #holder}; unknown holders are ignored, and counted as orphans
   * @param parent the block before the first of these; ignored unless {@code hasParent}
   * @param hasParent whether there is a block before these; false at the start of a prompt
   * @param blocks block hashes; every value is allowed; read only, not kept
   * @param from first entry used
   * @param count entries used, at least 0
   * @return false if the queue of changes was full: the caller must count the holder's state as lost,
   *     clear it and learn it anew
   */
  boolean store(int holder, long parent, boolean hasParent, long[] blocks, int from, int count);

  /**
   * A holder has one copy less of each of {@code count} blocks, in any order.
   *
   * @param holder from {@link #holder}; unknown holders are ignored, and counted as unknown blocks
   * @param blocks block hashes; read only, not kept
   * @param from first entry used
   * @param count entries used, at least 0
   * @return false if the queue of changes was full, see {@link #store}
   */
  boolean remove(int holder, long[] blocks, int from, int count);

  /**
   * A holder has nothing any more. Never refused; takes effect at one instant.
   *
   * @param holder from {@link #holder}; unknown holders are ignored
   */
  void clear(int holder);

  /**
   * An endpoint is gone with all its holders; their numbers may be given to others later. Look-ups
   * that begin after this call do not see it any more. Never refused.
   *
   * @param endpoint nothing happens if it is unknown
   */
  void drop(Endpoint endpoint);

  /**
   * A request with this chain was just sent to a holder: the blocks will be there soon. A mark that
   * lasts longer stays as it is. Left out, and counted as an overflow, if the queue of changes is full.
   *
   * @param holder from {@link #holder}; unknown holders are ignored
   * @param chain consecutive block hashes, from the start of the prompt unless the holder's group has
   *     only later ones; read only, not kept
   * @param length entries used
   * @param nowNanos the index's clock
   * @param lifeNanos how long to believe it, at least 0
   */
  void expect(int holder, long[] chain, int length, long nowNanos, long lifeNanos);

  /**
   * The first token of a request with this chain has come: the blocks are there. Believed for {@link
   * #CONFIRM_LIFE_NANOS}, or until the engine says otherwise. Left out, and counted as an overflow, if
   * the queue of changes is full.
   *
   * @param holder from {@link #holder}; unknown holders are ignored
   * @param chain consecutive block hashes, as for {@link #expect}; read only, not kept
   * @param length entries used
   * @param nowNanos the index's clock
   */
  void confirm(int holder, long[] chain, int length, long nowNanos);

  /**
   * Finds how many leading blocks of a chain each endpoint can reuse, without a gap: as far as its
   * device memory has them, then as far as its host memory extends that, then its storage, then storage
   * that all share. In a call that goes on, an endpoint whose prefix has ended keeps its result.
   *
   * @param chain block hashes from the start of the prompt; read only, not kept
   * @param from 0 to start; else the {@code length} of the call before, to go on with the same chain
   *     in the same {@code match}
   * @param length end of the valid entries, exclusive
   * @param match receives the result; owned by the calling thread
   * @throws IllegalArgumentException if {@code from} is not 0 and not where {@code match} ended
   * @throws IndexOutOfBoundsException if the range is not in {@code chain}
   */
  void match(long[] chain, int from, int length, PrefixMatch match);

  /**
   * Says whether any holder has a block, or had it a moment ago. For those who keep something beside
   * the index for each of its blocks, and want to know what they may forget.
   *
   * @param block a block hash
   * @return false if nobody has it
   */
  boolean contains(long block);

  /**
   * Returns how many blocks a holder has, announced or believed, without what was swept.
   *
   * @param holder from {@link #holder}
   * @return distinct blocks, at least 0; 0 if the holder is unknown
   */
  long blocks(int holder);

  /**
   * Shows everything that holders have now, stretch by stretch: every block of every holder once. Not
   * one instant of the whole: changes go on meanwhile, and what changes may be shown or not.
   *
   * @param visitor called on this thread
   */
  void visit(BlockVisitor visitor);

  /** {@return the counters; read while writers run, they may be a few changes apart} */
  IndexStats stats();
}
