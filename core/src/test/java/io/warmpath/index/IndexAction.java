package io.warmpath.index;

import java.util.Arrays;
import java.util.SplittableRandom;

/** One change of a random program. Numbers are taken modulo what there is, so that every number fits. */
sealed interface IndexAction {

  /** Does it to all indexes of a world. */
  void applyTo(IndexWorld world);

  /** What a store says of the block before its first. */
  enum Parent {
    TRUE,
    NONE,
    UNKNOWN
  }

  /** The order in which a removal names blocks. */
  enum Order {
    TAIL_FIRST,
    HEAD_FIRST,
    RANDOM,
    TWICE,
    WITH_UNKNOWN
  }

  /** A holder stores blocks of a prompt. */
  record Store(int holder, int prompt, int from, int count, Parent parent) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      long[] chain = world.chain(prompt);
      int start = from % (chain.length + 1);
      int length = Math.min(count, chain.length - start);
      long before = parent == Parent.TRUE && start > 0 ? chain[start - 1] : IndexWorld.UNKNOWN;
      boolean hasParent = parent == Parent.UNKNOWN || (parent == Parent.TRUE && start > 0);
      world.each(index ->
          index.store(world.holder(index, holder), before, hasParent, chain, start, length));
    }
  }

  /** A holder removes blocks of a prompt. */
  record Remove(int holder, int prompt, int from, int count, Order order) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      long[] gone = ordered(world.chain(prompt), from, count, order);
      world.each(index -> index.remove(world.holder(index, holder), gone, 0, gone.length));
    }
  }

  /** A holder has nothing any more. */
  record Clear(int holder) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      world.each(index -> index.clear(world.holder(index, holder)));
    }
  }

  /** An endpoint goes. */
  record Drop(int endpoint) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      world.drop(endpoint);
    }
  }

  /** A request was sent to a holder. */
  record Expect(int holder, int prompt, int length, int life) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      long[] chain = world.chain(prompt);
      int blocks = Math.min(length, chain.length);
      world.each(
          index -> index.expect(world.holder(index, holder), chain, blocks, world.now(), life));
    }
  }

  /** The first token of a request came. */
  record Confirm(int holder, int prompt, int length) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      long[] chain = world.chain(prompt);
      int blocks = Math.min(length, chain.length);
      world.each(index -> index.confirm(world.holder(index, holder), chain, blocks, world.now()));
    }
  }

  /** Time goes on. */
  record Tick(long nanos) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      world.tick(nanos);
    }
  }

  /** A holder becomes approximate, if it has nothing. */
  record Approximate(int holder, int capacity, long life) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      if (world.hasNothing(holder)) {
        world.each(index -> index.approximate(world.holder(index, holder), capacity, life));
      }
    }
  }

  /** Group 0 or 1 needs something. */
  record Group(int group, int need) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      world.each(index -> index.group(group, need));
    }
  }

  /** Seventy endpoints more store the beginning of a prompt, each another length of it. */
  record Crowd(int prompt) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      long[] chain = world.chain(prompt);
      world.each(index -> {
        for (int e = 0; e < IndexWorld.CROWD; e++) {
          int count = Math.min(chain.length, e);
          index.store(world.crowdHolder(index, e), 0, false, chain, 0, count);
        }
      });
    }
  }

  /** The number of a holder that was dropped is used once more. */
  record Late(int which, int prompt, boolean stores) implements IndexAction {
    @Override
    public void applyTo(IndexWorld world) {
      long[] chain = world.chain(prompt);
      world.eachLate(which, (index, holder) -> {
        if (stores) {
          index.store(holder, 0, false, chain, 0, chain.length);
          index.expect(holder, chain, chain.length, world.now(), 1000);
        } else {
          index.remove(holder, chain, 0, chain.length);
          index.clear(holder);
        }
      });
    }
  }

  private static long[] ordered(long[] chain, int from, int count, Order order) {
    int start = from % (chain.length + 1);
    long[] gone = Arrays.copyOfRange(chain, start, Math.min(chain.length, start + count));
    int length = gone.length;
    switch (order) {
      case HEAD_FIRST -> {}
      case TAIL_FIRST -> {
        for (int i = 0; i < length / 2; i++) {
          swap(gone, i, length - 1 - i);
        }
      }
      case RANDOM -> {
        SplittableRandom random = new SplittableRandom(from * 31L + count);
        for (int i = 1; i < length; i++) {
          swap(gone, i, random.nextInt(i + 1));
        }
      }
      case TWICE -> {
        gone = Arrays.copyOf(gone, 2 * length);
        System.arraycopy(gone, 0, gone, length, length);
      }
      case WITH_UNKNOWN -> {
        if (length > 0) {
          gone[length / 2] = IndexWorld.UNKNOWN;
        }
      }
    }
    return gone;
  }

  private static void swap(long[] blocks, int i, int j) {
    long block = blocks[i];
    blocks[i] = blocks[j];
    blocks[j] = block;
  }
}
