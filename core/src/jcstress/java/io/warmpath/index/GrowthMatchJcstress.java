package io.warmpath.index;

import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside the growth of the segment that all blocks are in: what is there is found throughout.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "8", expect = Expect.ACCEPTABLE, desc = "All of it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class GrowthMatchJcstress extends IndexUnderStress {

  private final long[] colliding = new long[24];

  /** Starts with eight blocks. */
  public GrowthMatchJcstress() {
    CollidingBlocks blocks = new CollidingBlocks();
    for (int i = 0; i < colliding.length; i++) {
      colliding[i] = blocks.next();
    }
    index.store(one, 0, false, colliding, 0, 8);
  }

  /** Stores and removes others of the same segment until it is rebuilt. */
  @Actor
  public void engine() {
    index.store(one, 0, false, colliding, 8, 16);
    index.remove(one, colliding, 8, 16);
  }

  /**
   * Looks up.
   *
   * @param result the depth
   */
  @Actor
  public void router(I_Result result) {
    result.r1 = depth(slotOne, Arrays.copyOf(colliding, 8));
  }
}
