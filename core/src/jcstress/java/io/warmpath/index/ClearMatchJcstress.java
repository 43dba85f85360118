package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside a clear: blocks in four runs go at one instant.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "32", expect = Expect.ACCEPTABLE, desc = "Before.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class ClearMatchJcstress extends IndexUnderStress {

  /** Starts with all, in four runs. */
  public ClearMatchJcstress() {
    storeInRuns(one, 0, 32);
  }

  /** Clears. */
  @Actor
  public void engine() {
    index.clear(one);
  }

  /**
   * Looks up.
   *
   * @param result the depth
   */
  @Actor
  public void router(I_Result result) {
    result.r1 = depth(slotOne);
  }
}
