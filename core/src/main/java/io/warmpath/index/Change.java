package io.warmpath.index;

import java.util.Arrays;

/** A change that waits for its turn. Blocks are copies, owned by the change. */
sealed interface Change {

  /** Applies it; only in its turn. */
  void applyTo(RunWriter writer);

  /** {@return the blocks that it keeps in memory} */
  int blocks();

  /** See {@link KvBlockIndex#store}. */
  record Store(Holder holder, long parent, boolean hasParent, long[] added) implements Change {
    @Override
    public void applyTo(RunWriter writer) {
      writer.store(holder, parent, hasParent, added, 0, added.length);
    }

    @Override
    public int blocks() {
      return added.length;
    }

    @Override
    public String toString() {
      return "Store" + Arrays.toString(added) + " at " + holder.number;
    }
  }

  /** See {@link KvBlockIndex#remove}. */
  record Remove(Holder holder, long[] gone) implements Change {
    @Override
    public void applyTo(RunWriter writer) {
      writer.remove(holder, gone, 0, gone.length);
    }

    @Override
    public int blocks() {
      return gone.length;
    }

    @Override
    public String toString() {
      return "Remove" + Arrays.toString(gone) + " at " + holder.number;
    }
  }

  /** See {@link KvBlockIndex#expect}. */
  record Mark(Holder holder, long[] chain, long nowNanos, long life) implements Change {
    @Override
    public void applyTo(RunWriter writer) {
      writer.mark(holder, chain, chain.length, nowNanos, life);
    }

    @Override
    public int blocks() {
      return chain.length;
    }

    @Override
    public String toString() {
      return "Mark" + Arrays.toString(chain) + " at " + holder.number;
    }
  }

  /** See {@link KvBlockIndex#clear}. */
  record Clear(Holder holder) implements Change {
    @Override
    public void applyTo(RunWriter writer) {
      writer.clear(holder);
    }

    @Override
    public int blocks() {
      return 0;
    }
  }

  /** See {@link KvBlockIndex#approximate}. */
  record Approximate(Holder holder, int capacity, long life) implements Change {
    @Override
    public void applyTo(RunWriter writer) {
      writer.approximate(holder, capacity, life);
    }

    @Override
    public int blocks() {
      return 0;
    }
  }

  /** See {@link KvBlockIndex#exact}. */
  record Exact(Holder holder) implements Change {
    @Override
    public void applyTo(RunWriter writer) {
      writer.exact(holder);
    }

    @Override
    public int blocks() {
      return 0;
    }
  }

  /** See {@link KvBlockIndex#drop}. */
  record Retire(Roster.Dropped dropped) implements Change {
    @Override
    public void applyTo(RunWriter writer) {
      writer.retire(dropped);
    }

    @Override
    public int blocks() {
      return 0;
    }
  }
}
