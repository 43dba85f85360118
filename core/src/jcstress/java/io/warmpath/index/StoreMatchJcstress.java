package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside two stores: each shows its blocks all at once, the second after the first.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "Before both.")
@Outcome(id = "16", expect = Expect.ACCEPTABLE, desc = "Between them.")
@Outcome(id = "32", expect = Expect.ACCEPTABLE, desc = "After both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class StoreMatchJcstress extends IndexUnderStress {

  /** Starts empty. */
  public StoreMatchJcstress() {
    now = 0;
  }

  /** Stores two halves. */
  @Actor
  public void engine() {
    store(one, 0, 16);
    store(one, 16, 32);
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
