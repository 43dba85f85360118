package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Look-ups in two calls beside removals of a range that begins in the first call's half and ends in the
 * second's, again and again: all of it or none, never the half that was passed.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "32", expect = Expect.ACCEPTABLE, desc = "With it.")
@Outcome(id = "8", expect = Expect.ACCEPTABLE, desc = "Without it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class RangeRemovalMatchJcstress extends IndexUnderStress {

  /** Starts with all. */
  public RangeRemovalMatchJcstress() {
    store(one, 0, 32);
  }

  /** Removes the range and stores it again. */
  @Actor
  public void engine() {
    for (int i = 0; i < TIMES; i++) {
      remove(one, 8, 32);
      storeBehind(one, 8, 32);
    }
  }

  /**
   * Looks up until it is wrong.
   *
   * @param result the last depth
   */
  @Actor
  public void router(I_Result result) {
    int depth = 8;
    for (int i = 0; i < TIMES && (depth == 8 || depth == 32); i++) {
      depth = depthInTwoCalls(slotOne);
    }
    result.r1 = depth;
  }
}
