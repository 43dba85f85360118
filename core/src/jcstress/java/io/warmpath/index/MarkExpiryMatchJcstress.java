package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside the sweep of marks that have ended and a store of the last block: never all, also
 * for a look-up whose clock is from before the end. The many runs between only make the look-up long
 * enough for both changes to happen under its eyes.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "Before: the last is missing.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After the end.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class MarkExpiryMatchJcstress extends IndexUnderStress {

  /** Starts with the first two believed, in the run swept next, the rest but the last announced. */
  public MarkExpiryMatchJcstress() {
    index.expect(one, CHAIN, 2, 0, 10);
    storeInRuns(one, 2, 31, 1);
    ((RunBlockIndex) index).writer.hand = 1;
  }

  /** Lets the marks end and be swept, then stores the last block. */
  @Actor
  public void engine() {
    now = 20;
    remove(one, 0, 0);
    store(one, 31, 32);
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
