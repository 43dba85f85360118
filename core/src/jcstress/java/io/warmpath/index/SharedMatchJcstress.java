package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Look-ups beside changes of shared storage, which goes on where an endpoint ends: never the beginning
 * from before and the end from after, nor for an endpoint without blocks.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "Before: the last is missing.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After the removal.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class SharedMatchJcstress extends IndexUnderStress {

  private final int shared = index.holder(HolderKey.shared(0));

  /** Starts with the first half at the endpoint, the rest but the last in shared storage. */
  public SharedMatchJcstress() {
    store(one, 0, 16);
    storeInRuns(shared, 16, 31);
  }

  /** Removes the first block from the endpoint, then stores the last in shared storage. */
  @Actor
  public void engines() {
    remove(one, 0, 1);
    store(shared, 31, 32);
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
