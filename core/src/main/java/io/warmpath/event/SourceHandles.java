package io.warmpath.event;

import org.jspecify.annotations.Nullable;

/**
 * The handles of one source: those of its hash domain, until it turns out that its engine hashes mean
 * something else, and from then on its own.
 *
 * <p>It turns out when the source announces an engine hash that stands for another block of ours, one
 * that the index has: the engine hashes no more than a block's content (SGLang up to 0.5.5), or leaves
 * out of its events what is in its hashes. In a map of its own the latest announcement wins. What the
 * source announced before the split stays findable in the domain, whose entries are not changed by it.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class SourceHandles {

  private final HandleMap domain;
  private final PoolEvents pool;
  private final long[] found = new long[1];
  private @Nullable HandleMap own;
  private boolean domainIsTrusted = true;

  /** Creates the handles of a source that begins in {@code domain}. */
  SourceHandles(HandleMap domain, PoolEvents pool) {
    this.domain = domain;
    this.pool = pool;
  }

  /** {@return whether our block hash for an engine hash is known: {@link #block()}} */
  boolean find(long hash) {
    HandleMap own = this.own;
    if (own != null && own.get(hash, found)) {
      return true;
    }
    return domainIsTrusted && domain.get(hash, found);
  }

  /** {@return our block hash for what {@link #find} found last} */
  long block() {
    return found[0];
  }

  /** {@return whether there was room for an entry} */
  boolean put(long hash, long block) {
    HandleMap own = this.own;
    if (own == null) {
      int result = domain.put(hash, block, false);
      if (result != HandleMap.TAKEN) {
        return result == HandleMap.KEPT;
      }
      own = pool.ownDomain();
      this.own = own;
    }
    return own.put(hash, block, true) == HandleMap.KEPT;
  }

  /** The source starts anew. What others use stays; it goes with the index's blocks. */
  void forget() {
    HandleMap own = this.own;
    if (own != null) {
      own.clear();
      domainIsTrusted = false;
    }
  }

  /** The source is gone. */
  void close() {
    HandleMap own = this.own;
    if (own != null) {
      pool.closeDomain(own);
    }
  }
}
