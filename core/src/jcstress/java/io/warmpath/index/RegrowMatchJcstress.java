package io.warmpath.index;

import java.util.stream.LongStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Look-ups beside a run that loses its tail at one endpoint and gets another at the other: the other
 * endpoint, which loses nothing, never has any of the one's tail. What is looked up parts with that tail
 * on the way, so that its hashes are searched before the cover is read, which must not be the other
 * tail's. Both changes must fall between the two, so this needs a look-up that is suspended there: give
 * it one processor, or a busy machine.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "16, 16", expect = Expect.ACCEPTABLE, desc = "Before the other tail.")
@Outcome(id = "16, 32", expect = Expect.ACCEPTABLE, desc = "After it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class RegrowMatchJcstress extends IndexUnderStress {

  private static final long[] FORK = LongStream.range(0, 32).map(i -> i < 24 ? i : 100 + i).toArray();
  private static final long[] OTHER = LongStream.range(0, 32).map(i -> i < 16 ? i : -i).toArray();

  private final int two = index.holder(HolderKey.gpu(TWO));
  private final int slotTwo = index.slot(TWO);

  /** Starts with all at the one and the first half at the other. */
  public RegrowMatchJcstress() {
    store(one, 0, 32);
    store(two, 0, 16);
  }

  /** Removes the tail of the one and stores another at the other. */
  @Actor
  public void engine() {
    remove(one, 16, 32);
    index.store(two, 15, true, OTHER, 16, 16);
  }

  /**
   * Looks up both chains, the first until it is wrong.
   *
   * @param result the depths of the other endpoint
   */
  @Actor
  public void router(II_Result result) {
    int depth = 16;
    for (int i = 0; i < TIMES && depth == 16; i++) {
      depth = depth(slotTwo, FORK);
    }
    result.r1 = depth;
    result.r2 = depth(slotTwo, OTHER);
  }
}
