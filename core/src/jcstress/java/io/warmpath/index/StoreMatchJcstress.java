package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two look-ups beside stores of a new run, of more behind it in another array, of more in the same
 * array, and of the rest: each shows its blocks all at once, after the one before, and for good.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "0, (0|20|21|29|32)", expect = Expect.ACCEPTABLE, desc = "Before all of them.")
@Outcome(id = "20, (20|21|29|32)", expect = Expect.ACCEPTABLE, desc = "After the new run.")
@Outcome(id = "21, (21|29|32)", expect = Expect.ACCEPTABLE, desc = "After that in another array.")
@Outcome(id = "29, (29|32)", expect = Expect.ACCEPTABLE, desc = "After that in the same array.")
@Outcome(id = "32, 32", expect = Expect.ACCEPTABLE, desc = "After all of them.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true, or not any more.")
@State
public class StoreMatchJcstress extends IndexUnderStress {

  /** Starts empty. */
  public StoreMatchJcstress() {
    now = 0;
  }

  /** Stores the chain in four parts. */
  @Actor
  public void engine() {
    store(one, 0, 20);
    storeBehind(one, 20, 21);
    storeBehind(one, 21, 29);
    store(one, 29, 32);
  }

  /**
   * Looks up twice.
   *
   * @param result the depths
   */
  @Actor
  public void router(II_Result result) {
    result.r1 = depth(slotOne);
    result.r2 = depth(slotOne);
  }
}
