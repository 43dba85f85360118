package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside removals from the tail and from the head of a run: what is left is found where it was.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "32", expect = Expect.ACCEPTABLE, desc = "Before both.")
@Outcome(id = "24", expect = Expect.ACCEPTABLE, desc = "Between them.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class RemoveMatchJcstress extends IndexUnderStress {

  /** Starts with all. */
  public RemoveMatchJcstress() {
    store(one, 0, 32);
  }

  /** Removes the tail, then the head. */
  @Actor
  public void engine() {
    remove(one, 24, 32);
    remove(one, 0, 20);
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
