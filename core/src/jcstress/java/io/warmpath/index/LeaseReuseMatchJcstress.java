package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside a clear after which another endpoint gets the number that stood for these blocks: it
 * stores the second half, so it never has the beginning.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "It never has the first block.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class LeaseReuseMatchJcstress extends IndexUnderStress {

  private final int two = index.holder(HolderKey.gpu(TWO));
  private final int slotTwo = index.slot(TWO);

  /** Starts with the first half at another endpoint. */
  public LeaseReuseMatchJcstress() {
    storeInRuns(one, 0, 16);
  }

  /** Clears the one and stores at the other. */
  @Actor
  public void fleet() {
    index.clear(one);
    storeInRuns(two, 16, 32);
  }

  /**
   * Looks up.
   *
   * @param result the depth
   */
  @Actor
  public void router(I_Result result) {
    result.r1 = depth(slotTwo);
  }
}
