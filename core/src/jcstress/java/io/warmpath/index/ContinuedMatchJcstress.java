package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up in two calls beside a removal of an early block and a store of the last: never all.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "Before: the last is missing.")
@Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "After the removal.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class ContinuedMatchJcstress extends IndexUnderStress {

  /** Starts with all but the last. */
  public ContinuedMatchJcstress() {
    store(one, 0, 31);
  }

  /** Removes an early block, then stores the last. */
  @Actor
  public void engine() {
    remove(one, 3, 4);
    store(one, 31, 32);
  }

  /**
   * Looks up.
   *
   * @param result the depth
   */
  @Actor
  public void router(I_Result result) {
    result.r1 = depthInTwoCalls(slotOne);
  }
}
