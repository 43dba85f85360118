package io.warmpath.event;

import io.warmpath.index.Tier;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One KV event as a value, for tests and tools; the hot path drives a {@link KvEventSink} without it.
 */
public sealed interface KvEvent {

  /**
   * Blocks became available; see {@link KvEventSink#stored}.
   *
   * @param hashes engine hashes; shared
   * @param parent engine hash of the block before the first, or null at the start of a prompt
   * @param tokens tokens of all these blocks; shared
   * @param blockSize tokens per block
   * @param tier where the blocks are
   * @param group KV cache group
   * @param extras what else names the blocks
   */
  record Stored(
      long[] hashes,
      @Nullable Long parent,
      int[] tokens,
      int blockSize,
      Tier tier,
      int group,
      BlockExtras extras)
      implements KvEvent {
    @Override
    public String toString() {
      return "Stored" + Arrays.toString(hashes) + " after " + parent + ", " + tokens.length
          + " tokens in blocks of " + blockSize + ", " + tier + ", group " + group + ", " + extras;
    }
  }

  /**
   * Blocks were evicted; see {@link KvEventSink#removed}.
   *
   * @param hashes engine hashes; shared
   * @param tier where the blocks were
   * @param group KV cache group
   */
  record Removed(long[] hashes, Tier tier, int group) implements KvEvent {
    @Override
    public String toString() {
      return "Removed" + Arrays.toString(hashes) + ", " + tier + ", group " + group;
    }
  }

  /** The device cache was emptied; see {@link KvEventSink#cleared}. */
  record Cleared() implements KvEvent {}

  /** The source's state is lost; see {@link KvEventSink#reset}. */
  record Reset() implements KvEvent {}

  /**
   * Makes a sink that copies each event into a value.
   *
   * @param consumer receives the values, on the caller's thread
   * @return the sink
   */
  static KvEventSink recorder(Consumer<? super KvEvent> consumer) {
    return new KvEventSink() {
      @Override
      public void stored(
          long[] hashes,
          int count,
          boolean hasParent,
          long parent,
          int[] tokens,
          int tokenCount,
          int blockSize,
          Tier tier,
          int group,
          BlockExtras extras) {
        consumer.accept(new Stored(
            Arrays.copyOf(hashes, count),
            hasParent ? parent : null,
            Arrays.copyOf(tokens, tokenCount),
            blockSize,
            tier,
            group,
            extras));
      }

      @Override
      public void removed(long[] hashes, int count, Tier tier, int group) {
        consumer.accept(new Removed(Arrays.copyOf(hashes, count), tier, group));
      }

      @Override
      public void cleared() {
        consumer.accept(new Cleared());
      }

      @Override
      public void reset() {
        consumer.accept(new Reset());
      }
    };
  }
}
