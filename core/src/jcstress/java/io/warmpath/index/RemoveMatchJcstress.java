package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Look-ups beside removals from the tail and from the head of a run, after which it gets a smaller
 * array: each takes its blocks all at once, and what is left is found throughout.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "32, 3", expect = Expect.ACCEPTABLE, desc = "Before both.")
@Outcome(id = "24, 3", expect = Expect.ACCEPTABLE, desc = "Between them.")
@Outcome(id = "0, 3", expect = Expect.ACCEPTABLE, desc = "After both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class RemoveMatchJcstress extends IndexUnderStress {

  private static final long[] LEFT = range(21, 24);

  /** Starts with all. */
  public RemoveMatchJcstress() {
    store(one, 0, 32);
  }

  /** Removes the tail, then the head. */
  @Actor
  public void engine() {
    remove(one, 24, 32);
    remove(one, 0, 21);
  }

  /**
   * Looks up all of it and what is left.
   *
   * @param result their depths
   */
  @Actor
  public void router(II_Result result) {
    result.r1 = depth(slotOne);
    result.r2 = depth(slotOne, LEFT);
  }
}
