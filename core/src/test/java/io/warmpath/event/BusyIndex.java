package io.warmpath.event;

import io.warmpath.index.ForwardingIndex;
import io.warmpath.index.KvBlockIndex;

/** Refuses every change that can be refused. */
final class BusyIndex extends ForwardingIndex {

  BusyIndex(KvBlockIndex index) {
    super(index);
  }

  @Override
  public boolean store(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    return false;
  }

  @Override
  public boolean remove(int holder, long[] blocks, int from, int count) {
    return false;
  }
}
