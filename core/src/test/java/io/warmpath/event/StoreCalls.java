package io.warmpath.event;

import io.warmpath.index.ForwardingIndex;
import io.warmpath.index.KvBlockIndex;
import java.util.List;

/** Notes how many blocks each call of {@link #store} has. */
final class StoreCalls extends ForwardingIndex {

  private final List<Integer> calls;

  StoreCalls(KvBlockIndex index, List<Integer> calls) {
    super(index);
    this.calls = calls;
  }

  @Override
  public boolean store(
      int holder, long parent, boolean hasParent, long[] blocks, int from, int count) {
    calls.add(count);
    return super.store(holder, parent, hasParent, blocks, from, count);
  }
}
