package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside a removal of the first block and a store of the last: the endpoint has all but the
 * last block, then also lacks the first, then has all but the first; it never has all. The blocks
 * between only make the look-up long enough for both changes to happen under its eyes.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "Before the removal: the last is missing.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After the removal: the first is missing.")
@Outcome(
    id = "32",
    expect = Expect.FORBIDDEN,
    desc = "The first from before and the last from after: a depth that was never true.")
@State
public class StoreRemoveMatchJcstress extends IndexUnderStress {

  /** Starts with all blocks but the last, in four runs. */
  public StoreRemoveMatchJcstress() {
    storeInRuns(one, 0, LENGTH - 1);
  }

  /** Removes the first block, then stores the last. */
  @Actor
  public void engine() {
    remove(one, 0, 1);
    store(one, LENGTH - 1, LENGTH);
  }

  /**
   * Looks all of them up.
   *
   * @param result the depth
   */
  @Actor
  public void router(I_Result result) {
    result.r1 = depth(slotOne);
  }
}
