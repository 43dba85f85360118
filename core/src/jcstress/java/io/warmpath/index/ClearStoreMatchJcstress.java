package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside a clear and a store of the second half: never the first from before and the second
 * from after.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "16", expect = Expect.ACCEPTABLE, desc = "Before: the second half is missing.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class ClearStoreMatchJcstress extends IndexUnderStress {

  /** Starts with the first half, in two runs. */
  public ClearStoreMatchJcstress() {
    storeInRuns(one, 0, 16);
  }

  /** Clears, then stores the second half. */
  @Actor
  public void engine() {
    index.clear(one);
    storeInRuns(one, 16, 32);
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
