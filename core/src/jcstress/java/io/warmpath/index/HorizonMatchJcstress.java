package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside the marks of an approximate holder that go because there are too many: in sixteen
 * runs, at one instant.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "16", expect = Expect.ACCEPTABLE, desc = "Before.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class HorizonMatchJcstress extends IndexUnderStress {

  private static final long[] OTHERS = {100};
  private final int two = index.holder(HolderKey.gpu(TWO));

  /** Starts with sixteen marks, as many as may be. */
  public HorizonMatchJcstress() {
    storeInRuns(two, 0, 16, 1);
    index.approximate(one, 16, 1 << 20);
    index.expect(one, CHAIN, 16, 0, 0);
  }

  /** Expects one more. */
  @Actor
  public void sender() {
    index.expect(one, OTHERS, OTHERS.length, 50_000, 0);
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
