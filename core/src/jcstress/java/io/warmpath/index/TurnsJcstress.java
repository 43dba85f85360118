package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two stores at once: when both have returned, both are visible.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "32, 16", expect = Expect.ACCEPTABLE, desc = "Both.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class TurnsJcstress extends IndexUnderStress {

  private final int two = index.holder(HolderKey.gpu(TWO));
  private final int slotTwo = index.slot(TWO);

  /** Starts empty. */
  public TurnsJcstress() {
    now = 0;
  }

  /** Stores at one endpoint. */
  @Actor
  public void engine1() {
    store(one, 0, 32);
  }

  /** Stores at the other. */
  @Actor
  public void engine2() {
    store(two, 0, 16);
  }

  /**
   * Looks up at both.
   *
   * @param result the depths
   */
  @Arbiter
  public void after(II_Result result) {
    result.r1 = depth(slotOne);
    result.r2 = depth(slotTwo);
  }
}
