package io.warmpath.index;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A look-up beside a removal from shared storage and a store at the endpoint: never all.
 */
@JCStressTest
@Outcome(id = ".*-1.*", expect = Expect.ACCEPTABLE_INTERESTING, desc = "Gave up, and counted.")
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "Before: the last is missing.")
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "After the removal.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A depth that was never true.")
@State
public class SharedRemovalMatchJcstress extends IndexUnderStress {

  private final int shared = index.holder(HolderKey.shared(0));

  /** Starts with all but the last in shared storage. */
  public SharedRemovalMatchJcstress() {
    storeInRuns(shared, 0, 31);
  }

  /** Removes the first from shared storage, then stores the last there. */
  @Actor
  public void engines() {
    remove(shared, 0, 1);
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
