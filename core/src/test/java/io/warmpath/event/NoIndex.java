package io.warmpath.event;

import io.warmpath.index.ForwardingIndex;
import io.warmpath.index.KvBlockIndex;

/** Keeps no blocks and allocates nothing: for tests of what events allocate outside the index. */
final class NoIndex extends ForwardingIndex {

  NoIndex(KvBlockIndex index) {
    super(index);
  }

  @Override
  public boolean store(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    return true;
  }

  @Override
  public boolean remove(int holder, long[] blocks, int from, int count) {
    return true;
  }

  @Override
  public boolean contains(long block) {
    return true;
  }
}
