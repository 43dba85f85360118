package io.warmpath.chronicle;

import io.warmpath.endpoint.Endpoint;
import io.warmpath.index.BlockVisitor;
import io.warmpath.index.HolderKey;
import io.warmpath.index.IndexStats;
import io.warmpath.index.KvBlockIndex;
import io.warmpath.index.PrefixMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** An index that shows what it is told to, and writes down what it is asked to believe. */
final class ShownIndex implements KvBlockIndex {

  /** What {@link #confirm} was called with. */
  record Confirmed(HolderKey holder, List<Long> blocks) {}

  final List<Confirmed> confirmed = new ArrayList<>();
  private final Consumer<BlockVisitor> shown;
  private final List<HolderKey> holders = new ArrayList<>();

  ShownIndex(Consumer<BlockVisitor> shown) {
    this.shown = shown;
  }

  @Override
  public int holder(HolderKey key) {
    if (!holders.contains(key)) {
      holders.add(key);
    }
    return holders.indexOf(key);
  }

  @Override
  public void confirm(int holder, long[] chain, int length, long nowNanos) {
    List<Long> blocks = Arrays.stream(chain, 0, length).boxed().toList();
    confirmed.add(new Confirmed(holders.get(holder), blocks));
  }

  @Override
  public void visit(BlockVisitor visitor) {
    shown.accept(visitor);
  }

  @Override
  public int slot(Endpoint endpoint) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void group(int group, int needBlocks) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int[] groups() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int needBlocks(int group) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void approximate(int holder, int capacityBlocks, long lifeNanos) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void exact(int holder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean store(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean remove(int holder, long[] blocks, int from, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void clear(int holder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void drop(Endpoint endpoint) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void expect(int holder, long[] chain, int length, long nowNanos, long lifeNanos) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void match(long[] chain, int from, int length, PrefixMatch match) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean contains(long block) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long blocks(int holder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IndexStats stats() {
    throw new UnsupportedOperationException();
  }
}
