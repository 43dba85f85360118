package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside a drop whose slot another endpoint gets at once: it stores all but the beginning, so
 * this slot never has more than none, after it had all.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "24", expect = Expect.ACCEPTABLE, desc = "Before the drop.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class DropMatchJcstress extends IndexUnderStress {

  /** Starts with the first 24. */
  public DropMatchJcstress() {
    storeInRuns(one, 0, 24);
  }

  /** Drops the endpoint; its slot goes to the next. */
  @Actor
  public void fleet() {
    index.drop(ONE);
    storeInRuns(index.holder(HolderKey.gpu(TWO)), 8, 32);
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
