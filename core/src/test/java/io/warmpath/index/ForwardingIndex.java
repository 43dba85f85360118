package io.warmpath.index;

import io.warmpath.endpoint.Endpoint;

/** An index that does what another one does, for those that do one thing otherwise. */
public abstract class ForwardingIndex implements KvBlockIndex {

  private final KvBlockIndex index;

  /**
   * For subclasses.
   *
   * @param index who does it
   */
  protected ForwardingIndex(KvBlockIndex index) {
    this.index = index;
  }

  @Override
  public int slot(Endpoint endpoint) {
    return index.slot(endpoint);
  }

  @Override
  public int holder(HolderKey key) {
    return index.holder(key);
  }

  @Override
  public void group(int group, int needBlocks) {
    index.group(group, needBlocks);
  }

  @Override
  public int[] groups() {
    return index.groups();
  }

  @Override
  public int needBlocks(int group) {
    return index.needBlocks(group);
  }

  @Override
  public void approximate(int holder, int capacityBlocks, long lifeNanos) {
    index.approximate(holder, capacityBlocks, lifeNanos);
  }

  @Override
  public void exact(int holder) {
    index.exact(holder);
  }

  @Override
  public boolean store(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    return index.store(holder, parent, hasParent, blocks, from, count);
  }

  @Override
  public boolean remove(int holder, long[] blocks, int from, int count) {
    return index.remove(holder, blocks, from, count);
  }

  @Override
  public void clear(int holder) {
    index.clear(holder);
  }

  @Override
  public void drop(Endpoint endpoint) {
    index.drop(endpoint);
  }

  @Override
  public void expect(int holder, long[] chain, int length, long nowNanos, long lifeNanos) {
    index.expect(holder, chain, length, nowNanos, lifeNanos);
  }

  @Override
  public void confirm(int holder, long[] chain, int length, long nowNanos) {
    index.confirm(holder, chain, length, nowNanos);
  }

  @Override
  public void match(long[] chain, int from, int length, PrefixMatch match) {
    index.match(chain, from, length, match);
  }

  @Override
  public boolean contains(long block) {
    return index.contains(block);
  }

  @Override
  public long blocks(int holder) {
    return index.blocks(holder);
  }

  @Override
  public void visit(BlockVisitor visitor) {
    index.visit(visitor);
  }

  @Override
  public IndexStats stats() {
    return index.stats();
  }
}
