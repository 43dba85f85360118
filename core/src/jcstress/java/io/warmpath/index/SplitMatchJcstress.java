package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Look-ups beside a removal of the middle, which splits the run: both ends are found throughout.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "4, 5", expect = Expect.ACCEPTABLE, desc = "Both ends.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class SplitMatchJcstress extends IndexUnderStress {

  private static final long[] HEAD = range(0, 4);
  private static final long[] TAIL = range(27, 32);

  /** Starts with all, in one run. */
  public SplitMatchJcstress() {
    store(one, 0, 32);
  }

  /** Removes the middle. */
  @Actor
  public void engine() {
    remove(one, 4, 27);
  }

  /**
   * Looks up both ends.
   *
   * @param result their depths
   */
  @Actor
  public void router(II_Result result) {
    result.r1 = depth(slotOne, HEAD);
    result.r2 = depth(slotOne, TAIL);
  }
}
